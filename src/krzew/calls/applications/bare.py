"""What of an application may stay when nobody may be recognised in it any more: pure functions on plain data.

Numbers, amounts, choices and places stay for statistics. Whatever somebody could have written freely goes, as do
dates (one may be a birthday) and all that is hidden from assessors. An answer that the rules of the call show to the
public with the results stays where a grant was awarded. Of an organisation its public registers' data stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from krzew.calls.applications.answers import APPLICANT
from krzew.calls.definition.form import ApplicationStage, FormField

COUNTED = frozenset({"number", "money", "yes_no", "choice", "choices", "place", "solution"})
REGISTERED = ("name", "nip", "regon", "krs")
ORGANISATIONS = ("organisation", "partnership")


def applicant(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing of a person; of an organisation what public registers say."""
    return {code: data[code] for code in REGISTERED if data.get(code)} if kind in ORGANISATIONS else {}


def answers(stage: ApplicationStage, given: Mapping[str, Any], *, public: bool) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for field in stage.fields:
        if field.code in given and _stays(field, public):
            kept[field.code] = given[field.code]
        elif field.kind == "plan" and isinstance(given.get(field.code), list):
            kept[field.code] = [{**row, "action": ""} for row in given[field.code]]
    return kept


def _stays(field: FormField, public: bool) -> bool:
    return not field.redact and (field.kind in COUNTED or (public and field.public))


def draft(stage: ApplicationStage, kind: str, given: Mapping[str, Any], *, public: bool) -> dict[str, Any]:
    """The answers as they were typed."""
    kept = answers(stage, given, public=public)
    if known := applicant(kind, given.get(APPLICANT) or {}):
        kept[APPLICANT] = known
    return kept


def content(stage: ApplicationStage, sent: Mapping[str, Any], *, public: bool, title: str) -> dict[str, Any]:
    """What was sent. Its first fingerprint stays beside it: whoever holds a copy can still prove that it is one."""
    return {
        **sent,
        "title": title,
        "applicant": applicant(sent["kind"], sent["applicant"]),
        "members": [member(row) for row in sent["members"]],
        "answers": answers(stage, sent["answers"], public=public),
        "files": [{**file, "name": "", "sha256": ""} for file in sent["files"]],
        **({"received_why": ""} if "received_why" in sent else {}),
        "anonymised": True,
    }


def member(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "name": "", "email": ""}


def untitled(value: Any, title: str) -> Any:
    """Plain data in which nothing is called so any more."""
    if isinstance(value, Mapping):
        said = {key: untitled(inner, title) for key, inner in value.items()}
        return said | {"title": "…"} if said.get("title") == title else said
    return [untitled(inner, title) for inner in value] if isinstance(value, list | tuple) else value
