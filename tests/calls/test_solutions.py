"""A question that only some solutions of the library answer: the closed list, and why another one is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.acts import applications, programmes
from krzew.calls.applications.answers import Wrong, applies, fixed, shown, value_of
from krzew.calls.applications.check import lacks
from krzew.calls.definition import BadDefinition, parse, plain, read, templates, written
from krzew.calls.definition.form import FormField
from krzew.calls.formal_checks import answered, formal_stage
from krzew.calls.models import Application, Call
from krzew.calls.programmes.readiness import lacking
from krzew.calls.queries.applications import filled
from krzew.library.finding import resolve, search
from krzew.library.models import Solution
from krzew.library.queries import public_solutions
from tests.calls.vote_factory import vote_call

ClientOf = Callable[[Actor], Client]
pytestmark = pytest.mark.usefixtures("library_loaded")
LABEL = {"pl": "Które rozwiązanie?", "en": "Which solution?"}
WHY = {
    "pl": "Nabór dotyczy rozwiązań przetestowanych w programie.",
    "en": "The call is about solutions tested in the programme.",
}


@pytest.fixture
def some() -> list[Solution]:
    """Six published solutions; the first five stand on the list."""
    return list(public_solutions().order_by("slug")[:6])


def question(some: list[Solution], **more: Any) -> dict[str, Any]:
    codes = [row.slug for row in some[:5]]
    base = {"code": "which", "kind": "solution", "label": LABEL, "solutions": codes, "solutions_why": WHY}
    return base | more


def rules(some: list[Solution], **more: Any) -> dict[str, Any]:
    data = plain(templates()["niw"]) | {"open_questions": []}
    fields = data["stages"][0]["sections"][0]["fields"]
    follow = {"code": "follow", "kind": "text", "label": {"pl": "Jak?", "en": "How?"}}
    follow["when"] = {"field": "which", "one_of": [some[0].slug]}
    fields[1:1] = [question(some, **more), follow]
    check = {"code": "listed", "label": {"pl": "Z listy.", "en": "On the list."}, "automatic": "solution"}
    data["stages"][1]["checks"].append(check)
    return data


@pytest.fixture
def call(manager: Actor, dates: dict[str, Any], some: list[Solution]) -> Call:
    return vote_call(manager, dates, rules(some))


def test_a_solution_is_found_by_code_address_and_name(some: list[Solution]) -> None:
    one = some[0]
    assert one.current is not None
    for text in (one.slug, f"https://krzew.example/pl/library/{one.slug}/", one.current.name_pl.upper()):
        assert resolve(text) == one.slug
    assert resolve("czegoś takiego nie ma") == []
    assert search("") == []


def test_the_list_comes_back_whole_from_a_file(some: list[Solution]) -> None:
    found = read(rules(some))
    assert parse(written(found)) == found


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"kind": "text"}, "only a question about a solution"),
        ({"solutions": []}, "the reason needs a list"),
        ({"solutions": ["Z wielkiej"]}, "small letters"),
    ],
)
def test_a_list_that_makes_no_sense_is_told(some: list[Solution], more: dict[str, Any], text: str) -> None:
    with override("en"), pytest.raises(BadDefinition) as caught:
        read(rules(some, **more))
    assert text in str(caught.value)


def test_a_condition_names_only_solutions_of_the_list(some: list[Solution]) -> None:
    data = rules(some)
    data["stages"][0]["sections"][0]["fields"][2]["when"]["one_of"] = [some[5].slug]
    with override("en"), pytest.raises(BadDefinition, match="is not among the options"):
        read(data)


def test_another_one_is_refused_with_the_reason(some: list[Solution]) -> None:
    asked = FormField.model_validate(question(some))
    assert fixed(asked, value_of(asked, some[1].slug)) == some[1].slug
    assert some[1].current is not None
    with override("pl"):
        assert shown(asked, some[1].slug) == some[1].current.name_pl
        with pytest.raises(Wrong) as refused:
            value_of(asked, some[5].slug)
    assert WHY["pl"] in str(refused.value)
    assert some[1].current.name_pl in str(refused.value)
    with pytest.raises(Wrong):
        value_of(asked, "czegoś takiego nie ma")


def test_without_a_list_any_published_solution_may_be_chosen(some: list[Solution]) -> None:
    asked = FormField.model_validate(question(some, solutions=[], solutions_why=None))
    assert value_of(asked, some[5].slug) == some[5].slug


def test_one_that_left_the_library_stays_on_the_list_of_a_running_call(some: list[Solution]) -> None:
    asked = FormField.model_validate(question(some, solutions=["odeszlo-z-biblioteki"]))
    assert value_of(asked, "odeszlo-z-biblioteki") == "odeszlo-z-biblioteki"


def test_a_question_hangs_on_the_solution(some: list[Solution]) -> None:
    definition = read(rules(some))
    assert definition.form is not None
    fields = {f.code: f for f in definition.form.fields}
    assert applies(fields["follow"], fields, {"which": some[0].slug})
    assert not applies(fields["follow"], fields, {"which": some[1].slug})


def test_nobody_sends_an_application_for_another_one(
    call: Call, some: list[Solution], make_draft: Callable[..., tuple[Application, str]]
) -> None:
    draft, _token = make_draft(call, answers={"which": some[5].slug})
    with override("pl"):
        [lack] = lacks(filled(draft))
    assert (lack.field, lack.about) == ("which", "solution")
    assert WHY["pl"] in lack.text
    with pytest.raises(ValidationError):
        applications.submit(Actor.anonymous(), draft, seen=draft.revision)


def test_the_formal_check_answers_by_itself(
    call: Call, some: list[Solution], make_application: Callable[..., Any]
) -> None:
    row = make_application(call, answers={"which": some[2].slug})
    stage = formal_stage(call)
    assert stage is not None
    version = row.versions.get()
    assert answered(row, stage, version)["listed"].ok
    version.content["answers"]["which"] = some[5].slug
    found = answered(row, stage, version)
    assert not found["listed"].ok
    assert found["complete"].ok


def test_the_page_takes_a_typed_name_says_why_and_loses_nothing(
    call: Call, some: list[Solution], make_draft: Callable[..., tuple[Application, str]]
) -> None:
    draft, token = make_draft(call)
    address = reverse("calls:application_section", args=[token, "project"])
    visitor = Client(headers={"accept-language": "pl"})
    visitor.get(reverse("calls:application", args=[token]))
    text = visitor.get(address).content.decode()
    assert reverse("library:card", args=[some[3].slug]) in text
    draft.refresh_from_db()
    assert some[5].current is not None
    typed = {"revision": str(draft.revision), "which_text": some[5].current.name_pl, "which": ""}
    answer = visitor.post(address, typed | {"title": "Pralnia", "go": "save"}, follow=True)
    draft.refresh_from_db()
    assert draft.answers["which"] == some[5].slug
    page = visitor.get(reverse("calls:application_check", args=[token])).content.decode()
    assert WHY["pl"] in page
    assert WHY["pl"] in answer.content.decode()  # told at once beside the question, and kept all the same


def test_names_are_suggested_to_everybody(some: list[Solution]) -> None:
    assert some[0].current is not None
    words = some[0].current.name_pl.split()[0]
    found = Client().get(reverse("library:suggest"), {"q": words}).json()["results"]
    assert some[0].slug in [row["value"] for row in found]
    assert Client().get(reverse("library:suggest"), {"q": ""}).json() == {"results": []}


def test_a_call_is_not_announced_with_solutions_that_are_not_in_the_library(
    manager: Actor, dates: dict[str, Any], some: list[Solution]
) -> None:
    data = rules(some, solutions=[some[0].slug, "nie-ma-takiego"])
    programme = programmes.make_programme(manager, read(data))
    texts = {"name_pl": "Nabór", "name_en": "Call", "about_pl": "Próba.", "about_en": "A trial."}
    call = programmes.prepare_call(manager, programme, **texts, **dates)
    assert any("nie-ma-takiego" in need.note for need in lacking(call))


def test_the_list_is_made_by_page(manager: Actor, some: list[Solution], client_of: ClientOf) -> None:
    programme = programmes.make_programme(manager, read(rules(some)))
    path = "stages/application/sections/project/fields/which"
    address, team = reverse("calls:programme_part", args=[programme.pk, path]), client_of(manager)
    assert some[0].current is not None
    assert some[0].current.name_pl in team.get(address, headers={"accept-language": "pl"}).content.decode()
    typed = {
        "seen": str(programme.revision),
        "label_pl": "Które?",
        "label_en": "Which?",
        "kind": "solution",
        "required": "on",
        "applicants": ["person", "group", "organisation", "partnership"],
        "solutions": f"{some[0].current.name_pl}\nhttps://krzew.example/pl/library/{some[4].slug}/\nnic",
        "solutions_why_pl": WHY["pl"],
        "solutions_why_en": WHY["en"],
    }
    refused = team.post(address, typed)
    assert refused.status_code == 422
    assert "nic" in refused.content.decode()
    typed["solutions"] = typed["solutions"].removesuffix("\nnic")  # type: ignore[union-attr]
    assert team.post(address, typed).status_code == 302
    programme = type(programme).objects.get(pk=programme.pk)
    assert programme.rules.form is not None
    [field] = [f for f in programme.rules.form.fields if f.code == "which"]
    assert field.solutions == (some[0].slug, some[4].slug)
