"""Papers of an innovation in the demonstration: agreements, the specification at its gates, settlement, money."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from krzew.demo.ways import Way
from krzew.trials.acts import agreements, settlement, specification
from krzew.trials.journey import grant_in_force
from krzew.trials.models import Agreement, ResultReport, SpecificationVersion
from krzew.trials.queries import specification as queries
from krzew.trials.states import VersionState

MONTH = timedelta(days=30)


# --- agreements --------------------------------------------------------------------------------------


def cooperate(way: Way) -> None:
    _conclude(way, agreements.write(way.nina, way.now, "cooperation"), settings={})


def entrust(way: Way) -> None:
    """The grant agreement: the plan of the accepted specification stands in it already."""
    settings = {"basis": "act_2022", "children": way.text["children"], "keeping_years": 5}
    _conclude(way, agreements.write(way.nina, way.now, "agreement"), settings=settings)


def _conclude(way: Way, agreement: Agreement, settings: dict[str, Any]) -> None:
    today = timezone.localdate()
    kept = {name: getattr(agreement, name) for name in ("amount", "own_contribution", "licence")}
    data = kept | {
        "label": f"{agreement.pk}/{today.year}",
        "starts_on": today,
        "ends_on": today + 12 * MONTH,
    }
    people = [
        (s.side, way.text["signs"] if s.side == "innovator" else s.name, s.role)
        for s in agreement.signatures.all()
    ]
    agreements.save_data(
        way.nina, agreement, seen=agreement.revision, data=data, settings=settings, people=people
    )
    agreements.offer(way.nina, agreement)
    _sign(way, agreement)


def _sign(way: Way, agreement: Agreement) -> None:
    """The incubator on paper, the innovator here."""
    for row in agreement.signatures.all():
        if row.side == "innovator":
            agreements.sign(way.author, agreement, row, typed=row.name, seen_hash=agreement.content_hash)
        else:
            agreements.note_signature(way.nina, agreement, row, on=timezone.localdate(), way="paper")


# --- specification -----------------------------------------------------------------------------------


def send_preliminary(way: Way) -> None:
    _send(way, "preliminary", way.text["preliminary"])


def send_full(way: Way) -> None:
    _send(way, "full", way.text["full"] | {"schedule": _schedule(way)})


def send_weak(way: Way) -> None:
    """A first version, whose plan of the test says too little."""
    weak = {"test_plan": way.text["gate"]["first_plan"], "schedule": _schedule(way)}
    _send(way, "full", way.text["full"] | weak)


def _schedule(way: Way) -> list[dict[str, str]]:
    start = timezone.localdate()
    return [
        {
            "phase": phase,
            "action": action,
            "start": (start + timedelta(days=first)).isoformat(),
            "end": (start + timedelta(days=last)).isoformat(),
            "cost": str(cost),
        }
        for phase, action, first, last, cost in way.text["money"]["schedule"]
    ]


def _send(way: Way, code: str, answers: dict[str, Any]) -> None:
    row = way.now
    gate = specification.gate_of(row, code)
    seen = queries.specification(row).revision
    kept = specification.save(way.author, row, gate, answers, seen=seen)
    specification.send(way.author, way.now, gate, seen=kept.revision)


def remark(way: Way) -> None:
    """Marta says what the plan of the test lacks."""
    row = way.now
    gate = specification.gate_of(row, "full")
    field = "risks" if "first_plan" not in way.text["gate"] else "test_plan"
    specification.remark(way.marta, row, gate, field, way.text["gate"]["remark"])


def dealt_with(way: Way) -> None:
    for row in way.now.remarks.all():
        specification.settle_remark(way.author, row)


def accept(way: Way) -> None:
    _decide(way, VersionState.ACCEPTED, way.text["gate"]["accepted"])


def give_back(way: Way) -> None:
    _decide(way, VersionState.RETURNED, way.text["gate"]["returned"])


def _decide(way: Way, outcome: str, reason: str) -> None:
    version = SpecificationVersion.objects.get(innovation=way.key, state=VersionState.SENT)
    specification.decide(way.nina, version, outcome=outcome, criteria={}, reason=reason)


# --- results and money -------------------------------------------------------------------------------


def report(code: str) -> Any:
    """The innovator reports on a result: what was done, and what each line of the plan has cost."""

    def send(way: Way) -> None:
        row, text = way.now, way.text["money"]
        made = settlement.begin_report(way.author, row, code)
        lines = [line["line"] for line in made.declared]
        spent = {line: Decimal(cost) for line, cost in zip(lines, text[code], strict=True)}
        said = {name: text[f"{code}_{name}"] for name in ("done", "evidence")}
        settlement.save_report(way.author, row, made, seen=0, achieved=Decimal(100), spent=spent, **said)
        made.refresh_from_db()
        settlement.send(way.author, row, made, seen=made.revision, stated=True)

    return send


def take(code: str) -> Any:
    """The team accepts the result; both sides sign the protocol."""

    def accept_result(way: Way) -> None:
        made = ResultReport.objects.get(agreement__innovation=way.key, result=code)
        assert made.amount is not None
        numbers = {"achieved": Decimal(100), "accepted": made.amount, "to_return": Decimal(0)}
        protocol = settlement.accept(way.nina, made, text=way.text["money"]["protocol"], **numbers)
        today = timezone.localdate()
        settlement.note_protocol(way.nina, protocol, side="operator", name="Nina Naborska", on=today)
        seen = protocol.content_hash
        settlement.sign_protocol(way.author, way.now, protocol, name=way.text["signs"], seen_hash=seen)

    return accept_result


def pay(code: str) -> Any:
    def paid(way: Way) -> None:
        agreement = grant_in_force(way.now)
        assert agreement is not None
        tranche = agreement.tranches.get(code=code)
        settlement.pay(way.nina, tranche, on=timezone.localdate(), amount=tranche.amount)

    return paid
