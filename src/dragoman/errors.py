"""Every error that Dragoman raises, as a tree.

DragomanError
├── UsageError                (ValueError)   the caller asked for something that cannot be
│   ├── UnknownSetting        (LookupError)
│   ├── InvalidSetting
│   ├── UnknownCode           (LookupError)  an ontology, country or sector code that does not exist
│   ├── PageToken                            a paging token is mangled or of another query
│   ├── Conflict                             it is so already, or cannot be as things stand
│   └── NotFound              (LookupError)  no record of that id
│       └── Gone                             an incident that was merged, split or withdrawn since
├── ExtraMissing              (ImportError)  a package that is not installed with the core; names the extra
├── InputError                (OSError)      an input path or file as a whole cannot be read
├── CredentialsError          (ValueError)   the file of credentials is open to others or wrong; no value is quoted
├── UsersError                (ValueError)   the file of users is open to others or wrong; no value is quoted
├── FeedsError                (ValueError)   the file of feeds is wrong; names file and feed
├── RulesError                (ValueError)   the file of alert rules is wrong; names file and rule
├── LessonError               (ValueError)   a type or an example to teach is wrong; names file and line
├── SpanMismatch              (ValueError)   a span does not quote its article
├── ModelError                (OSError)
│   ├── ModelMissing
│   ├── ModelAltered                         the digest is not the one on the card
│   ├── DeviceMissing                        the encoder cannot run where it was told to
│   ├── TaughtUnreadable                     the file of taught types is not one
│   └── TaughtStale                          the taught types belong to another encoder
├── GazetteerError            (OSError)
├── EngineError               (OSError)      the cluster cannot be reached, or gave a part of the input up
│   └── ShardBroken                          a file is no shard that this version wrote
├── TargetError               (OSError)      the server that a store is sent to cannot be reached, or refuses
│   ├── TargetBusy                           another export sends to the same schema
│   ├── TargetForeign                        the schema holds something else, or the copy of another store
│   └── TargetTooNew                         made by a newer Dragoman
├── RegistryError             (ValueError)   a row of an actor table is wrong; names file and line
└── StoreError                (OSError)
    ├── StoreLocked                          another process writes to the file
    ├── StoreForeign                         the file is not a Dragoman store
    ├── StoreTooNew                          written by a newer Dragoman
    └── StoreFull                            the disk is full; nothing was half written

An error is for a caller's or operator's mistake; a strange article is a ``Rejected`` record.
Every message says what is wrong with the value, where, what was expected and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable


class DragomanError(Exception):
    """Any error that Dragoman raises on purpose; ``code`` is stable and documented."""

    code = "dragoman_error"
    exit_status = 1


class UsageError(DragomanError, ValueError):
    """The caller asked for something that cannot be."""

    code = "usage"
    exit_status = 2


class UnknownSetting(UsageError, LookupError):
    """A setting of that name does not exist."""

    code = "unknown_setting"


class InvalidSetting(UsageError):
    """A setting's value is out of range or of the wrong kind."""

    code = "invalid_setting"


class UnknownCode(UsageError, LookupError):
    """A code that the ontology or the country table does not hold."""

    code = "unknown_code"


class PageToken(UsageError):
    """A paging token cannot be used: it is mangled, or it belongs to another query."""

    code = "page_token"


class Conflict(UsageError):
    """What is asked for is so already, or cannot be as the store stands."""

    code = "conflict"


class NotFound(UsageError, LookupError):
    """The store holds no record of that id."""

    code = "not_found"


class Gone(NotFound):
    """An incident of that id stood here once; ``current`` are those in which its events stand now."""

    code = "gone"

    def __init__(self, incident_id: str, current: Iterable[str]) -> None:
        self.current = tuple(current)
        now = (
            f"its events stand in {', '.join(self.current)}" if self.current else "its events were withdrawn"
        )
        super().__init__(f'the incident "{incident_id}" is no more: {now}.')


class ExtraMissing(DragomanError, ImportError):
    """A package is needed that does not come with the core of Dragoman."""

    code = "extra_missing"


class EngineError(DragomanError, OSError):
    """The cluster cannot be reached, or it gave a part of the input up."""

    code = "engine_failed"


class ShardBroken(EngineError):
    """A file is no shard that this version wrote."""

    code = "shard_broken"


class TargetError(DragomanError, OSError):
    """The server that a store is sent to cannot be reached, or it refuses; what was sent whole before is kept."""

    code = "target"


class TargetBusy(TargetError):
    """Another export sends to the same schema."""

    code = "target_busy"


class TargetForeign(TargetError):
    """The schema holds something else, or the copy of another store."""

    code = "target_foreign"


class TargetTooNew(TargetError):
    """The schema was made by a newer Dragoman."""

    code = "target_too_new"


class InputError(DragomanError, OSError):
    """An input as a whole cannot be read."""

    code = "unreadable_input"


class CredentialsError(DragomanError, ValueError):
    """The file of credentials is open to others or wrong."""

    code = "credentials"


class UsersError(DragomanError, ValueError):
    """The file of users is open to others or wrong."""

    code = "users"


class FeedsError(DragomanError, ValueError):
    """The file of feeds is wrong."""

    code = "feeds"


class RulesError(DragomanError, ValueError):
    """The file of alert rules is wrong."""

    code = "alert_rules"


class LessonError(DragomanError, ValueError):
    """A type or an example to teach is wrong."""

    code = "lesson"


class SpanMismatch(DragomanError, ValueError):
    """A span does not quote the text it points to."""

    code = "span_mismatch"


class ModelError(DragomanError, OSError):
    """The encoder cannot be used."""

    code = "model"


class ModelMissing(ModelError):
    """The encoder's file is not where it should be."""

    code = "model_missing"


class ModelAltered(ModelError):
    """The encoder's file is not the one its card describes."""

    code = "model_altered"


class DeviceMissing(ModelError):
    """The encoder cannot run where it was told to."""

    code = "device_missing"


class TaughtUnreadable(ModelError):
    """The file of taught types cannot be used."""

    code = "taught_unreadable"


class TaughtStale(ModelError):
    """The taught types were taught on another encoder."""

    code = "taught_stale"


class GazetteerError(DragomanError, OSError):
    """The table of places cannot be used."""

    code = "gazetteer"


class RegistryError(DragomanError, ValueError):
    """A row of an actor table is wrong."""

    code = "registry"


class StoreError(DragomanError, OSError):
    """The store cannot be read or written."""

    code = "store"


class StoreLocked(StoreError):
    """Another process has the store open for writing."""

    code = "store_locked"


class StoreForeign(StoreError):
    """The file exists and is not a Dragoman store."""

    code = "store_foreign"


class StoreTooNew(StoreError):
    """The store was written by a newer Dragoman."""

    code = "store_too_new"


class StoreFull(StoreError):
    """The disk is full; the transaction was undone."""

    code = "store_full"
