"""An agreement in words: what is lacking, its clauses, who has signed, what an annex changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krzew.trials.agreements import clauses, known
from krzew.trials.agreements.filling import DE_MINIMIS, Said, language_of, said, settings_of, shares
from krzew.trials.models import Agreement, Signature, Tranche
from krzew.trials.states import AgreementState
from krzew.ui.components import Cell, Column, Fact, Table, Tag, Task
from krzew.ui.differences import Piece, compare
from krzew.ui.formats import day, money

TONES = {
    AgreementState.DRAFT: "data",
    AgreementState.OFFERED: "clay",
    AgreementState.SIGNED: "leaf",
    AgreementState.REPLACED: "neutral",
    AgreementState.ENDED: "neutral",
    AgreementState.DROPPED: "neutral",
}


@dataclass(frozen=True)
class Shown:
    """A clause on the page: its words, where it comes from, whether it may be changed."""

    number: int
    clause: Said


@dataclass(frozen=True)
class Difference:
    label: str
    pieces: tuple[Piece, ...]


def tag(agreement: Agreement) -> Tag:
    state = AgreementState(agreement.state)
    return Tag(str(state.label), TONES[state])


def title(agreement: Agreement) -> str:
    """Its name, and for an annex its number."""
    name = agreement.get_kind_display()
    if agreement.annex_why:
        return _("Annex %(n)d: %(name)s") % {"n": agreement.number - 1, "name": name}
    return str(name)[:1].upper() + str(name)[1:]


def clauses_shown(agreement: Agreement) -> list[Shown]:
    try:
        made = shares(agreement)
    except ValueError:
        made = []
    rows = said(agreement, made)
    return [Shown(n, row) for n, row in enumerate(rows, 1)]


def left_out(agreement: Agreement) -> list[dict[str, Any]]:
    """Clauses that would stand in it if something were set."""
    here = {row.clause.code for row in clauses_shown(agreement)}
    return [row for row in agreement.content.get("clauses", []) if row["code"] not in here]


def facts(agreement: Agreement) -> list[Fact]:
    chosen = settings_of(agreement)
    rows = [Fact(_("Number of the agreement"), agreement.label or _("not given yet"))]
    if known.is_grant(agreement):
        rows.append(Fact(_("Amount"), money(agreement.amount, 2)))
        if agreement.own_contribution:
            rows.append(Fact(_("Own contribution"), money(agreement.own_contribution, 2)))
        rows.append(_basis_fact(chosen["basis"]))
        rows.append(Fact(_("Children in the test"), _answer(chosen["children"])))
        if chosen["de_minimis"]:
            rows.append(Fact(_("De minimis aid"), str(DE_MINIMIS[chosen["de_minimis"]])))
    if agreement.starts_on and agreement.ends_on:
        rows.append(Fact(_("From – to"), f"{day(agreement.starts_on)} – {day(agreement.ends_on)}"))
    if agreement.content_hash:
        rows.append(Fact(_("Fingerprint"), agreement.content_hash[:16]))
    if agreement.annex_why:
        rows.append(Fact(_("Why the annex"), agreement.annex_why))
    if agreement.ended_why:
        rows.append(Fact(_("Why it ended"), agreement.ended_why))
    return rows


def _basis_fact(code: str) -> Fact:
    chosen = clauses.basis(code)
    if chosen is None:
        return Fact(_("Legal basis"), _("not chosen yet"))
    language = "pl" if (get_language() or "pl").startswith("pl") else "en"
    text = ", ".join(part for part in (chosen.article, chosen.label[language]) if part)
    note = "" if chosen.verified else _("The wording was not compared with the act.")
    return Fact(_("Legal basis"), text, note=note)


def _answer(value: bool | None) -> str:
    return _("not said yet") if value is None else _("yes") if value else _("no")


def signatures(agreement: Agreement) -> list[Task]:
    """Who has signed and who is waited for."""
    return [_signature(row) for row in agreement.signatures.all()]


def _signature(row: Signature) -> Task:
    side = str(row.get_side_display())
    label = f"{row.name}, {row.role}" if row.role else row.name
    if row.signed_on is None:
        return Task(label, state="waiting", note=side)
    ways = {"paper": _("on paper"), "electronic": _("with an electronic signature"), "here": _("here")}
    signed = _("signed on %(day)s, %(way)s") % {"day": day(row.signed_on), "way": ways.get(row.way, "–")}
    return Task(label, state="done", note=f"{side}, {signed}")


def tranches(rows: Sequence[Tranche], agreement: Agreement) -> Table:
    columns = [
        Column("label", _("Tranche")),
        Column("amount", _("Amount"), "number"),
        Column("after", _("After the result")),
        Column("paid", _("Paid")),
    ]
    body = [_tranche(row, agreement) for row in rows]
    return Table(_("Tranches"), columns, body)


def _tranche(row: Tranche, agreement: Agreement) -> list[Any]:
    after = known.result_label(agreement, row.after) if row.after else _("at the beginning")
    paid = money(row.paid_amount, 2) if row.paid_on else None
    shown = Cell(paid, note=day(row.paid_on)) if paid else Cell(None, missing=_("not yet"))
    return [str(row), money(row.amount, 2), after, shown]


def plan(agreement: Agreement) -> Table:
    columns = [Column("action", _("What is done")), Column("cost", _("Cost"), "number")]
    rows = [[row["action"], money(Decimal(row["cost"]), 2)] for row in agreement.content.get("plan", [])]
    total = _("Together: %(sum)s") % {"sum": money(known.planned(agreement.content), 2)}
    return Table(_("Plan"), columns, rows, note=total if rows else "")


def differences(old: Agreement, new: Agreement) -> list[Difference]:
    """What an annex changes, word by word, in the order of the clauses."""
    before, after = _words(old), _words(new)
    labels = list(dict.fromkeys([*after, *before]))
    pairs = ((label, before.get(label, ""), after.get(label, "")) for label in labels)
    return [Difference(label, tuple(compare(was, now))) for label, was, now in pairs if was != now]


def _words(agreement: Agreement) -> dict[str, str]:
    return {row.clause.title: row.clause.text for row in clauses_shown(agreement)}


def language(agreement: Agreement) -> str:
    return language_of(agreement)
