"""Hiding what would identify a person, before a text is kept or counted.

Ages, places, diagnoses and kinship stay: without them a need says nothing. Masking twice changes nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from krzew.door.finding.names import is_surname_like, names
from krzew.door.finding.result import Mask, Masked
from krzew.door.finding.words import STOP
from krzew.methods.similarity import fold

LABELS = {
    "email": "[e-mail]",
    "account": "[nr konta]",
    "pesel": "[PESEL]",
    "nip": "[NIP]",
    "phone": "[telefon]",
    "document": "[nr dokumentu]",
    "address": "[adres]",
    "postal_code": "[kod]",
    "link": "[link]",
    "name": "[imię]",
}
MOST_PASSES = 6
_SEP = r"[ \t\u00a0.\-–—/()]*"
_DIGIT = r"[0-9oO]"
_CAPITAL = r"[A-ZĄĆĘŁŃÓŚŹŻ]"
_NAME_WORD = rf"{_CAPITAL}\w+"

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "email",
        re.compile(
            r"[\w.+-]+\s?(?:@|\(at\)|\[at\]|\(małpa\)|\bmałpa\b)\s?[\w-]+\s?\.\s?[\w-]+"
            r"(?:\.[\w-]+|\s?\.\s?(?:pl|com|org|net|eu|info)\b)*",  # not the sentence that follows
            re.I,
        ),
    ),
    ("link", re.compile(r"(?:https?://|www\.)\S+|(?:facebook|instagram|fb)\.com/\S+", re.I)),
    ("account", re.compile(rf"(?<![\w])(?:PL)?(?:\d{_SEP}){{26}}(?!\d)", re.I)),
    (
        "nip",
        re.compile(r"(?<![\d-])\d{3}-\d{3}-\d{2}-\d{2}(?![\d-])|(?<![\d-])\d{3}-\d{2}-\d{2}-\d{3}(?![\d-])"),
    ),
    ("phone", re.compile(rf"(?<![\w+])(?:\+|00)\s?48{_SEP}(?:{_DIGIT}{_SEP}){{8}}{_DIGIT}(?![0-9])")),
    ("phone", re.compile(rf"(?<!\w)(?:\+|00)\d{{1,3}}{_SEP}(?:\d{_SEP}){{7,11}}\d(?!\d)")),
    ("pesel", re.compile(r"(?<![\d])(?!48[ -]?\d{3}[ -])(?:\d[ -]?){10}\d(?!\d)")),
    ("phone", re.compile(rf"(?<![\w])48{_SEP}(?:{_DIGIT}{_SEP}){{8}}{_DIGIT}(?![0-9])")),
    ("nip", re.compile(r"(?<=\bNIP)\W{0,3}(?:\d[ -]?){9}\d(?!\d)|(?<!\d)\d{10}(?!\d)", re.I)),
    ("phone", re.compile(rf"(?<![\w+])\(?{_DIGIT}{_SEP}(?:{_DIGIT}{_SEP}){{7}}{_DIGIT}(?![0-9])")),
    (
        "phone",
        re.compile(
            rf"(?<=\btel)\.?\W{{0,3}}(?:{_DIGIT}[ -]?){{6,8}}{_DIGIT}(?!\d)"
            rf"|(?<=\btelefon)\W{{0,3}}(?:{_DIGIT}[ -]?){{6,8}}{_DIGIT}(?!\d)"
            rf"|(?<=\bnumer)\W{{0,3}}(?:{_DIGIT}[ -]?){{6,8}}{_DIGIT}(?!\d)",
            re.I,
        ),
    ),
    ("document", re.compile(r"(?<!\w)[A-Z]{3}\s?\d{6}(?!\d)|(?<!\w)[A-Z]{2}\s?\d{7}(?!\d)")),
    (
        "address",
        re.compile(
            r"(?<!\w)(?:ul|al|pl|os)\.?\s+(?:\w+\.?\s+){0,3}?\w+\.?\s+\d+\s?[a-z]?(?:\s?[/m.]+\s?\d+[a-z]?)?(?!\d)"
            r"|(?<!\w)(?:ulic[aęyą]|ulicy|alej[aęiąe]|osiedl[eau]|plac[u]?)\s+(?:\w+\s+){0,2}?\w+\s+\d+\s?[a-z]?"
            r"(?:\s?[/m.]+\s?\d+[a-z]?)?(?!\d|\s*(?:lat|km|zł|osób|godz))",
            re.I,
        ),
    ),
    (
        "address",
        re.compile(rf"(?<!\w){_NAME_WORD}(?:\s+{_NAME_WORD})?\s+\d+\s?[a-zA-Z]?\s?(?:/|m\.?)\s?\d+(?!\d)"),
    ),
    ("address", re.compile(r"(?<=\bpod numerem)\s+\d+[a-z]?|(?<=\bpod nr)\.?\s+\d+[a-z]?", re.I)),
    ("postal_code", re.compile(r"(?<![\d-])\d{2}-\d{3}(?![\d-])")),
)

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_SAID = re.compile(
    r"(?:nazywam si[eę]|nazywa si[eę]|nazywaj[aą] si[eę]|mam na imi[eę]|ma na imi[eę]|na imi[eę]"
    r"(?: (?:mi|mu|jej|ma|mam))?|o imieniu|o nazwisku|nazwisko|imi[eę] i nazwisko|my name is|called"
    r"|podpisan[aoy]|z powa[zż]aniem|pozdrawiam)\W{1,4}$",
    re.I,
)
_AM = re.compile(r"(?<!\w)(?:jestem|tu|tutaj|i am|i'm|z tej strony|pisze|piszę|dzwoni)\s+$", re.I)
_TITLE = re.compile(
    r"(?<!\w)(?:pan|pani|pana|panu|panem|panią|pania|państwo|państwa|panie|pań|doktor|doktora|doktorowi|dr|dr\.|mgr|"
    r"ks\.|ksiądz|księdza|księdzu|profesor|profesora|mecenas|mecenasa|sołtys|wójt|burmistrz|rodzina|rodziny|rodzinie"
    r"|mr|mrs|ms|miss)\.?\s+$",
    re.I,
)
_KIN = re.compile(
    r"(?<!\w)(?:syn\w{0,4}|synek|córk\w{1,3}|córecz\w+|corc?\w{0,4}|mąż|męż\w+|maz|mez\w+|żon\w{1,3}|zon\w{1,3}|brat\w{0,5}"
    r"|siostr\w{1,3}|siostrz\w+|mam[aęąyo]|tat[aęąyo]|babci\w{0,3}|dziad\w{1,5}|cioci\w{0,3}|wuj\w{0,4}|wnu\w{1,5}|koleg\w{1,3}"
    r"|koleżank\w{1,3}|sąsiad\w{0,5}|przyjaci\w+|partner\w{0,4}|chłopak\w{0,4}|dziewczyn\w{1,3}|teść|teści\w*|teściow\w+"
    r"|ojciec|ojc\w{1,3}|matk\w{1,3}|dziecko|niejak\w+|nasz\w{0,4}|mój|moja|mojego|mojej|son|daughter|husband|wife|brother"
    r"|sister)\s+$",
    re.I,
)
_OFFICES = """
dyrektor dyrektorka wojt burmistrz prezes kierownik kierowniczka marszalek starosta soltys prezydent minister premier
radny radna pedagog doktor posel poslanka mecenas redaktor sedzia pan pani bog boga bogiem bogu jezus jezu panstwo
profesor ksiadz polak polka polakiem polki ukrainka ukrainiec mama tata babcia
"""
_FUNCTIONS = frozenset(_OFFICES.split())


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    kind: str


def without_masks(text: str) -> str:
    """The text without "[telefon]" and the like: nobody said these words, so nobody is understood by them."""
    for label in LABELS.values():
        text = text.replace(label, " ")
    return text


def mask(text: str) -> Masked:
    """The text with masks in place of what would identify a person, and what was masked, in its order."""
    current, origin = text, list(range(len(text) + 1))
    found: list[Mask] = []
    for _pass in range(MOST_PASSES):
        spans = _apart([*_patterned(current), *_named(current)], current)
        if not spans:
            break
        found += [Mask(span.kind, origin[span.start], origin[span.end]) for span in spans]
        current, origin = _replaced(current, origin, spans)
    return Masked(current, tuple(sorted(found, key=lambda m: (m.start, m.end))))


def _replaced(text: str, origin: list[int], spans: list[_Span]) -> tuple[str, list[int]]:
    parts, places, at = [], [], 0
    for span in spans:
        label = LABELS[span.kind]
        parts += [text[at : span.start], label]
        places += origin[at : span.start] + [origin[span.start]] * len(label)
        at = span.end
    return "".join([*parts, text[at:]]), places + origin[at:]


def _apart(spans: list[_Span], text: str) -> list[_Span]:
    """Spans in order, none inside a mask that stands there already, none over another; neighbours of one name
    become one."""
    taken = [(m.start(), m.end()) for m in re.finditer("|".join(map(re.escape, LABELS.values())), text)]
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if any(span.start < end and start < span.end for start, end in taken):
            continue
        if kept and span.start < kept[-1].end:
            continue
        if kept and _is_same_name(kept[-1], span, text):
            kept[-1] = _Span(kept[-1].start, span.end, "name")
            continue
        kept.append(span)
    return kept


def _is_same_name(first: _Span, second: _Span, text: str) -> bool:
    between = text[first.end : second.start]
    return first.kind == second.kind == "name" and between.strip(" \u00a0") == ""


def _patterned(text: str) -> Iterator[_Span]:
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            while start < end and text[start] in " .,:;\n\t\u00a0":
                start += 1
            while end > start and text[end - 1] in " .,:;-–(\n\t\u00a0":
                end -= 1
            if kind != "phone" or sum(c.isdigit() for c in text[start:end]) >= 5:
                yield _Span(start, end, kind)


# --- names -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str
    bare: str

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper() and not self.text.isupper()

    @property
    def is_written_large(self) -> bool:
        return self.text[0].isupper()


def _named(text: str) -> Iterator[_Span]:
    words = [_Word(m.start(), m.end(), m.group(), fold(m.group())) for m in WORD.finditer(text)]
    for i, word in enumerate(words):
        before = text[: word.start]
        after = words[i + 1] if i + 1 < len(words) and _touch(text, word, words[i + 1]) else None
        if _SAID.search(before[-40:]):
            yield from _introduced(word, after, words[i + 2] if i + 2 < len(words) else None, text)
        elif _is_name(word, after, before):
            yield _Span(word.start, word.end, "name")
            if after and _is_surname_after(after, word):
                yield _Span(after.start, after.end, "name")
        elif _is_surname(word, words[i - 1] if i and _touch(text, words[i - 1], word) else None, before):
            yield _Span(word.start, word.end, "name")


def _touch(text: str, first: _Word, second: _Word) -> bool:
    return text[first.end : second.start].strip(" \u00a0\t") == ""


def _introduced(word: _Word, after: _Word | None, third: _Word | None, text: str) -> Iterator[_Span]:
    """ "Nazywam się …": whatever follows is a name, and the next word when it looks like one."""
    if word.bare in STOP or (word.bare in _FUNCTIONS and not word.is_written_large):
        return
    yield _Span(word.start, word.end, "name")
    if after is None or not _is_surname_after(after, word):
        return
    yield _Span(after.start, after.end, "name")
    if third is not None and _touch(text, after, third) and third.is_capital and third.bare not in STOP:
        yield _Span(third.start, third.end, "name")


def _is_surname_after(after: _Word, first: _Word) -> bool:
    """Whether the word after a first name goes on with the name."""
    if after.bare in STOP or after.bare in _FUNCTIONS:
        return False
    if first.is_written_large and after.is_written_large:
        return True
    return after.bare in names().surnames or is_surname_like(after.bare) or after.bare in names().first


def _is_name(word: _Word, after: _Word | None, before: str) -> bool:
    known = word.bare in names().first
    if known and word.bare not in names().nouns:
        if word.is_written_large:
            return True
        near = _AM.search(before[-30:]) or _KIN.search(before[-30:]) or _TITLE.search(before[-30:])
        return bool(near) or (after is not None and _is_known_surname(after))
    if known:
        return _is_noun_a_name(word, after, before)
    if _AM.search(before[-30:]) and word.is_capital and after is not None and after.is_capital:
        return word.bare not in _FUNCTIONS and after.bare not in STOP
    return False


def _is_known_surname(word: _Word) -> bool:
    return (word.bare in names().surnames and word.bare not in names().nouns) or word.bare.endswith(
        ("ska", "ski", "cka", "cki", "skiego", "skiej", "wicz")
    )


def _is_noun_a_name(word: _Word, after: _Word | None, before: str) -> bool:
    """ "Róża" inside a sentence or before a surname; "róża" never."""
    if not word.is_capital:
        return bool(after is not None and _is_known_surname(after) and after.is_capital)
    inside = bool(before.strip()) and before.rstrip()[-1:] not in ".!?…\n:"
    return inside or bool(_KIN.search(before[-30:])) or (after is not None and after.is_capital)


def _is_surname(word: _Word, previous: _Word | None, before: str) -> bool:
    """A surname by itself: a common one with a capital letter, or one after "pan", "pani" or kin."""
    if _TITLE.search(before[-30:]) and word.is_capital:
        return word.bare not in _FUNCTIONS and word.bare not in STOP
    if word.bare in names().surnames:
        if word.bare not in names().nouns:
            return word.is_written_large or bool(_AM.search(before[-30:]))
        return word.is_capital and bool(_AM.search(before[-30:]) or _KIN.search(before[-30:]))
    if _KIN.search(before[-30:]) and word.is_capital:
        return is_surname_like(word.bare)
    return False
