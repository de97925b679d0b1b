"""Typed access to the catalogues in `data/*.toml`: needs, groups, domains, indicators and the rest.

Codes are the contract between rooms; names exist in both languages and are picked by the active one.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import get_language

DATA = Path(__file__).resolve().parent / "data"
T = TypeVar("T", bound="Entry")


def by_language(entry: object, name: str) -> str:
    """Text of `name` in the active language: Polish for Polish, English for every other one."""
    language = "pl" if (get_language() or "pl").startswith("pl") else "en"
    return str(getattr(entry, f"{name}_{language}"))


@dataclass(frozen=True, kw_only=True)
class Entry:
    code: str
    name_pl: str = ""
    name_en: str = ""
    description_pl: str = ""
    description_en: str = ""

    @property
    def name(self) -> str:
        return by_language(self, "name")

    @property
    def description(self) -> str:
        return by_language(self, "description")


@dataclass(frozen=True, kw_only=True)
class Need(Entry):
    theme: str = ""
    domains: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group(Entry):
    act: str = ""  # where the act of 2022 names the group; empty for the further groups


@dataclass(frozen=True, kw_only=True)
class Domain(Entry):
    point: int = 0


@dataclass(frozen=True, kw_only=True)
class Holder(Entry):
    short: str = ""
    level: str = "gmina"


@dataclass(frozen=True, kw_only=True)
class Source(Entry):
    source: str = ""
    licence: str = ""
    vintage: str = ""
    retrieved: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SettlementType(Entry):
    rule_pl: str = ""
    rule_en: str = ""

    @property
    def rule(self) -> str:
        return by_language(self, "rule")


@dataclass(frozen=True, kw_only=True)
class Feature(Entry):
    definition_pl: str = ""
    definition_en: str = ""


@dataclass(frozen=True, kw_only=True)
class Reason(Entry):
    text_pl: str = ""
    text_en: str = ""

    @property
    def text(self) -> str:
        return by_language(self, "text")


@dataclass(frozen=True, kw_only=True)
class IndicatorSpec(Entry):
    """One indicator of the catalogue; the head of `indicators.toml` explains the fields."""

    definition_pl: str = ""
    definition_en: str = ""
    unit_pl: str = ""
    unit_en: str = ""
    decimals: int = 1
    direction: int = 0
    role: str = "context"
    level: str = "gmina"
    need: str = ""
    theme: str = ""
    weight: float = 0.0
    goalposts: tuple[float, float] | None = None
    goalposts_basis: str = ""
    small_count: bool = False
    scale: float = 1.0
    numerator_pl: str = ""
    numerator_en: str = ""
    denominator_pl: str = ""
    denominator_en: str = ""
    source: str = ""
    citation: str = ""
    vintage: str = ""
    years: tuple[int, ...] = ()
    holder: str = ""
    minimum: float | None = None
    maximum: float | None = None
    bdl_variable_id: int | None = None
    sentence_pl: str = ""
    sentence_en: str = ""

    @property
    def definition(self) -> str:
        return by_language(self, "definition")

    @property
    def unit(self) -> str:
        return by_language(self, "unit")

    @property
    def sentence(self) -> str:
        return by_language(self, "sentence")

    @property
    def is_local(self) -> bool:
        """No public value is shipped: an institution on the spot holds it."""
        return not self.years

    @property
    def is_scored(self) -> bool:
        return self.role in ("diagnostic", "feasibility")

    @property
    def place_theme(self) -> str:
        """Section of the place page."""
        if self.theme:
            return self.theme
        return needs()[self.need].theme if self.need in needs() else "resources"


def _tuples(raw: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}


def _read(kind: type[T], file: str, table: str) -> dict[str, T]:
    rows = tomllib.loads((DATA / file).read_text(encoding="utf-8"))[table]
    known = {f.name for f in fields(kind)}
    for row in rows:
        if unknown := set(row) - known:
            raise ValueError(f"{file}: {row.get('code')}: unknown {', '.join(sorted(unknown))}")
    return {row["code"]: kind(**_tuples(row)) for row in rows}


@lru_cache
def needs() -> dict[str, Need]:
    return _read(Need, "needs.toml", "needs")


@lru_cache
def feasibility() -> dict[str, Need]:
    """Conditions for acting (money, partners, scale); never averaged with needs."""
    return _read(Need, "needs.toml", "feasibility")


@lru_cache
def groups() -> dict[str, Group]:
    return _read(Group, "groups.toml", "groups")


@lru_cache
def domains() -> dict[str, Domain]:
    return _read(Domain, "domains.toml", "domains")


@lru_cache
def themes() -> dict[str, Entry]:
    return _read(Entry, "themes.toml", "themes")


@lru_cache
def holders() -> dict[str, Holder]:
    return _read(Holder, "holders.toml", "holders")


@lru_cache
def reasons() -> dict[str, Reason]:
    return _read(Reason, "reasons.toml", "reasons")


@lru_cache
def sources() -> dict[str, Source]:
    return _read(Source, "sources.toml", "sources")


@lru_cache
def settlement_types() -> dict[str, SettlementType]:
    return _read(SettlementType, "settlement.toml", "types")


@lru_cache
def features() -> dict[str, Feature]:
    return _read(Feature, "settlement.toml", "features")


@lru_cache
def indicators() -> dict[str, IndicatorSpec]:
    return _read(IndicatorSpec, "indicators.toml", "indicators")
