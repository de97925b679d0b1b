"""What is known before an agreement is written: the parties, the plan, the rules. Nothing is typed twice."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krzew.calls.definition import Definition
from krzew.calls.definition.form import ApplicationStage, FormField
from krzew.calls.definition.testing import AgreementStage, SettlementStage
from krzew.calls.models import ApplicationVersion
from krzew.calls.present.applications import applicant_facts
from krzew.trials.models import Agreement, AgreementKind, Innovation
from krzew.trials.states import VersionState


def grant_stage(rules: Definition) -> AgreementStage | None:
    return next((s for s in rules.stages if isinstance(s, AgreementStage)), None)


def terms(rules: Definition) -> SettlementStage | None:
    """The rules of settlement; a programme may have none."""
    return next((s for s in rules.stages if isinstance(s, SettlementStage)), None)


def last_sent(innovation: Innovation) -> ApplicationVersion | None:
    """The application as it was sent last."""
    return innovation.application.versions.last() if innovation.application else None


def plan_of(innovation: Innovation) -> list[dict[str, str]]:
    """Lines of the plan: of the newest accepted specification, otherwise of the application."""
    accepted = [v for v in innovation.specifications.all() if v.state == VersionState.ACCEPTED]
    for version in reversed(accepted):
        plans = [row["code"] for row in version.content.get("fields", []) if row.get("kind") == "plan"]
        found = _lines(version.content.get("answers", {}), plans)
        if found:
            return found
    sent, form = last_sent(innovation), innovation.call.rules.form
    return _lines(sent.content["answers"], _plans(form)) if sent and form else []


def _plans(form: ApplicationStage) -> list[str]:
    fields: tuple[FormField, ...] = form.fields
    return [field.code for field in fields if field.kind == "plan"]


def _lines(answers: Mapping[str, Any], plans: list[str]) -> list[dict[str, str]]:
    rows = [row for code in plans for row in answers.get(code) or []]
    return [{"line": str(n), "action": row["action"], "cost": row["cost"]} for n, row in enumerate(rows, 1)]


def planned(content: Mapping[str, Any]) -> Decimal:
    """The sum of the plan of an agreement."""
    return sum((Decimal(row["cost"]) for row in content.get("plan", [])), Decimal("0.00"))


def innovator_lines(innovation: Innovation) -> list[str]:
    """The innovator's side as the application says it: one fact in a line."""
    sent = last_sent(innovation)
    if sent is None:
        return [part for part in (innovation.innovator, innovation.email) if part]
    said = sent.content
    facts = applicant_facts(said["kind"], said["applicant"], said["members"])
    return [f"{fact.label}: {', '.join(fact.values)}" for fact in facts]


def signers(innovation: Innovation) -> list[tuple[str, str, str]]:
    """Who signs: side, name, role. Every partner and member of a group signs too."""
    sent = last_sent(innovation)
    applicant = sent.content["applicant"] if sent else {}
    name = applicant.get("representative") or applicant.get("name") or innovation.innovator
    found = [
        ("operator", innovation.call.programme.organisation.name, ""),
        ("innovator", name[:200] or _("the innovator"), ""),
    ]
    members = sent.content["members"] if sent else []
    return found + [("partner", row["name"][:200], "") for row in members if not row["is_contact"]]


def is_grant(agreement: Agreement) -> bool:
    return agreement.kind == AgreementKind.GRANT


def result_label(agreement: Agreement, code: str) -> str:
    """The name of a result in the language of the page."""
    return label_in(agreement.content, code)


def label_in(content: Mapping[str, Any], code: str) -> str:
    name = "label_pl" if (get_language() or "pl").startswith("pl") else "label_en"
    return next((str(row[name]) for row in content.get("results", []) if row["code"] == code), code)
