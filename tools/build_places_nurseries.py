"""Nurseries and children's clubs of the ministry's register by gmina. The register has no TERYT code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

COLUMNS = "id type voivodeship powiat gmina locality post geo places enrolled kpo fers fee adapted suspended"


def read_nurseries(root: Path) -> pd.DataFrame:
    table = pd.read_csv(root / "places/nurseries_2025-09-17.csv", sep=";", dtype=str)
    table.columns = pd.Index(COLUMNS.split())
    for column in ("places", "enrolled", "fee"):
        table[column] = pd.to_numeric(table[column])
    return table


def match_nursery(row: Any, names: dict[tuple[str, str, str], dict[str, str]]) -> str | None:
    """Code by voivodeship, powiat and name; the locality decides between a town and its namesake."""
    city = row.powiat[:1].isupper()  # a city with powiat rights: its districts are named as gminas
    gmina = row.powiat if city else row.gmina
    found = names.get((row.voivodeship.lower(), row.powiat, gmina), {})
    if len(found) < 2:
        return next(iter(found.values()), None)
    locality, _, what = row.locality.partition(", ")
    town = what == "miasto" or (not what and locality == gmina)
    return found["urban" if town else "rural"]


def build_nurseries(root: Path, gminas: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    table = read_nurseries(root)
    names: dict[tuple[str, str, str], dict[str, str]] = {}
    for code, g in gminas.iterrows():
        names.setdefault((g.wojewodztwo, g.powiat, g.nazwa), {})[g.kind] = str(code)
    table["code"] = [match_nursery(row, names) for row in table.itertuples()]
    active = table[table.code.notna() & (table.suspended == "NIE")]
    groups = active.groupby("code")
    sums = groups.agg(institutions=("id", "count"), places=("places", "sum"), enrolled=("enrolled", "sum"))
    sums["enrolled"] = groups.enrolled.agg(lambda s: s.sum(min_count=1))
    sums["places_stated"] = active[active.enrolled.notna()].groupby("code").places.sum()
    sums["enrolled_unknown"] = groups.enrolled.agg(lambda s: int(s.isna().sum()))
    sums["fee_median"] = groups.fee.median()
    sums["adapted"] = groups.adapted.agg(lambda s: int((s == "TAK").sum()))
    full = sums.reindex(gminas.index)
    counts = ["institutions", "places", "places_stated", "adapted", "enrolled_unknown"]
    full[counts] = full[counts].fillna(0).astype(int)
    full["enrolled"] = full.enrolled.where(full.institutions > 0, 0)
    report = {
        "institutions": len(table),
        "unmatched": int(table.code.isna().sum()),
        "suspended_left_out": int((table.suspended == "TAK").sum()),
        "places_suspended": int(table.places[table.suspended == "TAK"].sum()),
        "places_counted": int(full.places.sum()),
        "enrolled_not_stated": int(full.enrolled_unknown.sum()),
    }
    return full, report
