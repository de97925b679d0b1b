"""Reading and writing the part of Turtle in which the thesaurus is kept (SKOS).

Prefixes, one subject with its predicates, strings with a language, prefixed names and addresses in angle brackets.
No blank nodes, collections or numbers: the thesaurus has none. The file is valid Turtle for any other tool.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from krzew.door.thesaurus.concepts import BASE, KINDS, PROBLEM, Concept

TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)
      |(?P<text>"(?:[^"\\\n]|\\.)*")(?:@(?P<lang>[a-z]{2,3}(?:-[A-Za-z0-9]+)*))?
      |(?P<iri><[^>\s]*>)
      |(?P<prefix>@prefix\b)
      |(?P<name>[A-Za-z][\w-]*:(?:[A-Za-z0-9_][\w-]*)?|:[A-Za-z0-9_][\w-]*|\ba\b|true|false)
      |(?P<mark>[.;,])""",
    re.VERBOSE,
)
ESCAPES = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\"}
OWN, SKOS = "krzew", "skos"


class BadTurtle(Exception):
    """The file cannot be read; the text names the line."""


def _tokens(text: str) -> Iterator[tuple[str, str, str, int]]:
    at, line = 0, 1
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise BadTurtle(f"line {line}: cannot read {text[at : at + 30]!r}")
        kind = match.lastgroup or ""
        if match["text"] is not None:
            yield "text", _unescaped(match["text"][1:-1]), match["lang"] or "", line
        elif kind != "skip":
            yield kind, match.group(), "", line
        line += match.group().count("\n")
        at = match.end()


def _unescaped(text: str) -> str:
    return re.sub(r"\\.", lambda m: ESCAPES.get(m.group(), m.group()[1:]), text)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _statements(text: str) -> Iterator[tuple[str, dict[str, list[tuple[str, str]]]]]:
    """Each subject with its predicates; each predicate with (value, language)."""
    part: list[tuple[str, str, str, int]] = []
    for token in _tokens(text):
        if token[:2] == ("mark", "."):
            if part and part[0][0] != "prefix":
                yield _statement(part)
            part = []
        else:
            part.append(token)
    if part:
        raise BadTurtle(f"line {part[0][3]}: the last statement has no full stop")


def _statement(part: list[tuple[str, str, str, int]]) -> tuple[str, dict[str, list[tuple[str, str]]]]:
    subject, name = part[0][1], ""
    values: dict[str, list[tuple[str, str]]] = {}
    expect = "predicate"
    for kind, value, language, line in part[1:]:
        if kind == "mark":
            expect = "predicate" if value == ";" else "value"
        elif expect == "predicate":
            name, expect = value, "value"
        elif expect == "value":
            values.setdefault(name, []).append((value, language))
            expect = "mark"
        else:
            raise BadTurtle(f"line {line}: a mark is missing before {value!r}")
    return subject, values


def read(text: str) -> list[Concept]:
    """The concepts of a file, in its order."""
    rows = _statements(text)
    return [_concept(_code(subject), values) for subject, values in rows if _is_concept(values)]


def _is_concept(values: dict[str, list[tuple[str, str]]]) -> bool:
    return any(value == "skos:Concept" for value, _language in values.get("a", []))


def _code(name: str) -> str:
    return name[1:-1].removeprefix(BASE) if name.startswith("<") else name.partition(":")[2]


def _concept(code: str, values: dict[str, list[tuple[str, str]]]) -> Concept:
    def said(name: str, language: str, prefix: str = SKOS) -> tuple[str, ...]:
        return tuple(value for value, lang in values.get(f"{prefix}:{name}", []) if lang == language)

    def codes(name: str) -> tuple[str, ...]:
        return tuple(_code(value) for value, _lang in values.get(name, []))

    kind = _first(values, f"{OWN}:kind") or PROBLEM
    if kind not in KINDS:
        raise BadTurtle(f"{code}: there is no kind {kind!r}")
    return Concept(
        code=code,
        kind=kind,
        label_pl=" ".join(said("prefLabel", "pl")[:1]),
        label_en=" ".join(said("prefLabel", "en")[:1]),
        alt_pl=said("altLabel", "pl"),
        alt_en=said("altLabel", "en"),
        hidden_pl=said("hiddenLabel", "pl"),
        hidden_en=said("hiddenLabel", "en"),
        hint_pl=said("hint", "pl", OWN),
        hint_en=said("hint", "en", OWN),
        broader=codes(f"{SKOS}:broader"),
        related=codes(f"{SKOS}:related"),
        facets=tuple(value for value, _lang in values.get(f"{OWN}:facet", [])),
        yields=_first(values, f"{OWN}:yields") == "true",
        scope_pl=" ".join(said("scopeNote", "pl")[:1]),
    )


def _first(values: dict[str, list[tuple[str, str]]], name: str) -> str:
    return values.get(name, [("", "")])[0][0]


# --- writing -----------------------------------------------------------------------------------
HEAD = f"""@prefix {SKOS}: <http://www.w3.org/2004/02/skos/core#> .
@prefix {OWN}: <{BASE}> .
"""


def written(concepts: Iterable[Concept], title_pl: str, title_en: str) -> str:
    """The file for these concepts; `read` gives them back."""
    scheme = f'{OWN}:scheme a {SKOS}:ConceptScheme ;\n  {SKOS}:prefLabel "{title_pl}"@pl, "{title_en}"@en .\n'
    return "\n".join([HEAD, scheme, *map(_block, concepts)])


def _block(concept: Concept) -> str:
    lines: list[tuple[str, list[str]]] = [
        ("a", [f"{SKOS}:Concept"]),
        (f"{SKOS}:inScheme", [f"{OWN}:scheme"]),
        (f"{SKOS}:notation", [_quoted(concept.code)]),
        (f"{OWN}:kind", [_quoted(concept.kind)]),
        (f"{OWN}:yields", ["true"] if concept.yields else []),
        (f"{SKOS}:prefLabel", _spoken((concept.label_pl,), (concept.label_en,))),
        (f"{SKOS}:altLabel", _spoken(concept.alt_pl, concept.alt_en)),
        (f"{SKOS}:hiddenLabel", _spoken(concept.hidden_pl, concept.hidden_en)),
        (f"{OWN}:hint", _spoken(concept.hint_pl, concept.hint_en)),
        (f"{SKOS}:broader", [f"{OWN}:{code}" for code in concept.broader]),
        (f"{SKOS}:related", [f"{OWN}:{code}" for code in concept.related]),
        (f"{OWN}:facet", [_quoted(facet) for facet in concept.facets]),
        (f"{SKOS}:scopeNote", _spoken((concept.scope_pl,), ())),
    ]
    body = [f"{name} {', '.join(values)}" for name, values in lines if values]
    return f"{OWN}:{concept.code} " + " ;\n  ".join(body) + " .\n"


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _spoken(polish: Iterable[str], english: Iterable[str]) -> list[Any]:
    return [f"{_quoted(t)}@pl" for t in polish if t] + [f"{_quoted(t)}@en" for t in english if t]
