"""Files of an application, what comes after sending, and the pages of the team."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.acts import applications as acts
from krzew.calls.models import Application, Call, Decision
from krzew.timeline.acts import prepare_letter
from tests.calls.applications_browser import (
    NOBODY,
    PERSON,
    ClientOf,
    Make,
    at,
    begin,
    hidden,
    html,
    in_english,
    typed_plan,
    write,
)
from tests.calls.test_applications_files import PDF, application, call_with_files, png

pytestmark = pytest.mark.usefixtures("places_loaded")
fixtures = (application, call_with_files, in_english)


# --- files ------------------------------------------------------------------------------------------


def token_of(row: Application) -> str:
    return acts.renew_link(row)


def test_files_are_attached_given_back_only_to_be_saved_and_removed(
    application: Application, visitor: Client
) -> None:
    token = token_of(application)
    address = at("application_attach", token, "budget")
    page = html(visitor.post(address, {"file": SimpleUploadedFile("zły.pdf", b"MZ\0\0")}), 422)
    assert "whatever its name says" in page
    assert "0 bytes" in html(visitor.post(address, {"file": SimpleUploadedFile("a.pdf", b"")}), 422)
    assert "Choose a file first" in html(visitor.post(address), 422)
    visitor.post(address, {"file": SimpleUploadedFile("<b>koszty</b>.pdf", PDF)})
    [row] = application.attachments.all()
    page = html(visitor.get(at("application_files", token)))
    assert "<b>koszty" not in page
    answer = visitor.get(at("application_file", token, row.pk))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer) == PDF  # type: ignore[arg-type]
    visitor.post(at("application_detach", token, row.pk))
    assert not application.attachments.exists()


def test_a_file_opens_for_its_team_and_for_nobody_else(
    application: Application, visitor: Client, manager: Actor, stranger: Actor, client_of: ClientOf
) -> None:
    token = token_of(application)
    visitor.post(at("application_attach", token, "budget"), {"file": SimpleUploadedFile("a.pdf", PDF)})
    row = application.attachments.get()
    address = at("team_file", application.call.slug, application.pk, row.pk)
    assert client_of(manager).get(address).status_code == 404  # a draft is seen by its author alone
    acts.submit(NOBODY, application, seen=application.revision)
    answer = client_of(manager).get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert client_of(stranger).get(address).status_code == 404
    assert visitor.get(address).status_code == 302
    other = SimpleUploadedFile("b.png", png())
    visitor.post(at("application_attach", token, "pictures"), {"file": other})
    assert application.attachments.count() == 1


# --- after sending ----------------------------------------------------------------------------------


def test_the_copy_is_an_accessible_pdf_made_while_one_waits(
    call: Call, visitor: Client, make_application: Make
) -> None:
    _row, token = make_application(
        call, kind="group", token=True, answers={"title": "#let x = 1 [*] \\ „Stodoła”"}
    )
    answer = visitor.get(at("application_copy", token))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.content.startswith(b"%PDF-1.7")
    assert b"pdfuaid" in answer.content


def test_a_decision_is_not_told_before_its_letter_leaves(
    call: Call, visitor: Client, manager: Actor, make_application: Make
) -> None:
    row, token = make_application(call, token=True)
    Application.objects.filter(pk=row.pk).update(state="out")
    letter = prepare_letter(manager, row, "a@example.org", "Wynik", "Nie tym razem")
    address = at("application", token)
    assert "not selected" not in html(visitor.get(address))
    letter.state = "released"
    letter.save()
    decision = Decision.objects.create(application=row, stage="decision", outcome="rejected_merit")
    assert "not selected" not in html(visitor.get(address))
    decision.released_at = timezone.now()
    decision.save()
    assert "not selected" in html(visitor.get(address))


def test_taking_back_asks_first(call: Call, visitor: Client, make_application: Make) -> None:
    row, token = make_application(call, token=True)
    address = at("application_withdraw", token)
    assert "This cannot be undone" in html(visitor.get(address))
    assert "taken back" in html(visitor.post(address, follow=True))
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert visitor.get(address).status_code == 302


def test_giving_up_a_grant_asks_first(call: Call, visitor: Client, make_application: Make) -> None:
    row, token = make_application(call, token=True)
    address = at("application_resign", token)
    assert visitor.get(address).status_code == 302
    Application.objects.filter(pk=row.pk).update(state="selected")
    assert "cannot be undone" in html(visitor.get(address))
    visitor.post(address, {"reason": "Wyjazd"})
    row.refresh_from_db()
    assert row.state == "resigned"


def test_a_returned_application_is_completed_on_the_same_pages(
    call: Call, visitor: Client, make_application: Make, manager: Actor, client_of: ClientOf
) -> None:
    row, token = make_application(call, token=True)
    soon = timezone.now() + timedelta(hours=30)
    Application.objects.filter(pk=row.pk).update(state="returned", complete_by=soon)
    assert "asks you to complete" in html(visitor.get(at("application", token)))
    write(visitor, at("application_section", token, "idea"), title="Rowery z drugiej ręki, poprawione")
    assert "poprawione" not in html(client_of(manager).get(at("team_applications", call.slug)))
    page = html(visitor.get(at("application_check", token)))
    assert "things are still to do" in page  # the other questions were emptied
    row.refresh_from_db()
    kept = row.versions.get().content["answers"]
    acts.save(
        NOBODY, row, seen=row.revision, answers={c: kept[c] for c in kept if c not in ("title", "plan")}
    )
    page = html(visitor.get(at("application_check", token)))
    visitor.post(at("application_send", token), {"revision": hidden(page)})
    row.refresh_from_db()
    assert (row.state, row.versions.count()) == ("submitted", 2)
    team = client_of(manager)
    changed = html(team.get(at("team_changes", call.slug, row.pk)))
    assert "poprawione" in changed
    assert "<ins>" in changed
    assert "A newer one" in html(team.get(at("team_application", call.slug, row.pk), {"version": "1"}))


# --- the team ---------------------------------------------------------------------------------------


def test_the_list_filters_searches_and_sorts(
    call: Call, manager: Actor, client_of: ClientOf, make_application: Make
) -> None:
    make_application(call, answers={"title": "Żywa biblioteka"}, name="Łucja Próbna")
    make_application(call, answers={"title": "Stodoła rowerów", "amount": "80000"})
    taken = make_application(call, answers={"title": "Pralnia"})
    acts.withdraw(NOBODY, taken)
    team, address = client_of(manager), at("team_applications", call.slug)
    page = html(team.get(address))
    assert page.index("1/001") < page.index("1/002") < page.index("1/003")
    for words in ("zywa", "LUCJA", "1/001", "1"):
        found = html(team.get(address, {"q": words}))
        assert "Żywa biblioteka" in found, words
    assert "Stodoła" not in html(team.get(address, {"q": "zywa"}))
    assert "Pralnia" in html(team.get(address, {"state": "withdrawn"}))
    assert "Nothing here" in html(team.get(address, {"stage": "merit_a"}))
    page = html(team.get(address, {"sort": "title"}))
    assert page.index("Pralnia") < page.index("Stodoła")
    for odd in ({"sort": "x"}, {"page": "99"}, {"state": "x"}, {"q": "%_'\""}):
        html(team.get(address, odd))


def test_drafts_and_other_calls_stay_closed(
    call: Call,
    manager: Actor,
    stranger: Actor,
    member: Actor,
    client_of: ClientOf,
    make_draft: Make,
    make_application: Make,
) -> None:
    draft, _token = make_draft(call)
    sent = make_application(call)
    assert client_of(manager).get(at("team_application", call.slug, draft.pk)).status_code == 404
    for actor in (stranger, member):
        for name, args in (
            ("team_applications", (call.slug,)),
            ("team_application", (call.slug, sent.pk)),
            ("team_changes", (call.slug, sent.pk)),
            ("team_copy", (call.slug, sent.pk)),
            ("key_in_application", (call.slug,)),
        ):
            assert client_of(actor).get(at(name, *args)).status_code in (403, 404), name


def test_queries_do_not_grow_with_the_list(
    call: Call,
    manager: Actor,
    client_of: ClientOf,
    make_application: Make,
    django_assert_max_num_queries: Any,
) -> None:
    for _n in range(12):
        make_application(call)
    team = client_of(manager)
    with django_assert_max_num_queries(22):
        html(team.get(at("team_applications", call.slug), {"q": "rowery"}))
    with django_assert_max_num_queries(22):
        html(team.get(at("team_application", call.slug, Application.objects.first().pk)))  # type: ignore[union-attr]


def test_pages_of_the_form_need_few_queries(
    call: Call, visitor: Client, make_draft: Make, django_assert_max_num_queries: Any
) -> None:
    _row, token = make_draft(call, kind="group")
    for name, args in (
        ("application", ()),
        ("application_section", ("plan",)),
        ("application_people", ()),
        ("application_statements", ()),
        ("application_check", ()),
    ):
        with django_assert_max_num_queries(16):
            html(visitor.get(at(name, token, *args)))


def test_the_team_takes_down_a_paper_application_to_the_end(
    call: Call, manager: Actor, client_of: ClientOf
) -> None:
    team = client_of(manager)
    answer = team.post(at("key_in_application", call.slug), {"kind": "group", "channel": "paper"})
    token = answer["Location"].rstrip("/").rpartition("/")[2]
    assert token.startswith("my-")
    row = Application.objects.get()
    assert "You type this for somebody else" in html(team.get(answer["Location"]))
    write(team, at("application_applicant", token), **(PERSON | {"email": "", "phone": "600 000 000"}))
    team.post(at("application_people", token), {"name-0": "Adam Próbny"})
    idea = dict.fromkeys(
        ("title", "description", "novelty", "problem", "recipients", "change", "vision"), "Słowa."
    )
    write(team, at("application_section", token, "idea"), **idea)
    money = {"amount": "80 000", "testers": "8", "team": "Zespół"}
    write(team, at("application_section", token, "plan"), **typed_plan(), **money)
    assert "Being taken down" in html(team.get(at("team_applications", call.slug)))
    stage = call.rules.form
    assert stage is not None
    team.post(at("application_statements", token), {d.code: "on" for d in stage.declarations})
    page = html(team.get(at("application_check", token)))
    team.post(at("application_send", token), {"revision": hidden(page)})
    row.refresh_from_db()
    assert (row.state, row.number, row.channel) == ("submitted", 1, "paper")
    assert Client().get(at("application", token)).status_code == 404


def test_own_applications_of_somebody_who_is_signed_in(
    call: Call, mayor: Actor, client_of: ClientOf, visitor: Client
) -> None:
    own = client_of(mayor)
    assert "No application yet" in html(own.get(at("own_applications")))
    begin(own, call)
    row = Application.objects.get()
    assert at("application", f"my-{row.pk}") in html(own.get(at("own_applications")))
    html(own.get(at("application", f"my-{row.pk}")))
    assert visitor.get(at("own_applications")).status_code == 302
