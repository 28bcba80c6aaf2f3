"""Tell the language of a text.

In: the words of an article. Out: a language code with a probability. Clear English is known by its function words,
so that it never waits for the language model (half a second on the first call).
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Any, NamedTuple

from dragoman.clean.deferred import Deferred

SAMPLE_CHARS = 3000  # the model is as sure of these as of the whole article
CLEAR_SHARE = (
    0.22  # function words in English news: 0.3 to 0.5; in languages that share spellings: below 0.12
)
CLEAR_WORDS = 20
SHORT_WORDS = 6  # from here on that share of function words outweighs a model that holds English possible
SHORT_SHARE = 0.05  # of its best guess, at least
# Of its own words in Nigerian Pidgin, at least; two of them in any case. Both were set on 20,000 items of current events, of which 25 were
# rejected as Pidgin, wrongly, and on a few sentences of ours in it.
PIDGIN_SHARE = 0.05
SURE = 0.6  # below this the model guesses: names and headlines outweigh what they stand among
# On lines of two to six words the model spreads its guess over dozens of languages. English headlines written for this
# test had at least 0.39 of the best guess, other languages at most 0.1. Moving it loses English headlines (up) or
# admits short foreign ones (down); rerun the gate.
ENGLISH_SHARE_OF_BEST = 0.25

_WORDS = tomllib.loads(resources.files(__package__).joinpath("function_words.toml").read_text("utf-8"))
_ENGLISH = frozenset(_WORDS["english"])
_SHARED = frozenset(_WORDS["shared"])
_PIDGIN = frozenset(_WORDS["pidgin"])
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_py3langid = Deferred("py3langid.langid")


class Language(NamedTuple):
    """The likeliest language (ISO 639 code), how likely it is, and whether that is enough to say so."""

    code: str
    probability: float
    is_known: bool


def find_language(text: str) -> Language:
    """Return the language of a text.

    Example:
        >>> find_language("The drill began on Sunday. " * 5)
        Language(code='en', probability=1.0, is_known=True)
    """
    sample = text[:SAMPLE_CHARS]
    words = [word.casefold() for word in _WORD.findall(sample)]
    if not words:
        return Language("und", 0.0, False)
    english = sum(word in _ENGLISH for word in words)
    share = (english + sum(word in _SHARED for word in words)) / len(words)
    is_like_english = share >= CLEAR_SHARE and 3 * english >= 2 * share * len(words)
    if len(words) >= CLEAR_WORDS and is_like_english:
        return Language("en", 1.0, True)
    ranked = _identifier().rank(sample)
    if ranked[0][0] == "pcm" and not _is_pidgin(words):
        ranked = [(code, p) for code, p in ranked if code != "pcm"]
    code, probability = ranked[0]
    likely = dict(ranked).get("en", 0.0)
    if code != "en" and is_like_english and len(words) >= SHORT_WORDS and likely >= SHORT_SHARE * probability:
        return Language("en", round(likely, 3), True)
    plain = sum(word.isascii() for word in words)
    is_unsure = code != "en" and probability < SURE and 3 * plain >= 2 * len(words)
    if is_unsure and (likely >= ENGLISH_SHARE_OF_BEST * probability or english):
        return Language("en", round(likely, 3), True)
    return Language(code, round(probability, 3), code == "en" or probability >= SURE)


def _is_pidgin(words: Sequence[str]) -> bool:
    own = sum(word in _PIDGIN for word in words)
    return own >= max(2, PIDGIN_SHARE * len(words))


@functools.cache
def _identifier() -> Any:
    langid: Any = _py3langid.module
    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
