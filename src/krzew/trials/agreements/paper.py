"""An agreement and a protocol of acceptance as PDF/UA-1. All words travel as data, never as markup."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.calls.decisions_protocol import pdf
from krzew.trials.agreements import known
from krzew.trials.agreements.filling import language_of, said, shares
from krzew.trials.models import Agreement, Protocol
from krzew.ui.formats import day, money, percent


def agreement_pdf(agreement: Agreement) -> bytes:
    """The agreement in its own language, with a place for every signature."""
    with override(language_of(agreement)):
        return pdf(_agreement(agreement))


def _agreement(agreement: Agreement) -> dict[str, Any]:
    try:
        made = shares(agreement)
    except ValueError:
        made = []
    rows = said(agreement, made)
    title = str(agreement.get_kind_display())
    return {
        "language": language_of(agreement),
        "title": title[:1].upper() + title[1:],
        "subtitle": agreement.innovation.title,
        "facts": _facts(agreement),
        "sections": [_section(f"§ {n}. {row.title}", row.text) for n, row in enumerate(rows, 1)]
        + [*_annex(agreement)],
        "signatures": [_signing(row) for row in agreement.signatures.all()],
        "footer": f"{agreement.innovation.call.programme.organisation.name} · {_print(agreement)}",
    }


def _section(title: str, text: str, table: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"title": title, "text": [line for line in text.split("\n") if line], "table": table}


def _print(agreement: Agreement) -> str:
    return agreement.content_hash[:16] or _("draft")


def _facts(agreement: Agreement) -> list[list[str]]:
    rows = [[_("Number of the agreement"), agreement.label or "………"]]
    if agreement.amount is not None:
        rows.append([_("Amount"), money(agreement.amount, 2)])
    if agreement.starts_on and agreement.ends_on:
        rows.append([_("From – to"), f"{day(agreement.starts_on)} – {day(agreement.ends_on)}"])
    if agreement.annex_why:
        rows.append([_("Why the annex"), agreement.annex_why])
    return [*rows, [_("Fingerprint"), agreement.content_hash or _("draft")]]


def _signing(row: Any) -> str:
    name = f"{row.name}, {row.role}" if row.role else row.name
    side = f"{row.get_side_display()}: {name}"
    return f"{side} ({_signed_on(row.signed_on)})" if row.signed_on else side


def _signed_on(on: date) -> str:
    return _("signed on %(day)s") % {"day": day(on)}


def _annex(agreement: Agreement) -> list[dict[str, Any]]:
    """The plan with its costs as a table."""
    plan = agreement.content.get("plan", [])
    if not plan:
        return []
    rows = [[row["line"], row["action"], money(Decimal(row["cost"]), 2)] for row in plan]
    rows.append(["", _("Together"), money(known.planned(agreement.content), 2)])
    head = [_("No."), _("What is done"), _("Cost")]
    title = _("Plan and costs")
    table = {"head": head, "rows": rows, "numeric": [2], "widths": [1, 6, 2], "caption": title}
    return [_section(title, "", table)]


def protocol_pdf(protocol: Protocol) -> bytes:
    """The protocol of acceptance of one result."""
    agreement = protocol.report.agreement
    with override(language_of(agreement)):
        return pdf(_protocol(protocol, agreement))


def _protocol(protocol: Protocol, agreement: Agreement) -> dict[str, Any]:
    report = protocol.report
    facts = [
        [_("Agreement"), agreement.label or str(agreement)],
        [_("Which result"), known.result_label(agreement, report.result)],
        [_("Achieved"), percent(protocol.achieved, None)],
        [_("Accepted"), money(protocol.accepted, 2)],
        [_("To return"), money(protocol.to_return, 2)],
        [_("Fingerprint"), protocol.content_hash],
    ]
    sections = [
        _section(_("What was done"), report.done),
        _section(_("How one can see it"), report.evidence),
        _section(_("Declared expenditure"), _("Declared to be true by the innovator."), _spent(report)),
    ]
    if protocol.text:
        sections.append(_section(_("Remarks"), protocol.text))
    return {
        "language": language_of(agreement),
        "title": _("Protocol of acceptance"),
        "subtitle": agreement.innovation.title,
        "facts": facts,
        "sections": sections,
        "signatures": _signed(protocol),
        "footer": agreement.innovation.call.programme.organisation.name,
    }


def _spent(report: Any) -> dict[str, Any]:
    head = [_("What is done"), _("Planned"), _("Spent")]
    rows = [
        [row["action"], money(Decimal(row["planned"]), 2), money(Decimal(row["spent"] or 0), 2)]
        for row in report.declared
    ]
    rows.append([_("Together"), "", money(report.amount, 2)])
    caption = _("Declared expenditure")
    return {"head": head, "rows": rows, "numeric": [1, 2], "widths": [5, 2, 2], "caption": caption}


def _signed(protocol: Protocol) -> list[str]:
    found = []
    for label, name, on in (
        (_("For the incubator"), protocol.operator_name, protocol.operator_signed_on),
        (_("For the innovator"), protocol.innovator_name, protocol.innovator_signed_on),
    ):
        signed = f": {name}, {_signed_on(on)}" if on else ""
        found.append(label + signed)
    return found
