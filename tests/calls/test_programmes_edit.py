"""A programme changed by page: every part of every template, faults at their field, order, two people at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.acts import programmes as acts
from krzew.calls.definition import Definition, plain, read, templates
from krzew.calls.forms.programmes_kinds import LISTS, STAGES, kind_of
from krzew.calls.forms.programmes_kinds_parts import ROOT
from krzew.calls.forms.programmes_parts import PartForm, root_place
from krzew.calls.models import Programme
from krzew.calls.programmes import paths
from krzew.calls.programmes.minimal import ORDER
from krzew.calls.programmes.paths import Path

ClientOf = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def team(manager: Actor, client_of: ClientOf) -> Client:
    return client_of(manager)


def fresh(programme: Programme) -> Programme:
    return Programme.objects.get(pk=programme.pk)


def url(name: str, programme: Programme, path: str) -> str:
    return reverse(f"calls:programme_{name}", args=[programme.pk, path])


def every_path(definition: Definition) -> list[Path]:
    """All parts that have a page."""
    data = plain(definition)
    found: list[Path] = [(name,) for name in ROOT]

    def walk(path: Path, part: dict[str, Any]) -> None:
        found.append(path)
        for listed in kind_of(path, part).lists:
            for row in part.get(listed.name, ()):
                walk((*path, listed.name, row["code"]), row)

    for stage in data["stages"]:
        walk(("stages", stage["code"]), stage)
    return found


def form_at(programme: Programme, path: Path, data: Any = None) -> PartForm:
    plain_ = plain(programme.rules)
    if len(path) == 1:
        return PartForm(ROOT[path[0]], root_place(plain_, path[0]), data, seen=programme.revision)
    place = paths.locate(plain_, path)
    return PartForm(kind_of(path, place.part), place, data, seen=programme.revision)


def as_posted(form: PartForm) -> dict[str, Any]:
    """What a browser sends when nothing was typed."""
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is True:
            sent[bound.html_name] = "on"
        elif isinstance(value, list):
            sent[bound.html_name] = value
        elif value not in (None, False):
            sent[bound.html_name] = str(value)
    return sent


def posted(programme: Programme, path: str, **change: Any) -> dict[str, Any]:
    return {**as_posted(form_at(programme, paths.split(path))), **change}


# --- each part --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(templates()))
def test_saving_a_part_as_it_stands_changes_nothing(code: str, manager: Actor, team: Client) -> None:
    programme = acts.from_template(manager, code)
    before = programme.rules
    for path in every_path(before):
        address = url("part", programme, "/".join(path))
        page = team.get(address)
        assert page.status_code == 200, path
        answer = team.post(address, as_posted(page.context["form"]))
        assert answer.status_code == 302, (path, answer.context["form"].errors)
    after = fresh(programme).rules
    assert after == before


def test_every_kind_of_stage_can_be_added_and_read(manager: Actor, team: Client) -> None:
    programme = acts.from_template(manager, "wlacznik")
    for kind in ORDER:
        address = url("add", fresh(programme), "stages") + f"?kind={kind}"
        page = team.get(address)
        form = page.context["form"]
        sent = as_posted(form) | {"label_pl": f"Nowy {kind}", "label_en": f"New {kind}"}
        answer = team.post(address, sent)
        assert answer.status_code == 302, (kind, answer.context["form"].errors)
    found = fresh(programme).rules
    assert len(found.stages) == 10 + len(ORDER)
    assert {s.kind for s in found.stages} == set(STAGES)
    for path in every_path(found):
        assert team.get(url("part", programme, "/".join(path))).status_code == 200
    for name in ("programme", "programme_edit"):
        assert "New merit" in team.get(reverse(f"calls:{name}", args=[programme.pk])).content.decode()


def test_the_minimum_of_a_ranking_is_limited_by_something(manager: Actor, team: Client) -> None:
    programme = acts.from_template(manager, "iws2")
    data = plain(programme.rules)
    data["grant"] = {"most": "1000"}
    data["stages"] = [s for s in data["stages"] if s["kind"] in ("application", "merit")]
    acts.change_programme(manager, programme, read(data), seen=1)
    address = url("add", programme, "stages") + "?kind=ranking"
    assert team.post(address, as_posted(team.get(address).context["form"])).status_code == 302
    assert fresh(programme).rules.of_kind("ranking")[0].places == 10  # type: ignore[union-attr]


NEW: dict[str, dict[str, str]] = {
    "stages/application/sections": {"label_pl": "Inne", "label_en": "Other"},
    "stages/application/sections/idea/fields?kind=text": {"label_pl": "Dlaczego?", "label_en": "Why?"},
    "stages/application/sections/idea/fields?kind=choice": {
        "label_pl": "Gdzie?",
        "label_en": "Where?",
        "options__0__label_pl": "Miasto",
        "options__0__label_en": "Town",
        "options__1__label_pl": "Wieś",
        "options__1__label_en": "Village",
    },
    "stages/application/declarations": {"text_pl": "Zgadzam się.", "text_en": "I agree."},
    "stages/formal/checks": {"label_pl": "Podpis jest.", "label_en": "It is signed."},
    "stages/merit_a/criteria": {"label_pl": "Odwaga", "label_en": "Courage", "most": "5", "least": "2,5"},
    "stages/merit_a/thresholds": {"label_pl": "Próg", "label_en": "Threshold", "least": "10"},
    "stages/evaluation/report?kind=text": {"label_pl": "Co dalej?", "label_en": "What next?"},
}


@pytest.mark.parametrize("where", list(NEW))
def test_a_part_is_added(where: str, programme: Programme, team: Client) -> None:
    path, _q, query = where.partition("?")
    address = url("add", programme, path) + (f"?{query}" if query else "")
    sent = as_posted(team.get(address).context["form"]) | NEW[where]
    answer = team.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    _parent, rows = paths.rows_at(plain(fresh(programme).rules), paths.split(path))
    made = rows[-1]
    text = made.get("label") or made["text"]
    assert text["pl"] == (NEW[where].get("label_pl") or NEW[where]["text_pl"])
    assert made["code"] not in paths.codes(rows[:-1])
    assert team.get(address.split("?")[0]).status_code == 200


def test_what_is_typed_about_a_criterion_is_kept(programme: Programme, team: Client) -> None:
    path = "stages/merit_a/criteria/needs"
    change = {
        "most": "5",
        "least": "2,5",
        "step": "0,5",
        "weight": "2",
        "justification": "100",
        "levels__0__points": "0",
        "levels__0__label_pl": "wcale",
        "levels__0__label_en": "not at all",
        "levels__1__points": "5",
        "levels__1__label_pl": "w pełni",
        "levels__1__label_en": "fully",
    }
    assert team.post(url("part", programme, path), posted(programme, path, **change)).status_code == 302
    merit: Any = fresh(programme).rules.stage("merit_a")
    found = merit.criteria[1]
    assert (found.most, str(found.least), str(found.step), found.weight, found.justification) == (
        5,
        "2.5",
        "0.5",
        2,
        100,
    )
    assert [(level.points, level.label.en) for level in found.levels] == [(0, "not at all"), (5, "fully")]


def test_completing_and_divergence_come_and_go(programme: Programme, team: Client) -> None:
    for path, change in (
        ("stages/formal", {"completion__working_days": "3", "completion__rounds": "1"}),
        ("stages/merit_a", {"divergence__over": "10", "divergence__third": "joins_mean"}),
    ):
        now = fresh(programme)
        assert team.post(url("part", now, path), posted(now, path, **change)).status_code == 302
    rules: Any = fresh(programme).rules
    assert (rules.stage("formal").completion.working_days, rules.stage("merit_a").divergence.over) == (3, 10)
    now = fresh(programme)
    team.post(url("part", now, "stages/formal"), posted(now, "stages/formal", completion__working_days=""))
    rules = fresh(programme).rules
    assert rules.stage("formal").completion is None


def test_a_condition_and_its_answers(manager: Actor, team: Client) -> None:
    programme = acts.from_template(manager, "niw")
    (section,) = plain(programme.rules)["stages"][0]["sections"]
    path = f"stages/{programme.rules.stages[0].code}/sections/{section['code']}/fields/minors_standards"
    form = form_at(programme, paths.split(path))
    assert form["when"].value() == ["minors=yes"]
    assert "subregion=one" in dict(form.fields["when"].choices)  # type: ignore[attr-defined]
    address = url("part", programme, path)
    both = posted(programme, path, when=["minors=yes", "subregion=one"])
    refused = team.post(address, both)
    assert refused.status_code == 422
    assert "one question only" in refused.content.decode()
    assert (
        team.post(address, posted(programme, path, when=["subregion=one", "subregion=two"])).status_code
        == 302
    )
    field = next(f for f in fresh(programme).rules.form.fields if f.code == "minors_standards")  # type: ignore[union-attr]
    assert field.when is not None
    assert (field.when.field, field.when.one_of) == ("subregion", ("one", "two"))


def test_another_kind_of_question_asks_for_what_it_needs(programme: Programme, team: Client) -> None:
    path = "stages/application/sections/idea/fields/novelty"
    answer = team.post(url("part", programme, path), posted(programme, path, kind="choice"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "at least two options" in html
    assert 'name="options__1__label_pl"' in html
    assert "guide__0" not in html


def test_a_changed_statement_is_a_new_version(programme: Programme, team: Client) -> None:
    path = "stages/application/declarations/residence"
    team.post(url("part", programme, path), posted(programme, path, text_pl="Mieszkam w Polsce."))
    assert fresh(programme).rules.form.declarations[0].version == 2  # type: ignore[union-attr]


def test_a_row_is_removed_by_emptying_it(manager: Actor, team: Client) -> None:
    programme = acts.from_template(manager, "niw")
    data = plain(programme.rules)
    section = data["stages"][0]["sections"][0]
    path = f"stages/{data['stages'][0]['code']}/sections/{section['code']}/fields/subregion"
    change = {"options__1__label_pl": "", "options__1__label_en": ""}
    answer = team.post(url("part", programme, path), posted(programme, path, **change))
    assert answer.status_code == 302
    field = next(f for f in fresh(programme).rules.form.fields if f.code == "subregion")  # type: ignore[union-attr]
    assert [o.code for o in field.options] == ["one", "three", "four"]


# --- faults -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "change", "field", "words"),
    [
        ("grant", {"least": "200 000"}, "most", "below the lowest"),
        ("applicants", {"group_most": "2", "group_least": "3"}, "group_most", "smaller than its least"),
        ("stages/merit_a/criteria/needs", {"least": "11"}, None, "more than can be given"),
        ("stages/merit_a/criteria/needs", {"most": "dużo"}, "most", "number"),
        ("stages/merit_a/thresholds/sum_a", {"least": "51"}, None, "nobody can reach"),
        ("stages/agreement", {"tranches__0__share": "10"}, "tranches__0__label_pl", "do not add up"),
        ("stages/agreement", {"tranches__0__label_en": ""}, "tranches__0__label_en", "empty"),
        ("stages/pitch_b", {"minutes": "0"}, "minutes", "greater than or equal to 1"),
        ("about", {"name_pl": ""}, "name_pl", "required"),
    ],
)
def test_a_fault_is_told_where_it_is(
    path: str, change: dict[str, str], field: str | None, words: str, programme: Programme, team: Client
) -> None:
    answer = team.post(url("part", programme, path), posted(programme, path, **change))
    errors = answer.context["form"].errors
    assert answer.status_code == 422
    assert words in str(errors[field or "__all__"]), errors
    assert (
        next(iter(change.values())).replace(" ", "") in answer.content.decode()
    )  # what was typed is still there
    assert fresh(programme).revision == 1


# --- order and removal ------------------------------------------------------------------------------


def test_up_and_down(programme: Programme, team: Client) -> None:
    path = "stages/merit_a/criteria/needs"
    page = team.get(url("part", programme, "stages/merit_a")).content.decode()
    assert url("move", programme, path) in page
    team.post(url("move", programme, path), {"to": "up", "seen": "1"})
    merit: Any = fresh(programme).rules.stage("merit_a")
    assert [c.code for c in merit.criteria[:2]] == ["needs", "innovativeness"]
    team.post(url("move", programme, path), {"to": "up", "seen": "2"})  # the first one stays
    team.post(url("move", programme, path), {"to": "down", "seen": str(fresh(programme).revision)})
    merit = fresh(programme).rules.stage("merit_a")
    assert [c.code for c in merit.criteria[:2]] == ["innovativeness", "needs"]


def test_an_order_that_makes_no_sense_is_refused(programme: Programme, team: Client) -> None:
    answer = team.post(url("move", programme, "stages/application"), {"to": "down", "seen": "1"}, follow=True)
    assert "needs one of these before it" in answer.content.decode()
    assert fresh(programme).rules.stages[0].code == "application"


def test_removal_asks_first_and_says_what_goes_too(programme: Programme, team: Client) -> None:
    address = url("remove", programme, "stages/application/sections/plan")
    page = team.get(address).content.decode()
    assert "Number of testers" in page
    assert fresh(programme).revision == 1
    kept = team.post(address, {"seen": "1"}, follow=True).content.decode()
    assert "there is no plan to fill in" in kept  # the amount has to equal the plan
    team.post(url("remove", programme, "stages/evaluation"), {"seen": "1"})
    assert "evaluation" not in {s.code for s in fresh(programme).rules.stages}


def test_the_last_of_its_list_stays(programme: Programme, team: Client) -> None:
    for code in ("testing", "potential"):
        now = fresh(programme)
        team.post(url("remove", now, f"stages/pitch_b/criteria/{code}"), {"seen": str(now.revision)})
    now = fresh(programme)
    path = "stages/pitch_b/criteria/deinstitutionalisation"
    team.post(url("remove", now, path), {"seen": str(now.revision)})
    assert len(fresh(programme).rules.stage("pitch_b").criteria) == 1  # type: ignore[union-attr]


# --- two people, strangers, wrong addresses ---------------------------------------------------------


def test_two_people_on_one_part(manager: Actor, programme: Programme, team: Client) -> None:
    sent = posted(programme, "grant", most="90 000")
    data = plain(programme.rules)
    data["grant"]["most"] = "70000"
    acts.change_programme(manager, programme, read(data), seen=1)
    answer = team.post(url("part", programme, "grant"), sent)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "70000" in html
    assert "90 000" in html or "90000" in html
    again = as_posted(answer.context["form"])
    assert team.post(url("part", programme, "grant"), again).status_code == 302
    assert fresh(programme).rules.grant.most == 90_000


def test_two_people_with_a_new_part(manager: Actor, programme: Programme, team: Client) -> None:
    path = "stages/formal/checks"
    sent = as_posted(team.get(url("add", programme, path)).context["form"])
    acts.settle_question(manager, programme, 0, seen=1)
    answer = team.post(url("add", programme, path), sent | {"label_pl": "Podpis", "label_en": "Signature"})
    assert answer.status_code == 409
    assert "Podpis" in answer.content.decode()
    assert team.post(url("add", programme, path), as_posted(answer.context["form"])).status_code == 302


@pytest.mark.parametrize("name", ["part", "add", "move", "remove"])
@pytest.mark.parametrize(
    "path",
    ["nothing", "stages", "stages/merit_a/criteria", "stages/x/y/z", "stages/merit_a/code/x", "a/b/c/d/e/f"],
)
def test_a_wrong_address_is_not_found(name: str, path: str, programme: Programme, team: Client) -> None:
    if name == "add" and path.endswith("criteria"):
        return
    for method in (team.get, team.post):
        assert method(url(name, programme, path)).status_code in (404, 405)


@pytest.mark.parametrize("name", ["part", "add", "move", "remove"])
def test_strangers_find_nothing(
    name: str, programme: Programme, stranger: Actor, client_of: ClientOf, visitor: Client
) -> None:
    address = url(name, programme, "stages/merit_a" if name != "add" else "stages/merit_a/criteria")
    for method in ("get", "post"):
        assert getattr(client_of(stranger), method)(address).status_code in (404, 405)
        assert getattr(visitor, method)(address).status_code == 302
    assert fresh(programme).revision == 1


def test_the_table_of_parts_knows_every_list() -> None:
    assert set(LISTS) == {
        *(
            "sections",
            "declarations",
            "fields",
            "checks",
            "criteria",
            "thresholds",
            "quotas",
            "report",
            "topics",
        )
    }


def test_codes_are_made_of_names() -> None:
    assert paths.free_code("Łąka i zdrowie", []) == "laka_i_zdrowie"
    assert paths.free_code("2. kryterium", []) == "kryterium"
    assert paths.free_code("???", ["part"]) == "part_2"
    assert len(paths.free_code("a" * 90, ["a" * 36])) <= 40
