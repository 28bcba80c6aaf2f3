"""How much may come out of one input, and what watches over it.

In: the caller's limits. Out: ``Limits`` that every reader keeps to, and the news that one was passed.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 10_000_000  # the largest saved news pages have about 5 MB, most of it scripts
# Web archives unpack to 4 to 6 times their size, tables of text to 3 to 20 times; what is made to fill a disk unpacks
# to 1000 times and more.
MAX_RATIO = 100
RATIO_FREE_BYTES = 10_000_000  # below this a high ratio does no harm: a file of blank lines is no attack
MAX_UNPACKED_BYTES = 100_000_000_000
MAX_MEMBERS = 100_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read.

    ``max_bytes`` bounds one article or row, ``max_ratio`` unpacked against packed bytes, ``max_unpacked_bytes`` what
    comes out of one input in all, ``max_members`` the files in an archive.
    """

    max_bytes: int = MAX_BYTES
    max_ratio: int = MAX_RATIO
    max_unpacked_bytes: int = MAX_UNPACKED_BYTES
    max_members: int = MAX_MEMBERS


class Refused(Exception):
    """An input is refused; ``reason`` is one of ``REASONS``, the message says what is wrong with it."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def check_unpacked(packed: int, unpacked: int, limits: Limits) -> None:
    """Check that a packed input does not unpack too far.

    Raises:
        Refused: It does.
    """
    if unpacked > limits.max_unpacked_bytes:
        raise Refused("unpacks_too_far", f"it unpacks to more than {limits.max_unpacked_bytes} bytes")
    if unpacked > RATIO_FREE_BYTES and unpacked > limits.max_ratio * max(packed, 1):
        raise Refused(
            "unpacks_too_far", f"it unpacks to more than {limits.max_ratio} times its size ({packed} bytes)"
        )
