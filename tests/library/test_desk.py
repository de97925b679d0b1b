"""The editors' pages in a browser without JavaScript: nothing typed is lost, nothing real is changed by looking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.datastructures import MultiValueDict

from krzew.accounts.actors import Actor
from krzew.library import acts
from krzew.library.editing import Editor
from krzew.library.loaders import read_cards
from krzew.library.models import Answer, Solution, SolutionVersion
from krzew.library.sections import BY_KEY, SECTIONS
from tests.library.conftest import form_data, publish

CARDS = [pytest.param(card, id=path.stem) for path, card in read_cards()]


def typed(editor: Editor) -> MultiValueDict[str, str]:
    """What the untouched forms of a section would send."""
    data = QueryDict(mutable=True)
    for part in editor.parts:
        formset = getattr(part, "formset", None)
        bounds = [form[name] for form in part.all_forms() for name in form.fields]
        bounds += (
            [formset.management_form[name] for name in formset.management_form.fields] if formset else []
        )
        for bound in bounds:
            value = bound.value()
            values = value if isinstance(value, list) else [value]
            data.setlist(bound.html_name, [str(v) for v in values if v is not None and v is not False])
    return data


@pytest.mark.parametrize("card", CARDS)
def test_saving_an_untouched_section_changes_nothing(card: dict[str, Any]) -> None:
    """The forms hold every real card without loss."""
    for section in SECTIONS:
        editor = Editor(section, card, typed(Editor(section, card)))
        assert editor.is_valid(), (section.key, editor.errors())
        content = editor.content()
        for name, value in section.of(card).items():
            assert content[name] == value, (section.key, name)


@pytest.fixture
def at_desk(client_of: Callable[[Actor], Client], editor: Actor) -> Client:
    return client_of(editor)


def url(version: SolutionVersion, part: str = "") -> str:
    return f"/en/library/desk/{version.pk}/{part}"


@pytest.mark.parametrize("key", list(BY_KEY))
def test_a_section_as_html_and_back(at_desk: Client, draft: SolutionVersion, key: str) -> None:
    address = url(draft, f"{key}/")
    response = at_desk.post(address, form_data(at_desk, address))
    assert response.status_code == 302, response.content.decode()[:2000]
    assert SolutionVersion.objects.get(pk=draft.pk).card == draft.card


def test_from_nothing_to_published(at_desk: Client, library_loaded: None, card: dict[str, Any]) -> None:
    response = at_desk.post(
        "/en/library/desk/new/", {"name_pl": "Łaźnia miejska", "name_en": "Town bath", "kind": "innovation"}
    )
    version = SolutionVersion.objects.get(solution__slug="laznia-miejska")
    assert response.headers["Location"].endswith(f"/{version.pk}/")
    assert "things are missing for publication" in at_desk.get(url(version)).content.decode()
    assert at_desk.post(url(version, "send/")).status_code == 302
    version.refresh_from_db()
    assert version.state == "draft", "an incomplete card is not sent"
    for section in SECTIONS:
        content = Editor(section, card | {"name_pl": "Łaźnia miejska"})
        data = typed(content)
        data["seen"] = section.seen(SolutionVersion.objects.get(pk=version.pk).card)
        response = at_desk.post(url(version, f"{section.key}/"), data)
        assert response.status_code == 302, section.key
    at_desk.post(url(version, "send/"))
    at_desk.post(url(version, "return/"), {"reason": "Za krótki opis kosztów."})
    assert "Za krótki opis kosztów." in at_desk.get(url(version)).content.decode()
    at_desk.post(url(version, "send/"))
    response = at_desk.post(url(version, "publish/"))
    assert response.headers["Location"] == "/en/library/laznia-miejska/"
    assert Solution.objects.get(slug="laznia-miejska").current_id == version.pk


def test_an_added_row_saves_what_was_typed(at_desk: Client, draft: SolutionVersion) -> None:
    address = url(draft, "parts/")
    data = form_data(at_desk, address) | {
        "steps-0-text_pl": ["Zupełnie nowy pierwszy krok."],
        "add": ["steps"],
    }
    response = at_desk.post(address, data)
    assert response.headers["Location"].endswith("?add=steps#steps-last")
    again = form_data(at_desk, response.headers["Location"].partition("#")[0])
    assert again["steps-0-text_pl"] == ["Zupełnie nowy pierwszy krok."]
    assert again["steps-TOTAL_FORMS"] == [str(len(draft.card["steps"]) + 1)]


def test_a_removed_row_is_gone(at_desk: Client, draft: SolutionVersion) -> None:
    address = url(draft, "parts/")
    at_desk.post(address, form_data(at_desk, address) | {"steps-0-DELETE": ["on"]})
    assert SolutionVersion.objects.get(pk=draft.pk).card["steps"] == draft.card["steps"][1:]


def test_the_second_editor_sees_the_change_and_loses_nothing(
    at_desk: Client, client_of: Callable[[Actor], Client], second_editor: Actor, draft: SolutionVersion
) -> None:
    address, second = url(draft, "basics/"), client_of(second_editor)
    mine, theirs = form_data(at_desk, address), form_data(second, address)
    second.post(address, theirs | {"fields-summary_en": ["What the colleague wrote meanwhile."]})
    response = at_desk.post(address, mine | {"fields-does_en": ["What I typed at the same time."]})
    html = response.content.decode()
    assert response.status_code == 200
    assert "Somebody else has changed this section" in html
    assert "What I typed at the same time." in html
    assert "meanwhile." in html
    assert SolutionVersion.objects.get(pk=draft.pk).card["summary_en"].endswith("meanwhile.")
    fresh = form_data(at_desk, address)["seen"]
    final = mine | {"fields-does_en": ["What I typed at the same time."], "seen": fresh}
    assert at_desk.post(address, final).status_code == 302
    assert SolutionVersion.objects.get(pk=draft.pk).card["does_en"] == "What I typed at the same time."


@pytest.mark.parametrize(
    ("key", "field", "value", "says"),
    [
        ("numbers", "number-jobs-low", "pięć", "number"),
        ("numbers", "number-jobs-high", "1", "upper end is below"),
        ("numbers", "number-jobs-as_of", "kiedyś", "Write a year"),
        ("sources", "sources-0-address", "javascript:alert(1)", "URL"),
        ("sources", "sources-0-id", "Zły Id", "small letters"),
        ("evidence", "evidence-0-year", "1066", "1990"),
        ("evidence", "exemplars-0-code", "12", "Six digits"),
        ("basics", "fields-name_pl", "x" * 141, "140"),
        ("basics", "fields-name_pl", "<b>Gruby</b>", "markup"),
        ("preconditions", "preconditions-0-op0", "", "Choose how to compare"),
        ("audience", "fields-groups", "martians", "martians"),
    ],
)
def test_bad_input_is_explained_and_kept(
    at_desk: Client, draft: SolutionVersion, key: str, field: str, value: str, says: str
) -> None:
    address = url(draft, f"{key}/")
    response = at_desk.post(address, form_data(at_desk, address) | {field: [value]})
    html = response.content.decode()
    assert response.status_code == 200
    assert says in html
    if value and key not in ("audience",):
        assert value.replace("<", "&lt;").replace(">", "&gt;") in html
    assert SolutionVersion.objects.get(pk=draft.pk).card == draft.card


def test_a_deep_rule_is_kept_as_it_is(at_desk: Client, draft: SolutionVersion) -> None:
    leader = {"fact": "leader", "op": "is", "value": True}
    deep = {"any": [{"all": [leader, leader]}, leader]}
    draft.card["preconditions"][0]["rule"] = deep
    draft.save()
    address = url(draft, "preconditions/")
    assert "kept as it is" in at_desk.get(address).content.decode()
    data = form_data(at_desk, address)
    assert at_desk.post(address, data).status_code == 302
    assert SolutionVersion.objects.get(pk=draft.pk).card["preconditions"][0]["rule"] == deep
    for damaged in ("{", "[]", '{"fact": 5}', "null"):
        response = at_desk.post(address, data | {"preconditions-0-kept_rule": [damaged]})
        assert response.status_code in (200, 302)


def test_a_tampered_list_does_not_break_the_page(at_desk: Client, draft: SolutionVersion) -> None:
    address = url(draft, "parts/")
    data = form_data(at_desk, address)
    for change in (
        {"steps-TOTAL_FORMS": ["x"]},
        {"steps-TOTAL_FORMS": ["999999"]},
        {"steps-INITIAL_FORMS": ["-1"]},
    ):
        assert at_desk.post(address, data | change).status_code in (200, 302)


def test_steps_out_of_order_are_told(at_desk: Client, draft: SolutionVersion, editor: Actor) -> None:
    assert at_desk.post(url(draft, "publish/")).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "draft"
    publish(editor, draft)
    for part in ("", "basics/", "preview/"):
        assert at_desk.get(url(draft, part)).headers["Location"] == "/en/library/nowa-karta/"
    assert at_desk.post(url(draft, "discard/")).status_code == 302
    assert SolutionVersion.objects.filter(pk=draft.pk).exists()


def test_looking_changes_nothing(at_desk: Client, draft: SolutionVersion) -> None:
    for part in ("send/", "publish/", "discard/", "return/"):
        assert at_desk.get(url(draft, part)).status_code == 405


def test_the_next_version_shows_its_difference(
    at_desk: Client, editor: Actor, published: SolutionVersion
) -> None:
    response = at_desk.post("/en/library/nowa-karta/next/")
    started = SolutionVersion.objects.get(solution=published.solution, number=2)
    assert response.headers["Location"].endswith(f"/{started.pk}/")
    section = BY_KEY["basics"]
    content = section.of(started.card) | {"summary_en": "A quite different summary of it."}
    acts.save_section(editor, started, "basics", content, section.seen(started.card))
    html = at_desk.get(url(started)).content.decode()
    assert "What this version changes" in html
    assert "different" in html
    assert at_desk.post("/en/library/nowa-karta/next/").headers["Location"].endswith(f"/{started.pk}/")


def test_the_desk_lists_own_drafts_and_answers(
    at_desk: Client,
    client_of: Callable[[Actor], Client],
    other_editor: Actor,
    draft: SolutionVersion,
    published: SolutionVersion,
) -> None:
    answer = acts.tell(Actor.anonymous(), published.solution, "Kosztowało <i>mało</i>.")
    html = at_desk.get("/en/library/desk/").content.decode()
    assert "Kosztowało &lt;i&gt;mało" in html
    strange = client_of(other_editor).get("/en/library/desk/").content.decode()
    assert "Kosztowało" not in strange
    assert client_of(other_editor).post(f"/en/library/desk/answers/{answer.pk}/").status_code == 403
    at_desk.post(f"/en/library/desk/answers/{answer.pk}/", {"state": "used"})
    assert Answer.objects.get(pk=answer.pk).state == "used"


def test_who_is_no_editor_sees_no_desk(
    client_of: Callable[[Actor], Client], adviser: Actor, visitor: Client
) -> None:
    assert client_of(adviser).get("/pl/library/desk/").status_code == 403
    assert visitor.get("/pl/library/desk/").status_code == 302
    assert (
        client_of(adviser).post("/pl/library/desk/new/", {"name_pl": "Ab", "name_en": "Ab"}).status_code
        == 403
    )


def test_withdrawing_needs_a_reason(at_desk: Client, published: SolutionVersion) -> None:
    address = "/en/library/nowa-karta/withdraw/"
    assert at_desk.post(address, {"reason": ""}).status_code == 200
    assert not Solution.objects.get(slug="nowa-karta").is_withdrawn
    at_desk.post(address, {"reason": "The law has changed since."})
    assert Solution.objects.get(slug="nowa-karta").is_withdrawn
    at_desk.post(address, {"back": "1"})
    assert not Solution.objects.get(slug="nowa-karta").is_withdrawn
