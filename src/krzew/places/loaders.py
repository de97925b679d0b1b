"""Loading of the shipped tables: idempotent, whole or not at all, skipped when nothing changed."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from krzew.places.models import Change, Dataset, Indicator, Unit, UnitVersion, Value
from krzew.places.text import fold
from krzew.places.vocabulary import DATA, indicators, sources

BATCH = 5000
Progress = Callable[[str, int, int], None]  # what, done, of how many


@dataclass(frozen=True)
class LoadReport:
    """How many rows were written; nothing when the shipped tables were loaded before."""

    units: int = 0
    changes: int = 0
    indicators: int = 0
    values: int = 0
    skipped: bool = False


def rows_of(name: str) -> Iterator[dict[str, str]]:
    path = DATA / name
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if name.endswith(".gz")
        else path.open(encoding="utf-8") as file
    ):
        yield from csv.DictReader(file)


def tables() -> dict[str, Any]:
    """Rows and hashes of the shipped tables, and the files they were made from."""
    found: dict[str, Any] = json.loads((DATA / "tables.json").read_text(encoding="utf-8"))
    return found


@lru_cache
def shipped_hash() -> str:
    """Hash over every shipped table and the catalogue."""
    digest = hashlib.sha256()
    for name in ("tables.json", "indicators.toml", "sources.toml"):
        digest.update((DATA / name).read_bytes())
    return digest.hexdigest()


def load_all(progress: Progress | None = None, *, force: bool = False) -> LoadReport:
    """Load units, changes, catalogue and figures. Imported figures (BDL, OZPS, local) are left alone."""
    if not force and is_loaded():
        return LoadReport(skipped=True)
    tell = progress or (lambda what, done, of: None)
    with transaction.atomic():
        datasets = load_datasets()
        report = LoadReport(
            indicators=load_indicators(),
            units=load_units(tell),
            changes=load_changes(),
            values=load_values(datasets, tell),
        )
        count_rows()
        return report


def count_rows() -> None:
    """Let the database count what it holds: until then it plans as if the tables were empty."""
    with connection.cursor() as cursor:
        for model in (Unit, Value):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def is_loaded() -> bool:
    shipped = Dataset.objects.filter(kind=Dataset.Kind.SHIPPED, sha256=shipped_hash())
    return shipped.count() == len(sources())


def load_datasets() -> dict[str, Dataset]:
    result = {}
    for source in sources().values():
        facts = {"name": source.name_pl, "source": source.source, "licence": source.licence}
        facts |= {"vintage": source.vintage, "sha256": shipped_hash(), "kind": Dataset.Kind.SHIPPED}
        result[source.code], _new = Dataset.objects.update_or_create(code=source.code, defaults=facts)
    return result


def load_indicators() -> int:
    kept = ("level", "role", "need", "minimum", "maximum")
    rows = [
        Indicator(code=spec.code, position=n, **{name: getattr(spec, name) for name in kept})
        for n, spec in enumerate(indicators().values())
    ]
    write(Indicator, rows, unique=["code"], update=["position", *kept])
    return len(rows)


# --- units -----------------------------------------------------------------------------------


def load_units(tell: Progress) -> int:
    versions = list(rows_of("units.csv.gz"))
    settlement = {row.pop("code"): row for row in rows_of("settlement.csv.gz")}
    current = {row["code"]: row for row in versions}  # the last version of each code
    first = {row["code"]: row["valid_from"] for row in reversed(versions)}
    units = [unit_of(row, first[code], settlement.get(code, {})) for code, row in current.items()]
    units.sort(key=lambda unit: len(unit.code))  # parents first
    update = [f.name for f in Unit._meta.concrete_fields if not f.primary_key]
    write(Unit, units, unique=["code"], update=update)
    UnitVersion.objects.filter(unit__in=list(current)).delete()
    write(UnitVersion, [version_of(row) for row in versions])
    tell("units", len(units), len(units))
    return len(units)


def unit_of(row: dict[str, str], first: str, settlement: dict[str, str]) -> Unit:
    features = {k: float(v) for k, v in settlement.items() if k not in ("type", "city") and v}
    return Unit(
        **{name: row[name] for name in ("code", "level", "kind", "name", "code7")},
        name_key=fold(row["name"]),
        parent_id=row["parent"] or None,
        valid_from=first,
        valid_to=row["valid_to"] or None,
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        area_km2=number(row["area_km2"]),
        settlement=settlement.get("type", ""),
        large_city=settlement.get("city", ""),
        features=features,
    )


def version_of(row: dict[str, str]) -> UnitVersion:
    return UnitVersion(
        unit_id=row["code"],
        **{name: row[name] for name in ("name", "kind", "code7", "valid_from")},
        name_key=fold(row["name"]),
        valid_to=row["valid_to"] or None,
        area_km2=number(row["area_km2"]),
    )


def load_changes() -> int:
    rows = list(rows_of("changes.csv"))
    Change.objects.filter(unit__in=[row["code"] for row in rows]).delete()
    plain = ("change", "old", "new", "old_code7", "new_code7", "date_from", "date_to")
    write(
        Change,
        [
            Change(unit_id=row["code"], other_id=row["other"] or None, **{name: row[name] for name in plain})
            for row in rows
        ],
    )
    return len(rows)


# --- figures ---------------------------------------------------------------------------------


VALUE_FIELDS = (
    *("indicator_id", "unit_id", "dataset_id", "year", "value"),
    *("flag", "numerator", "denominator", "note", "source_code"),
)


def load_values(datasets: dict[str, Dataset], tell: Progress) -> int:
    Value.objects.filter(dataset__in=datasets.values()).delete()
    total = tables()["tables"]["values.csv.gz"]["rows"]
    keys = {code: datasets[spec.source].pk for code, spec in indicators().items()}
    rows = (value_row(row, keys[row["indicator"]]) for row in rows_of("values.csv.gz"))
    done = 0
    while batch := list(islice(rows, BATCH)):
        insert_values(batch)
        done += len(batch)
        tell("values", done, total)
    return done


def value_row(row: dict[str, str], dataset_id: int) -> tuple[Any, ...]:
    numbers = [number(row[name]) for name in ("value", "numerator", "denominator")]
    keys = (row["indicator"], row["code"], dataset_id, int(row["year"]))
    return (*keys, numbers[0], row["flag"], *numbers[1:], row["note"], "")


def insert_values(rows: list[tuple[Any, ...]]) -> None:
    """Plain rows in the order of VALUE_FIELDS: model instances would take five times as long."""
    name = connection.ops.quote_name
    table, columns = name(Value._meta.db_table), ", ".join(name(field) for field in VALUE_FIELDS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # one INSERT for each row would take ten times as long as COPY
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(VALUE_FIELDS))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608


def number(text: str) -> float | None:
    return float(text) if text else None


def write(
    model: type[models.Model], rows: Iterable[models.Model], unique: Any = None, update: Any = None
) -> None:
    """Insert in batches; with `unique` and `update` an existing row is renewed."""
    conflict = {"update_conflicts": True, "unique_fields": unique, "update_fields": update} if unique else {}
    model._default_manager.bulk_create(list(rows), batch_size=BATCH, **conflict)
