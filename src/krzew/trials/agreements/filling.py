"""Putting what is known into the open places of clauses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from krzew.calls.definition.testing import SettlementStage
from krzew.trials.agreements import clauses, known
from krzew.trials.agreements.money import split
from krzew.trials.models import Agreement
from krzew.ui.formats import day, money, percent

OPEN = re.compile(r"\{([a-z_]+)\}")
SETTINGS = {"basis": "", "children": None, "keeping_years": None, "return_days": None, "de_minimis": ""}
DE_MINIMIS = {
    "none": gettext_lazy("does not occur"),
    "within": gettext_lazy("occurs, within the limit"),
}
DE_MINIMIS_SAID = {
    "none": gettext_lazy("The grantee declares that the grant is no de minimis aid for the grantee."),
    "within": gettext_lazy(
        "The grantee declares that the grant is de minimis aid, and that with it the limit of such aid is not exceeded."
    ),
}
NAMES = frozenset(
    {
        "operator",
        "innovator",
        "title",
        "call",
        "starts",
        "ends",
        "tasks",
        "results",
        "amount",
        "own_contribution",
    }
    | {"tranches", "shift", "prices", "shortfall", "return_days", "licence", "keeping", "de_minimis"}
)


@dataclass(frozen=True)
class Share:
    """One tranche as it will be: to the grosz."""

    code: str
    label_pl: str
    label_en: str
    amount: Decimal
    after: str


@dataclass(frozen=True)
class Said:
    """A clause as it stands in the agreement."""

    code: str
    title: str
    text: str
    source: str
    verified: bool
    content: str
    editable: bool
    template: str


def language_of(agreement: Agreement) -> str:
    return str(agreement.content.get("language", "pl"))


def settings_of(agreement: Agreement) -> dict[str, Any]:
    return {**SETTINGS, **agreement.content.get("settings", {})}


def shares(agreement: Agreement, paid: Mapping[int, Decimal] | None = None) -> list[Share]:
    """The tranches of the programme applied to the amount. Raises `ValueError` when it cannot be divided."""
    stage = known.grant_stage(agreement.innovation.call.rules)
    if stage is None or agreement.amount is None or not known.is_grant(agreement):
        return []
    amounts = split(agreement.amount, [t.share for t in stage.tranches], paid)
    return [
        Share(t.code, t.label.pl, t.label.en, amount, t.after or "")
        for t, amount in zip(stage.tranches, amounts, strict=True)
    ]


def said(agreement: Agreement, made: Sequence[Share]) -> list[Said]:
    """The clauses that stand in the agreement: frozen ones as they were, otherwise filled with what is known."""
    language = language_of(agreement)
    with override(language):
        values = _values(agreement, made)
        chosen = clauses.basis(settings_of(agreement)["basis"])
        rows = []
        for clause in agreement.content.get("clauses", []):
            if clause["when"] and not values.get(clause["when"]):
                continue
            text = clause.get("text") or fill(clause["template"], values)
            source, verified = clauses.source(clause, chosen, language)
            rows.append(_said(clause, text, source, verified))
    return rows


def _said(clause: Mapping[str, Any], text: str, source: str, verified: bool) -> Said:
    return Said(
        clause["code"],
        clause["title"],
        text,
        clause.get("said_source", source),
        clause.get("said_verified", verified),
        clause["content"],
        clause["editable"],
        clause["template"],
    )


def fill(template: str, values: Mapping[str, str]) -> str:
    """Known names are filled; what is not known yet is a line to write on."""
    return OPEN.sub(lambda found: values.get(found[1]) or "………", template)


def unknown(template: str) -> list[str]:
    """Names in braces that nothing fills: most likely a slip of the pen."""
    return [name for name in OPEN.findall(template) if name not in NAMES]


def _values(agreement: Agreement, made: Sequence[Share]) -> dict[str, str]:
    innovation, chosen = agreement.innovation, settings_of(agreement)
    rules = innovation.call.rules
    found = {
        "operator": innovation.call.programme.organisation.name,
        "innovator": _listed(known.innovator_lines(innovation)),
        "title": innovation.title,
        "call": innovation.call.name,
        "starts": day(agreement.starts_on) if agreement.starts_on else "",
        "ends": day(agreement.ends_on) if agreement.ends_on else "",
        "children": "x" if chosen["children"] else "",
    }
    if not known.is_grant(agreement):
        return found
    years, days = chosen["keeping_years"], chosen["return_days"]
    return found | {
        "tasks": _tasks(agreement),
        "results": _listed([_result(row, language_of(agreement)) for row in _results(agreement)]),
        "de_minimis": str(DE_MINIMIS_SAID.get(chosen["de_minimis"], "")),
        "amount": money(agreement.amount, 2) if agreement.amount is not None else "",
        "own_contribution": _own(agreement),
        "tranches": _tranches(agreement, made),
        "licence": agreement.licence,
        "keeping": ngettext("%(n)d year", "%(n)d years", years) % {"n": years} if years else "",
        "return_days": _return(days),
        **_of_rules(known.grant_stage(rules), known.terms(rules)),
    }


def _results(agreement: Agreement) -> list[dict[str, Any]]:
    return list(agreement.content.get("results", []))


def _own(agreement: Agreement) -> str:
    return money(agreement.own_contribution, 2) if agreement.own_contribution else _("none")


def _result(row: Mapping[str, Any], language: str) -> str:
    """A result, and the day by which its report comes."""
    label, due = str(row[f"label_{language}"]), due_of(row)
    return ", ".join([label, _("report by %(day)s") % {"day": day(due)}]) if due else label


def due_of(row: Mapping[str, Any]) -> date | None:
    """The day by which the report on a result comes; none where the agreement sets none."""
    return date.fromisoformat(row["due"]) if row.get("due") else None


def _return(days: int | None) -> str:
    if not days:
        return _("set in the call for return")
    return ngettext("%(n)d day from the call for return", "%(n)d days from the call for return", days) % {
        "n": days
    }


def _listed(rows: Sequence[str]) -> str:
    return "\n".join(f"– {row}" for row in rows)


def _tasks(agreement: Agreement) -> str:
    lines = [
        f"{row['action']} ({money(Decimal(row['cost']), 2)})" for row in agreement.content.get("plan", [])
    ]
    return _listed(lines)


def _tranches(agreement: Agreement, made: Sequence[Share]) -> str:
    language = language_of(agreement)
    labels = {row["code"]: row[f"label_{language}"] for row in _results(agreement)}
    lines = []
    for share in made:
        label = share.label_pl if language == "pl" else share.label_en
        when = (
            _("after: %(result)s") % {"result": labels.get(share.after, share.after)} if share.after else ""
        )
        lines.append(", ".join(part for part in (f"{label}: {money(share.amount, 2)}", when) if part))
    return _listed(lines)


def _of_rules(stage: Any, rules: SettlementStage | None) -> dict[str, str]:
    shift = stage.shift_without_consent if stage else None
    found = {"shift": percent(shift, None) if shift else ""}
    if rules is None:
        return found
    return found | {"prices": _prices(rules), "shortfall": _shortfall(rules)}


def _prices(rules: SettlementStage) -> str:
    lines = [
        _("%(what)s: at most %(amount)s") % {"what": what, "amount": money(most, 2)}
        for what, most in rules.price_ceilings.items()
    ]
    return _listed(lines + [_("not covered: %(what)s") % {"what": what} for what in rules.not_eligible])


def _shortfall(rules: SettlementStage) -> str:
    lines = []
    if rules.full_from is not None:
        lines.append(
            _("Achieved in %(percent)s or more: nothing is returned.")
            % {"percent": percent(rules.full_from, None)}
        )
    if rules.full_from is not None or rules.none_below is not None:
        lines.append(_("Achieved in a smaller part: the share that was not achieved is returned."))
    if rules.none_below is not None:
        lines.append(
            _("Achieved in less than %(percent)s: the whole grant is returned.")
            % {"percent": percent(rules.none_below, None)}
        )
    return " ".join(lines)


def frozen(agreement: Agreement, made: Sequence[Share]) -> dict[str, Any]:
    """The content as it is offered: every clause in its final words, with all that the signatures cover."""
    by_code = {row.code: row for row in said(agreement, made)}
    rows = []
    for clause in agreement.content["clauses"]:
        stands = by_code.get(clause["code"])
        if stands is not None:
            said_ = {"text": stands.text, "said_source": stands.source, "said_verified": stands.verified}
            rows.append({**clause, **said_})
        else:
            rows.append(clause)
    signing = [[row.side, row.name, row.role] for row in agreement.signatures.all()]
    money_ = {name: str(getattr(agreement, name)) for name in ("amount", "own_contribution")}
    dates = {name: str(getattr(agreement, name)) for name in ("starts_on", "ends_on")}
    tranches = [[share.code, str(share.amount), share.after] for share in made]
    kept = {**agreement.content, "clauses": rows, "settings": settings_of(agreement)}
    about = {"label": agreement.label, "number": agreement.number, "licence": agreement.licence}
    return {**kept, "offered": {**about, **money_, **dates, "tranches": tranches, "signing": signing}}


def thawed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a draft again: open places instead of final words."""
    gone = ("text", "said_source", "said_verified")
    rows = [{key: value for key, value in row.items() if key not in gone} for row in content["clauses"]]
    return {**{key: value for key, value in content.items() if key != "offered"}, "clauses": rows}


def day_after(days: int | None, start: Any) -> Any:
    """The last day for a return, or nothing where no time is set."""
    return start + timedelta(days=days) if days else None
