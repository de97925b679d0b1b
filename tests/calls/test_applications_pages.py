"""An application in the browser of somebody without an account, without JavaScript; and for the team."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from krzew.calls.acts import applications as acts
from krzew.calls.acts import ideas
from krzew.calls.models import Application, Call, Member
from tests.calls.applications_browser import (
    HTMX,
    NOBODY,
    PERSON,
    Make,
    at,
    begin,
    hidden,
    html,
    in_english,
    typed_plan,
    write,
)
from tests.calls.test_applications_files import application, call_with_files

pytestmark = pytest.mark.usefixtures("places_loaded")
fixtures = (application, call_with_files, in_english)


def test_from_the_call_to_the_number_without_javascript(call: Call, visitor: Client) -> None:
    token = begin(visitor, call)
    assert "Who applies" in html(Client().get(at("application", token)))  # another browser, the same link
    write(visitor, at("application_applicant", token), **PERSON)
    idea = dict.fromkeys(
        ("description", "novelty", "problem", "recipients", "change", "vision"), "Słowa o pomyśle."
    )
    write(visitor, at("application_section", token, "idea"), title="Stodoła rowerów", **idea)
    money = {"amount": "80 000", "testers": "8", "team": "Zespół"}
    answer = write(visitor, at("application_section", token, "plan"), **typed_plan(), **money)
    assert answer["Location"] == at("application_statements", token)
    page = html(visitor.get(at("application_check", token)))
    assert "9 things are still to do" in page
    assert "Do what is listed at the top first" in page
    stage = call.rules.form
    assert stage is not None
    visitor.post(at("application_statements", token), {d.code: "on" for d in stage.declarations})
    page = html(visitor.get(at("application_check", token)))
    assert "PLN\xa020,000.00" in page
    answer = visitor.post(at("application_send", token), {"revision": hidden(page)}, follow=True)
    page = html(answer)
    assert "The application is sent. Its number is 1/001." in page
    assert "Formal check" in page
    assert Application.objects.get().versions.get().content["answers"]["testers"] == "8"


def test_each_lack_leads_to_its_question(call: Call, visitor: Client) -> None:
    token = begin(visitor, call)
    page = html(visitor.get(at("application_check", token)))
    for link in set(re.findall(r'href="([^"]*\?check=1[^"]*)"', page)):
        address, _sharp, anchor = link.partition("#")
        target = html(visitor.get(address))
        assert not anchor or f'id="{anchor}"' in target, link
        assert (
            "This is not filled in yet" in target
            or "not ticked" in target
            or "e-mail or a telephone" in target
        )


def test_what_cannot_be_read_is_kept_and_marked(call: Call, visitor: Client) -> None:
    token = begin(visitor, call)
    address = at("application_section", token, "plan")
    rows = typed_plan() | {"plan-testing-0-cost": "tysiąc"}
    page = html(write(visitor, address, **rows, amount="dużo", testers="8", team=""), 422)
    for text in ("Write an amount with digits", "Row 2:", "tysiąc", "dużo", "go on to the next step"):
        assert text in page
    again = html(visitor.get(address))
    assert "tysiąc" in again
    answer = visitor.post(address, {"revision": hidden(again), "amount": "nadal", "back": "1"})
    assert answer["Location"] == at("application", token)  # nobody is held on a page


def test_two_windows_are_shown_both_texts(call: Call, visitor: Client) -> None:
    token = begin(visitor, call)
    address = at("application_section", token, "idea")
    visitor.post(address, {"revision": "0", "shown": "title", "title": "Z pierwszego okna"})
    page = html(visitor.post(address, {"revision": "0", "shown": "title", "title": "Z drugiego okna"}), 409)
    assert "Z pierwszego okna" in page
    assert "Z drugiego okna" in page
    visitor.post(address, {"revision": hidden(page), "shown": "title", "title": "Z drugiego okna"})
    assert Application.objects.get().title == "Z drugiego okna"


def test_a_button_pressed_while_the_window_saves_by_itself_is_no_conflict(
    call: Call, visitor: Client
) -> None:
    token = begin(visitor, call)
    address = at("application_section", token, "idea")
    typed = {"shown": "title", "window": "abcd", "revision": "0"}
    visitor.post(address, typed | {"title": "Stod"}, headers=HTMX)
    answer = visitor.post(address, typed | {"title": "Stodoła", "go": "next"})
    assert answer.status_code == 302
    late = html(visitor.post(address, typed | {"title": "Sto"}, headers=HTMX))  # arrives after the button
    assert "another window" in late
    assert Application.objects.get().title == "Stodoła"
    other = typed | {"window": "efgh", "title": "Obce"}
    assert visitor.post(address, other).status_code == 409


def test_saving_by_itself_tells_the_revision_and_the_sums(call: Call, visitor: Client) -> None:
    token = begin(visitor, call)
    address = at("application_section", token, "plan")
    shown = hidden(html(visitor.get(address)), "shown")
    answer = html(visitor.post(address, {"revision": "0", "shown": shown, **typed_plan()}, headers=HTMX))
    assert hidden(answer) == "1"
    assert 'id="sum-plan-testing"' in answer
    assert "PLN\xa080,000.00" in answer


def test_more_rows_keep_what_is_typed(call: Call, visitor: Client) -> None:
    token = begin(visitor, call)
    address = at("application_section", token, "plan")
    page = html(visitor.post(address, {"revision": "0", **typed_plan(), "more": "plan-testing"}))
    assert "Test w dwóch gminach" in page
    assert page.count('name="plan-testing-') == 4 * 5


def test_a_follow_up_is_explained_without_javascript_and_comes_and_goes_with_it(
    make_call: Make, visitor: Client
) -> None:
    call = make_call("niw")
    token = begin(visitor, call, "organisation")
    address = at("application_section", token, "project")
    page = html(visitor.get(address))
    assert "Only if “Do children take part?” is answered: yes." in page
    assert 'name="minors_standards"' not in html(visitor.get(address, headers=HTMX))
    shown = "title subregion description minors amount"
    typed = {"revision": "0", "shown": shown, "minors": "yes"}
    answer = html(visitor.post(address, typed, headers=HTMX))
    assert 'name="minors_standards"' in answer
    assert 'hx-swap-oob="true"' in answer
    assert Application.objects.get().answers["minors"] is True


def test_an_organisation_is_asked_for_its_numbers(make_call: Make, visitor: Client) -> None:
    token = begin(visitor, make_call("niw"), "organisation")
    typed = {
        "name": "Fundacja Próba",
        "nip": "526-000-12-47",
        "regon": "123",
        "krs": "12",
        "email": "nie adres",
    }
    page = html(write(visitor, at("application_applicant", token), **typed), 422)
    for text in ("This NIP has a slip", "nine or fourteen", "KRS number has ten", "name@example.org"):
        assert text in page
    write(visitor, at("application_applicant", token), **(typed | {"nip": "526-000-12-46"}))
    assert Application.objects.get().answers["_applicant"]["nip"] == "5260001246"


def test_a_group_invites_and_a_member_joins_by_her_own_link(
    call: Call, visitor: Client, django_capture_on_commit_callbacks: Any
) -> None:
    token = begin(visitor, call, "group")
    write(visitor, at("application_applicant", token), **PERSON)
    people = at("application_people", token)
    page = html(visitor.post(people, {"name-0": "Adam Próbny", "email-0": "adam@example.org", "stay": "1"}))
    assert "not invited yet" in page
    member = Member.objects.get(is_contact=False)
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(at("application_invite", token, member.pk))
    found = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)
    assert found is not None
    own = Client()
    assert "Zofia Próbna" in html(own.get(found[1]))
    assert "Read and tick each statement first" in html(own.post(found[1], {"join": "1"}), 422)
    stage = call.rules.form
    assert stage is not None
    own.post(found[1], {d.code: "on" for d in stage.declarations if d.each_member} | {"join": "1"})
    member.refresh_from_db()
    assert member.joined_at
    assert "agreed" in html(visitor.get(people))
    own.post(found[1], {"leave": "1"})
    assert not Member.objects.filter(pk=member.pk).exists()
    assert own.get(found[1]).status_code == 404


def test_a_member_without_an_address_gets_a_link_to_be_passed_on(call: Call, visitor: Client) -> None:
    token = begin(visitor, call, "group")
    visitor.post(at("application_people", token), {"name-0": "Adam Próbny", "stay": "1"})
    member = Member.objects.get(is_contact=False)
    page = html(visitor.post(at("application_invite", token, member.pk), follow=True))
    assert re.search(r"http://testserver/en/member/[\w-]{20,}/", page)
    assert mail.outbox == []


def test_two_members_with_one_address_are_asked_about(call: Call, visitor: Client) -> None:
    token = begin(visitor, call, "group")
    typed = {f"{key}-{n}": f"{key}@example.org" for n in range(2) for key in ("name", "email")}
    assert "same e-mail" in html(visitor.post(at("application_people", token), typed), 422)


def test_an_idea_is_carried_over(call: Call, visitor: Client) -> None:
    card, secret = ideas.start(NOBODY)
    ideas.save(card, seen=0, title="Stodoła", what="Naprawiamy rowery.", email="zofia@example.org")
    page = html(visitor.get(at("apply", call.slug), {"idea": secret}))
    assert "is carried over" in page
    visitor.post(f"{at('apply', call.slug)}?idea={secret}", {"kind": "person"})
    assert Application.objects.get().answers["description"] == "Naprawiamy rowery."


def test_before_and_after_the_call_the_page_says_when(call: Call, visitor: Client, make_draft: Make) -> None:
    draft, token = make_draft(call)
    later = timezone.now() + timedelta(days=1)
    Call.objects.filter(pk=call.pk).update(submit_from=later)
    assert "Sending opens on" in html(visitor.get(at("application_check", token)))
    Call.objects.filter(pk=call.pk).update(submit_from=call.submit_from, closes_at=timezone.now())
    assert "cannot be written now" in html(visitor.get(at("apply", call.slug)))
    assert "can no longer be sent" in html(visitor.get(at("application", token)))
    late = visitor.post(at("application_send", token), {"revision": draft.revision}, follow=True)
    assert "the clock of the server decides" in html(late)
    said = visitor.post(at("application_section", token, "idea"), {"revision": "1"}, headers=HTMX)
    assert "The time is over" in html(said)


def test_what_is_typed_too_late_is_refused_and_shown_once_more(
    call: Call, visitor: Client, make_draft: Make
) -> None:
    draft, token = make_draft(call, kind="group")
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now())
    words = {"title": "Ostatnia minuta", "problem": "Pierwszy akapit.\nDrugi akapit."}
    typed = {"revision": draft.revision, **words, "shown": "title problem"}
    said = html(visitor.post(at("application_section", token, "idea"), typed), 422)
    assert "Ostatnia minuta" in said
    assert "Pierwszy akapit.<br>Drugi akapit." in said
    who = visitor.post(at("application_applicant", token), {"revision": draft.revision, **PERSON})
    assert PERSON["name"] in html(who, 422)
    others = visitor.post(at("application_people", token), {"name-0": "Spóźniona Zmyślona", "email-0": ""})
    assert "Spóźniona Zmyślona" in html(others, 422)
    draft.refresh_from_db()
    assert draft.title != "Ostatnia minuta"
    assert visitor.get(at("application_section", token, "idea")).status_code == 302


def test_the_call_closes_between_the_look_and_the_saving(
    call: Call, visitor: Client, make_draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, token = make_draft(call)
    monkeypatch.setattr(acts, "must_be_writable", _too_late)
    typed = {"revision": draft.revision, "title": "Ostatnia minuta", "shown": "title"}
    assert "Ostatnia minuta" in html(visitor.post(at("application_section", token, "idea"), typed), 422)
    who = visitor.post(at("application_applicant", token), {"revision": draft.revision, **PERSON})
    assert PERSON["name"] in html(who, 422)
    ticked = visitor.post(at("application_statements", token), {"truth": "on"}, follow=True)
    assert "This can no longer be changed." in html(ticked)


def _too_late(_application: Application) -> None:
    raise ValidationError("This can no longer be changed.")


def test_a_robot_begins_nothing_and_a_crowd_from_one_address_waits(call: Call, visitor: Client) -> None:
    visitor.post(at("apply", call.slug), {"kind": "person", "website": "http://spam.example"})
    assert not Application.objects.exists()
    html(visitor.post(at("apply", call.slug), {"kind": "robot"}), 422)
    for _n in range(40):
        begin(visitor, call)
    html(visitor.post(at("apply", call.slug), {"kind": "person"}), 422)


def test_the_link_is_sent_to_the_applicants_own_address(
    call: Call, visitor: Client, django_capture_on_commit_callbacks: Any
) -> None:
    token = begin(visitor, call)
    visitor.post(at("application_link", token))
    assert mail.outbox == []
    write(visitor, at("application_applicant", token), **PERSON)
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(at("application_link", token))
    assert at("application", token) in mail.outbox[0].body


def test_the_limit_is_told_before_the_button(
    call: Call, visitor: Client, make_application: Make, make_draft: Make
) -> None:
    for _n in range(2):
        make_application(call, email="zofia@example.org")
    _row, token = make_draft(call, email="zofia@example.org")
    page = html(visitor.get(at("application_check", token)))
    assert "at most 2 applications in this call, and they are sent already" in page
    assert "<button" not in page.partition('id="send-title"')[2].partition("</section>")[0]


@pytest.mark.parametrize("name", ["application", "application_check", "application_copy", "member"])
def test_a_wrong_link_opens_nothing(name: str, call: Call, visitor: Client, make_draft: Make) -> None:
    draft, _token = make_draft(call)
    for wrong in ("x", f"my-{draft.pk}", "my-99999999999999999999999", "my-²", "a" * 500):
        assert visitor.get(at(name, wrong)).status_code == 404
