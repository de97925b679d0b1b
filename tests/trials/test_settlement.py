"""Settlement by results: no money before the protocol, shortfalls, returns, the money of a call."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.timeline.transitions import Transition, mermaid
from krzew.trials.acts import agreements, innovations
from krzew.trials.acts import settlement as acts
from krzew.trials.acts.steps import Conflict, fresh
from krzew.trials.agreements import money as sums
from krzew.trials.models import Agreement, Innovation, Refund, ResultReport, Tranche
from krzew.trials.present import settlement as present
from krzew.trials.queries import money
from krzew.trials.queries import settlement as queries
from krzew.trials.states import AGREEMENT, REPORT, InnovationState, ReportState
from krzew.trials.views.money import harmless
from tests.trials import agreements_factory as make
from tests.trials import factory

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
As = Callable[[Actor], Client]
DOCS = Path(__file__).parents[2] / "docs" / "flows"
NOBODY = Actor.anonymous()


@pytest.fixture
def agreed(make_innovation: Make, manager: Actor) -> tuple[Innovation, str, Agreement]:
    """An innovation with its grant agreement in force."""
    innovation, token = make.ready(make_innovation)
    agreement = make.concluded(manager, innovation)
    return fresh(innovation.pk), token, agreement


def again(innovation: Innovation) -> Innovation:
    return queries.whole(innovation)


def written(innovation: Innovation, code: str = "phase_one", **said: Any) -> ResultReport:
    report = acts.begin_report(NOBODY, fresh(innovation.pk), code)
    values: dict[str, Any] = {"done": "Odbyło się 12 spotkań.", "evidence": "Lista spotkań."}
    values |= {"achieved": Decimal(100), "spent": {"1": Decimal("20000.00"), "2": Decimal("5000.00")}}
    return acts.save_report(NOBODY, innovation, report, seen=0, **(values | said))


def sent(innovation: Innovation, code: str = "phase_one", **said: Any) -> ResultReport:
    report = written(innovation, code, **said)
    return acts.send(NOBODY, innovation, report, seen=report.revision, stated=True)


def settled(manager: Actor, innovation: Innovation, code: str = "phase_one", **said: Any) -> ResultReport:
    """Accepted as declared and signed by both."""
    report = sent(innovation, code, **said)
    assert report.achieved is not None
    assert report.amount is not None
    protocol = acts.accept(
        manager,
        report,
        achieved=report.achieved,
        accepted=report.amount,
        to_return=acts.proposed_return(report, report.achieved),
        text="",
    )
    today = timezone.localdate()
    acts.note_protocol(manager, protocol, side="operator", name="Ewa Wymyślona", on=today)
    acts.sign_protocol(NOBODY, innovation, protocol, name="Anna Zmyślona", seen_hash=protocol.content_hash)
    return report


def tranche(agreement: Agreement, code: str) -> Tranche:
    return agreement.tranches.select_related("agreement__innovation__call__programme").get(code=code)


def test_a_payment_before_the_protocol_is_refused(
    agreed: tuple[Innovation, str, Agreement], manager: Actor
) -> None:
    innovation, _token, agreement = agreed
    today = timezone.localdate()
    acts.pay(manager, tranche(agreement, "first"), on=today, amount=Decimal("32000.00"))
    second = tranche(agreement, "second")
    with pytest.raises(ValidationError, match=r"faza I|phase I"):
        acts.pay(manager, second, on=today, amount=second.amount)
    report = sent(innovation)
    protocol = acts.accept(
        manager,
        report,
        achieved=Decimal(100),
        accepted=Decimal("25000.00"),
        to_return=Decimal(0),
        text="",
    )
    acts.note_protocol(manager, protocol, side="operator", name="Ewa", on=today)
    with pytest.raises(ValidationError):
        acts.pay(manager, tranche(agreement, "second"), on=today, amount=second.amount)
    acts.sign_protocol(NOBODY, innovation, protocol, name="Anna Z.", seen_hash=protocol.content_hash)
    with pytest.raises(ValidationError):
        acts.pay(manager, tranche(agreement, "second"), on=today, amount=second.amount + sums.GROSZ)
    acts.pay(manager, tranche(agreement, "second"), on=today, amount=second.amount)
    with pytest.raises(ValidationError):
        acts.pay(manager, tranche(agreement, "second"), on=today, amount=second.amount)
    assert money.balance(money.fresh(innovation.pk)).paid == Decimal("40000.00")


def test_a_report_is_sent_whole_and_declared_true(agreed: tuple[Innovation, str, Agreement]) -> None:
    innovation, _token, _agreement = agreed
    report = written(innovation, evidence="", spent={"1": Decimal(1), "2": None})
    with pytest.raises(ValidationError) as refused:
        acts.send(NOBODY, innovation, report, seen=report.revision, stated=False)
    assert set(refused.value.error_dict) == {"evidence", "spent_2", "stated"}
    with pytest.raises(Conflict):
        acts.send(NOBODY, innovation, report, seen=report.revision - 1, stated=True)


def test_the_team_gives_back_with_a_reason(
    agreed: tuple[Innovation, str, Agreement], manager: Actor, mentor: Actor, stranger: Actor
) -> None:
    innovation, _token, _agreement = agreed
    report = sent(innovation)
    with pytest.raises(ValidationError):
        acts.save_report(NOBODY, innovation, report, seen=2, done="", evidence="", achieved=None, spent={})
    for actor in (mentor, stranger, NOBODY):
        with pytest.raises(Denied):
            acts.give_back(actor, report, "Dodać listę.")
    with pytest.raises(ValidationError):
        acts.give_back(manager, report, " ")
    acts.give_back(manager, report, "Dodać listę.")
    assert report.state == ReportState.RETURNED
    acts.send(NOBODY, innovation, report, seen=report.revision, stated=True)
    assert report.returned_why == ""


def test_a_protocol_that_differs_says_why(agreed: tuple[Innovation, str, Agreement], manager: Actor) -> None:
    innovation, _token, _agreement = agreed
    report = sent(innovation)
    values = {"achieved": Decimal(100), "accepted": Decimal("24000.00"), "to_return": Decimal(0)}
    with pytest.raises(ValidationError) as refused:
        acts.accept(manager, report, **values, text="")
    assert "text" in refused.value.error_dict
    with pytest.raises(ValidationError):
        acts.accept(manager, report, **{**values, "accepted": Decimal(99999)}, text="Więcej.")
    acts.accept(manager, report, **values, text="Jeden wydatek spoza planu.")


def test_the_innovator_of_another_innovation_cannot_sign(
    agreed: tuple[Innovation, str, Agreement], manager: Actor, make_innovation: Make
) -> None:
    innovation, _token, _agreement = agreed
    other, _theirs = make_innovation("iws2")
    report = sent(innovation)
    protocol = acts.accept(
        manager,
        report,
        achieved=Decimal(100),
        accepted=Decimal("25000.00"),
        to_return=Decimal(0),
        text="",
    )
    with pytest.raises(ValidationError):
        acts.sign_protocol(NOBODY, other, protocol, name="Ktoś Inny", seen_hash=protocol.content_hash)


def test_a_result_in_part_is_returned_by_the_rule(make_innovation: Make, manager: Actor) -> None:
    innovation, _token = make.ready(make_innovation, "niw")
    agreement = make.concluded(manager, innovation)
    acts.pay(manager, tranche(agreement, "whole"), on=timezone.localdate(), amount=Decimal("40000.00"))
    settled(manager, innovation, "final", achieved=Decimal(60))
    refund = Refund.objects.get(innovation=innovation)
    assert refund.amount == Decimal("16000.00")
    assert refund.due_on is not None
    assert (refund.due_on - timezone.localdate()).days == 14
    acts.came_back(manager, refund, on=timezone.localdate())
    with pytest.raises(ValidationError):
        acts.came_back(manager, refund, on=timezone.localdate())
    balance = money.balance(money.fresh(innovation.pk))
    assert (balance.to_return, balance.returned) == (0, Decimal("16000.00"))


def test_what_was_not_paid_is_not_asked_back_and_not_paid_after(
    make_innovation: Make, manager: Actor
) -> None:
    innovation, _token = make.ready(make_innovation, "niw")
    agreement = make.concluded(manager, innovation)
    settled(manager, innovation, "final", achieved=Decimal(60))
    assert not Refund.objects.exists()
    whole = tranche(agreement, "whole")
    assert acts.most_to_pay(again(innovation), whole) == Decimal("24000.00")
    with pytest.raises(ValidationError):
        acts.pay(manager, whole, on=timezone.localdate(), amount=Decimal("40000.00"))


def test_ended_early_shows_what_is_to_be_returned(
    agreed: tuple[Innovation, str, Agreement], manager: Actor, client_of: As
) -> None:
    innovation, _token, agreement = agreed
    acts.pay(manager, tranche(agreement, "first"), on=timezone.localdate(), amount=Decimal("32000.00"))
    settled(manager, innovation)
    innovations.terminate(manager, fresh(innovation.pk), "Złamanie umowy.")
    balance = money.balance(money.fresh(innovation.pk))
    assert balance.unsettled == Decimal("7000.00")
    page = client_of(manager).get(reverse("trials:team_settlement", args=[innovation.pk]))
    assert "7 000,00" in page.content.decode().replace("\u00a0", " ")
    with pytest.raises(ValidationError):
        acts.ask_back(manager, again(innovation), amount=Decimal(99999), why="Za dużo.", due_on=None)
    acts.ask_back(manager, again(innovation), amount=Decimal("7000.00"), why="Zwrot.", due_on=None)
    assert money.balance(money.fresh(innovation.pk)).unsettled == 0


def test_warnings_stand_beside_the_line(make_innovation: Make) -> None:
    innovation, _token = make_innovation("niw")
    stages = innovation.call.definition["stages"]
    rules = next(stage for stage in stages if stage["kind"] == "settlement")
    rules["price_ceilings"] = {"trener": "120.00"}
    rules["not_eligible"] = [{"pl": "administracja", "en": "administration"}]
    innovation.call.save()
    fresh_one = fresh(innovation.pk)
    found = present.warnings(fresh_one, "Wynagrodzenie trenera", Decimal(1000), Decimal(1300))
    assert len(found) == 2
    assert len(present.warnings(fresh_one, "Wynagrodzenie trenera", Decimal(1000), Decimal(1200))) == 1
    assert len(present.warnings(fresh_one, "Koszty administracji", Decimal(10), Decimal(10))) == 1
    assert present.warnings(fresh_one, "Wynajem sali", Decimal(10), Decimal(12)) == []


def test_every_result_signed_ends_the_settlement(
    agreed: tuple[Innovation, str, Agreement], manager: Actor
) -> None:
    innovation, _token, _agreement = agreed
    settled(manager, innovation)
    assert "final" in {row.code for row in queries.results(again(innovation)) if not row.is_signed}
    settled(manager, innovation, "final", spent={"1": Decimal(1), "2": Decimal(2)})
    assert queries.next_result(queries.results(again(innovation))) is None


def test_a_decision_about_dissemination_does_not_stop_the_money(
    agreed: tuple[Innovation, str, Agreement], manager: Actor
) -> None:
    innovation, _token, agreement = agreed
    Innovation.objects.filter(pk=innovation.pk).update(state=InnovationState.CHOSEN)
    settled(manager, fresh(innovation.pk))
    second = tranche(agreement, "second")
    acts.pay(manager, second, on=timezone.localdate(), amount=second.amount)
    Innovation.objects.filter(pk=innovation.pk).update(state=InnovationState.RESIGNED)
    with pytest.raises(ValidationError):
        acts.pay(manager, tranche(agreement, "first"), on=timezone.localdate(), amount=Decimal(1))


def test_an_annex_keeps_what_was_paid_and_reported(
    agreed: tuple[Innovation, str, Agreement], manager: Actor
) -> None:
    innovation, _token, agreement = agreed
    today = timezone.localdate()
    acts.pay(manager, tranche(agreement, "first"), on=today, amount=Decimal("32000.00"))
    settled(manager, innovation)
    annex = agreements.annex(manager, Agreement.objects.get(pk=agreement.pk), "Mniejszy zakres.")
    lines = [("Prowadzenie spotkań", Decimal("35000.00"))]
    annex.innovation = fresh(innovation.pk)
    agreements.save_plan(manager, annex, seen=0, rows=lines)
    values = {"amount": Decimal("35000.00"), "starts_on": annex.starts_on, "ends_on": annex.ends_on}
    people = [(s.side, s.name, s.role) for s in annex.signatures.all()]
    agreements.save_data(manager, annex, seen=1, data=values, settings={}, people=people)
    agreements.offer(manager, annex)
    with pytest.raises(ValidationError):
        acts.pay(manager, tranche(agreement, "second"), on=today, amount=Decimal(1))
    make.signed(manager, annex)
    now = again(innovation)
    balance = money.balance(now)
    assert (balance.agreed, balance.paid, balance.waits) == (
        Decimal("35000.00"),
        Decimal("32000.00"),
        Decimal("3000.00"),
    )
    assert [row.is_signed for row in queries.results(now)] == [True, False]


# --- pages -------------------------------------------------------------------------------------------


def own(token: str, name: str = "settlement", *more: str) -> str:
    return reverse(f"trials:{name}", args=[token, *more])


def team(innovation: Innovation, name: str, *more: object) -> str:
    return reverse(f"trials:{name}", args=[innovation.pk, *more])


def test_the_pages_from_the_report_to_the_money(
    agreed: tuple[Innovation, str, Agreement], manager: Actor, client_of: As
) -> None:
    innovation, token, agreement = agreed
    me, they = Client(), client_of(manager)
    assert "8 000,00" in me.get(own(token)).content.decode().replace("\u00a0", " ")
    there = own(token, "report", "phase_one")
    assert me.get(there).status_code == 200
    assert me.post(there).status_code == 302
    typed = {"revision": 0, "done": "Spotkania.", "evidence": "Lista.", "achieved": "100 %"}
    page = me.post(there, {**typed, "spent_1": "dużo", "spent_2": "10,50"})
    assert page.status_code == 422
    assert "dużo" in page.content.decode()
    assert me.post(there, {**typed, "revision": 1, "spent_1": "20 000", "spent_2": "5"}).status_code == 302
    sending = own(token, "report_send", "phase_one")
    assert me.get(sending).status_code == 200
    assert me.post(sending, {"revision": 2}).status_code == 422
    assert me.post(sending, {"revision": 2, "stated": "on"}).status_code == 302
    assert me.get(there).status_code == 200
    assert they.get(team(innovation, "team_settlement")).status_code == 200
    assert they.get(team(innovation, "team_report", "phase_one")).status_code == 200
    assert they.post(team(innovation, "report_back", "phase_one"), {"back-why": ""}).status_code == 422
    accepting = {"accept-achieved": "100", "accept-accepted": "20 005,00", "accept-to_return": "0"}
    assert they.post(team(innovation, "report_accept", "phase_one"), accepting).status_code == 302
    protocol = ResultReport.objects.get().protocol
    assert me.post(there, {"seen": protocol.content_hash, "name": "Anna Zmyślona"}).status_code == 302
    noted = {"note-side": "operator", "note-name": "Ewa", "note-on": timezone.localdate().isoformat()}
    assert they.post(team(innovation, "protocol_note", "phase_one"), noted).status_code == 302
    second = tranche(agreement, "second")
    paying = {
        f"pay{second.pk}-amount": "9 000",
        f"pay{second.pk}-on": timezone.localdate().isoformat(),
    }
    assert they.post(team(innovation, "pay", second.pk), paying).status_code == 422
    paying[f"pay{second.pk}-amount"] = "8 000"
    assert they.post(team(innovation, "pay", second.pk), paying).status_code == 302
    second.refresh_from_db()
    assert second.paid_amount == Decimal("8000.00")
    assert me.get(own(token)).status_code == 200
    assert they.get(team(innovation, "team_settlement")).status_code == 200


def test_it_is_saved_as_typed_and_two_windows_lose_nothing(agreed: tuple[Innovation, str, Agreement]) -> None:
    _innovation, token, _agreement = agreed
    there, client = own(token, "report", "phase_one"), Client()
    client.post(there)
    typed = {"revision": 0, "done": "Pierwsze okno.", "spent_1": "słowo"}
    page = client.post(there, typed, headers={"HX-Request": "true"})
    assert page.status_code == 200
    assert ResultReport.objects.get().done == "Pierwsze okno."
    page = client.post(there, {"revision": 0, "done": "Drugie okno."}, headers={"HX-Request": "true"})
    assert ResultReport.objects.get().done == "Pierwsze okno."
    page = client.post(there, {"revision": 0, "done": "Drugie okno."})
    assert page.status_code == 409
    assert all(words in page.content.decode() for words in ("Pierwsze okno.", "Drugie okno."))
    going = {"revision": 1, "done": "Drugie okno.", "go": "check"}
    page = client.post(there, going, headers={"HX-Request": "true"})
    assert page["HX-Redirect"].endswith("/send/")


def test_strangers_find_nothing_and_the_mentor_reads(
    agreed: tuple[Innovation, str, Agreement],
    manager: Actor,
    mentor: Actor,
    stranger: Actor,
    client_of: As,
    make_innovation: Make,
) -> None:
    innovation, _token, _agreement = agreed
    _other, theirs = make_innovation("iws2")
    settled(manager, innovation)
    for url in (team(innovation, "team_settlement"), team(innovation, "team_report", "phase_one")):
        assert client_of(stranger).get(url).status_code == 404
        assert client_of(mentor).get(url).status_code == 404
        assert Client().get(url).status_code == 302
    assert Client().get(own(theirs, "report", "phase_one")).status_code == 404
    assert Client().get(own(theirs, "protocol_pdf", "phase_one")).status_code == 404
    innovations.name_mentor(manager, fresh(innovation.pk), mentor.user)
    reads = client_of(mentor)
    page = reads.get(team(innovation, "team_settlement"))
    assert page.status_code == 200
    assert 'class="form"' not in page.content.decode()
    assert reads.post(team(innovation, "ask_back"), {}).status_code == 403
    money_page = reverse("trials:money", args=[innovation.call.slug])
    assert reads.get(money_page).status_code == 404
    assert client_of(stranger).get(money_page).status_code == 404


def test_the_protocol_as_pdf(
    agreed: tuple[Innovation, str, Agreement], manager: Actor, client_of: As
) -> None:
    innovation, token, _agreement = agreed
    assert Client().get(own(token, "protocol_pdf", "phase_one")).status_code == 404
    settled(manager, innovation)
    for page in (
        Client().get(own(token, "protocol_pdf", "phase_one")),
        client_of(manager).get(team(innovation, "team_protocol_pdf", "phase_one")),
    ):
        reader = PdfReader(io.BytesIO(page.content))
        root = reader.trailer["/Root"].get_object()
        assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
        text = " ".join(part.extract_text() for part in reader.pages)
        assert "Odbyło się 12 spotkań" in text
        assert "Wymyślona" in text


def test_money_of_a_call(agreed: tuple[Innovation, str, Agreement], manager: Actor, client_of: As) -> None:
    innovation, _token, agreement = agreed
    innovation.call.pool = Decimal(100000)
    innovation.call.save()
    factory.selected(innovation.call, 2)
    acts.pay(manager, tranche(agreement, "first"), on=timezone.localdate(), amount=Decimal("32000.00"))
    made = money.of_call(innovation.call)
    assert (made.left, made.reserved, made.total("paid")) == (
        Decimal("20000.00"),
        Decimal("40000.00"),
        Decimal("32000.00"),
    )
    page = client_of(manager).get(reverse("trials:money", args=[innovation.call.slug]))
    assert "20 000,00" in page.content.decode().replace("\u00a0", " ")


def test_the_table_of_money_runs_no_formula(
    agreed: tuple[Innovation, str, Agreement], manager: Actor, client_of: As
) -> None:
    innovation, _token, _agreement = agreed
    Innovation.objects.filter(pk=innovation.pk).update(title="=HYPERLINK(1)")
    page = client_of(manager).get(reverse("trials:money_csv", args=[innovation.call.slug]))
    text = page.content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert "40000.00" in text
    for bad in ("=1", "+1", "-1", "@x", "\t=1", " =1", "\r=1"):
        assert harmless(bad).startswith("'")
    assert harmless("Ławka") == "Ławka"


def test_the_money_page_asks_as_much_for_many(
    manager: Actor, client_of: As, django_assert_max_num_queries: Callable[..., object]
) -> None:
    assert manager.organisation is not None
    call = factory.call(manager.organisation, "iws2")
    for number in range(1, 7):
        application, _token = factory.selected(call, number)
        make.sent(application)
        row = innovations.begin(manager, application)
        if number < 4:
            make.concluded(manager, row)
            settled(manager, row)
    client = client_of(manager)
    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        client.get(reverse("trials:money", args=[call.slug]))
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        client.get(team(Innovation.objects.filter(call=call).first(), "team_settlement"))  # type: ignore[arg-type]


@pytest.mark.parametrize(("page", "table"), [("agreements", AGREEMENT), ("settlement", REPORT)])
def test_the_documentation_shows_the_declared_states(page: str, table: tuple[Transition, ...]) -> None:
    assert mermaid(table) in (DOCS / f"trials-{page}.md").read_text(encoding="utf-8")
