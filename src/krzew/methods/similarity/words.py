"""Polish words: what counts as one, its stem, and the terms under which it is found."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

WORD = re.compile(r"[^\W_]{2,}")
FLEETING_E = re.compile(r"(?<=[a-z]{2}[bcdfghjklmnprstwz])e([kc])$")
_STOP = """
aby albo ale bo by być czy dla do gdy gdzie ich jak jako jego jej jest jeśli już ku lub ma mają na nad nam
nas niż od oraz pod po przez przy są się sobie ta tak tam te tego tej ten to tu tych tym u we wraz za ze że
która które którego której który których którym
co coś je jeden jedna jedno jeszcze każda każde każdego każdej każdy kto ktoś między przed sam sama same sami
samo też także tylko więc żeby
"""
STOP = frozenset(_STOP.split())
"""Words without content. "nie" and "bez" are not among them: they turn a meaning round."""

VIEWS = (("stem", 1.0), ("bare", 0.5), ("piece", 0.15))
"""Ways in which a word is indexed, with their weights: its stem, the stem of the word typed without
diacritics, its four-letter pieces."""

PIECE = 4
Key = tuple[str, str]
"""One term: the view and the letters."""

_STEMMER = Stemmer.Stemmer("polish")


def fold(text: str) -> str:
    """Lower case without diacritics ("żółć" becomes "zolc")."""
    split = unicodedata.normalize("NFD", text.lower().replace("ł", "l"))
    return "".join(c for c in split if not unicodedata.combining(c))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a Polish word, folded after stemming."""
    return _joined(fold(_STEMMER.stemWord(word.lower())))


def _joined(stemmed: str) -> str:
    """Two habits of Polish that the stemmer leaves: żłobek and żłobka, bezdomność and bezdomny share a
    stem."""
    without_e = FLEETING_E.sub(r"\1", stemmed)
    return without_e.removesuffix("osc") if without_e.endswith("nosc") and len(without_e) > 6 else without_e


@lru_cache(maxsize=200_000)
def keys(word: str) -> tuple[Key, ...]:
    """The terms of one word, each with its view."""
    bare = fold(word)
    edged = f"_{bare}_"
    pieces = [("piece", edged[i : i + PIECE]) for i in range(max(len(edged) - PIECE + 1, 1))]
    return (
        ("stem", stem(word)),
        ("bare", _joined(fold(_STEMMER.stemWord(bare)))),
        *(pieces if len(bare) > 3 else ()),
    )


def stem_only(word: str) -> tuple[Key, ...]:
    """The single term of one word in plain BM25."""
    return (("stem", stem(word)),)


def negated(word: str) -> bool:
    """Whether the word begins with "nie": "niepełnosprawni" are never taken for "pełnosprawni"."""
    return word[:3].lower() == "nie"


def normal(text: str) -> str:
    """The text with composed letters: positions of words are counted in it."""
    return unicodedata.normalize("NFC", text)


def words_of(text: str) -> list[str]:
    """Words of a text as written, without those that say nothing."""
    return [w for w in WORD.findall(normal(text)) if w.lower() not in STOP]


def spans_of(text: str) -> list[tuple[int, int, str]]:
    """Words of `normal(text)` that say something: where each begins, where it ends, and the word."""
    found = ((m.start(), m.end(), m.group()) for m in WORD.finditer(text))
    return [(start, end, word) for start, end, word in found if word.lower() not in STOP]
