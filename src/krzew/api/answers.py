"""From rows and catalogues to what the API answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from krzew.diagnosis import engine
from krzew.diagnosis.models import Diagnosis
from krzew.diagnosis.outline import outline
from krzew.diagnosis.result import load
from krzew.library.models import Solution
from krzew.methods import METHOD_VERSION
from krzew.places.groups import comparison_group as group_of
from krzew.places.matrix import data_version
from krzew.places.models import Unit, Value
from krzew.places.vocabulary import Entry, IndicatorSpec, sources


def text(entry: object, name: str) -> dict[str, str]:
    return {"pl": str(getattr(entry, f"{name}_pl")), "en": str(getattr(entry, f"{name}_en"))}


def entries(found: Mapping[str, Entry]) -> list[dict[str, Any]]:
    return [{"code": entry.code, "name": text(entry, "name")} for entry in found.values()]


def place(unit: Unit) -> dict[str, Any]:
    fields = (
        "code",
        "level",
        "kind",
        "name",
        "code7",
        "valid_from",
        "valid_to",
        "lon",
        "lat",
        "area_km2",
        "settlement",
    )
    return {**{name: getattr(unit, name) for name in fields}, "parent": unit.parent_id}


def place_detail(unit: Unit) -> dict[str, Any]:
    changes = [
        {
            "change": c.change,
            "other": c.other_id,
            "old": c.old,
            "new": c.new,
            "date_from": c.date_from,
            "date_to": c.date_to,
        }
        for c in unit.changes.all()
    ]
    return {**place(unit), "versions": list(unit.versions.all()), "changes": changes}


def indicator(spec: IndicatorSpec) -> dict[str, Any]:
    source = sources().get(spec.source)
    return {
        **{
            n: getattr(spec, n)
            for n in ("code", "decimals", "direction", "role", "level", "need", "vintage", "holder")
        },
        **{name: text(spec, name) for name in ("name", "definition", "unit")},
        "goalposts": spec.goalposts,
        "source": source.source if source else spec.citation,
        "licence": source.licence if source else "",
        "years": list(spec.years),
    }


def value(row: Value) -> dict[str, Any]:
    fields = ("year", "value", "flag", "numerator", "denominator")
    answer = {name: getattr(row, name) for name in fields}
    return {**answer, "place": row.unit_id, "indicator": row.indicator_id, "source": row.dataset.source}


def solution(row: Solution) -> dict[str, Any]:
    version = row.current
    assert version is not None, "public solutions have a current version"
    card = version.card
    return {
        "slug": row.slug,
        "kind": row.kind,
        "version": version.number,
        "published_at": version.published_at,
        "name": {"pl": card["name_pl"], "en": card["name_en"]},
        "summary": {"pl": card["summary_pl"], "en": card["summary_en"]},
        "evidence_level": version.evidence_level,
        "needs": [need["code"] for need in card["needs"]],
        "groups": card["groups"],
        "domains": card["domains"],
    }


def solution_detail(row: Solution) -> dict[str, Any]:
    assert row.current is not None
    return {
        **solution(row),
        "content_hash": row.current.content_hash,
        "withdrawn": row.is_withdrawn,
        "withdrawn_reason": row.withdrawn_reason,
        "card": row.current.card,
    }


def comparison_group(unit: Unit) -> dict[str, Any]:
    rows = group_of(unit.code).rows if unit.is_gmina else ()
    units = Unit.objects.in_bulk([row.code for row in rows])
    neighbours = [
        {"code": row.code, "name": units[row.code].name, "distance": row.distance, "borrowed": row.borrowed}
        for row in rows
    ]
    return {
        "place": unit.code,
        "settlement": unit.settlement,
        "data_version": data_version(),
        "method_version": METHOD_VERSION,
        "neighbours": neighbours,
    }


def diagnosis_summary(row: Diagnosis) -> dict[str, Any]:
    return {
        "id": row.pk,
        "place": row.place_id,
        "place_name": row.place.name,
        "organisation": row.organisation.name,
        "signed_at": row.signed_at,
    }


def signed_diagnosis(row: Diagnosis) -> dict[str, Any]:
    result = load(row.snapshot.content)
    choice = result.decision
    # The name of the person who signed stays inside; the organisation answers for the diagnosis.
    decision = (
        {"solutions": list(choice.slugs), "departs": choice.departs, "reason": choice.reason}
        if choice
        else None
    )
    head = {
        "id": row.pk,
        "signed_at": row.signed_at,
        "organisation": row.organisation.name,
        "decision": decision,
    }
    return {**head, **outline(result)}


def computed_diagnosis(unit: Unit) -> dict[str, Any]:
    head = {"id": None, "signed_at": None, "organisation": "", "decision": None}
    return {**head, **outline(engine.compute_place(unit.code))}
