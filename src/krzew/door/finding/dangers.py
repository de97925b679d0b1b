"""Words of danger bring telephone numbers first. Nothing here may fail silently: an error shows every number."""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from krzew.door.finding import danger_rules as rules
from krzew.door.finding.result import Danger, Number
from krzew.door.finding.words import latin, normal

log = logging.getLogger(__name__)
FILE = Path(__file__).parent / "data" / "numbers.toml"
REPEATED = re.compile(r"([^\W\d_])\1{2,}")
GAPS = re.compile(r"[ \t\u00a0]+")
# Kept in code as well, so that a broken file cannot hide them.
ALWAYS = ("112", "800 70 2222", "116 123", "116 111", "800 12 12 12", "800 120 002")


def dangers(text: str, *, language: str = "pl") -> tuple[Danger, ...]:
    """Words of danger in a text, Polish or English; never raises.

    When the rules themselves fail, one danger of the kind "unknown" with all the numbers comes back.
    """
    try:
        found = _found(_plain(text))
        return tuple(_danger(kind, words, language) for kind, words in found.items())
    except Exception as error:
        log.error("The rules of danger failed: %s", type(error).__name__)  # never the text
        return (everything(language),)


def everything(language: str = "pl") -> Danger:
    """Every number, for when nothing can be said."""
    try:
        return _danger(rules.UNKNOWN, (), language)
    except Exception:
        return Danger(rules.UNKNOWN, "", tuple(Number(n, "", "", "", "") for n in ALWAYS))


def _plain(text: str) -> str:
    """Lower case without diacritics, spaced letters closed, "nieeee" as "nie"."""
    plain = latin(normal(text)).replace("’", "'")
    return GAPS.sub(" ", REPEATED.sub(r"\1", plain))


def _found(plain: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {kind: list(_met(plain, kind)) for kind in rules.KINDS}
    for kind, word in _misspelt(plain):
        found[kind].append(word)
    serious = found[rules.SUICIDE] or found[rules.VIOLENCE]
    if serious and not found[rules.CHILD] and (minor := rules.MINOR.search(plain)):
        found[rules.CHILD].append(minor.group())
    return {kind: tuple(dict.fromkeys(words))[:5] for kind, words in found.items() if words}


def _met(plain: str, kind: str) -> Iterator[str]:
    for rule in rules.COMPILED[kind]:
        for match in rule.finditer(plain):
            if rule is rules.HIT_RULE and _is_harmless(plain, match):
                continue
            if match.group() == rules.SINCE and rules.ENGLISH.search(plain):
                continue
            yield match.group().strip()


def _is_harmless(plain: str, match: re.Match[str]) -> bool:
    """ "Serce mi bije", "bić rekordy": words near that make it something else."""
    around = plain[max(0, match.start() - 12) : match.end() + 14]
    return bool(rules.HARMLESS.search(around))


def _misspelt(plain: str) -> Iterator[tuple[str, str]]:
    for word in set(re.findall(r"[a-z]{6,}", plain)):
        for stem, kind in rules.LONG_STEMS.items():
            if word[0] == stem[0] and begins_like(word, stem):
                yield kind, word


def begins_like(word: str, stem: str) -> bool:
    """Whether a word begins with a stem, one letter missing, added, changed or swapped."""
    return any(
        _one_apart(word[:n], stem) for n in (len(stem) - 1, len(stem), len(stem) + 1) if len(word) >= n
    )


def _one_apart(first: str, second: str) -> bool:
    if first == second:
        return True
    if len(first) == len(second):
        apart = [i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
        swapped = len(apart) == 2 and apart[1] == apart[0] + 1
        if swapped:
            i, j = apart
            return first[i] == second[j] and first[j] == second[i]
        return len(apart) == 1
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    return len(longer) == len(shorter) + 1 and any(
        longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))
    )


# --- numbers -----------------------------------------------------------------------------------
@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _danger(kind: str, words: tuple[str, ...], language: str) -> Danger:
    lang = "en" if language == "en" else "pl"
    title = next((row[f"title_{lang}"] for row in _data()["kind"] if row["code"] == kind), "")
    rows = [row for row in _data()["number"] if kind == rules.UNKNOWN or kind in row["kinds"]]
    return Danger(kind, title, tuple(_number(row, lang) for row in rows), words)


def _number(row: dict[str, Any], language: str) -> Number:
    return Number(
        number=row["number"],
        name=row[f"name_{language}"],
        who=row[f"who_{language}"],
        source=row["source"],
        as_of=row["as_of"],
    )
