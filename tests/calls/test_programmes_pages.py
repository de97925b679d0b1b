"""Programmes on their pages: templates, files that come and go, hostile files, previews, trial runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.accounts.models import OrganisationKind, Role
from krzew.calls.acts import programmes as acts
from krzew.calls.definition import parse, plain, read, templates, written
from krzew.calls.models import Application, Call, Programme
from krzew.calls.programmes.changes import differences
from krzew.calls.programmes.dry_run import dry_run

ClientOf = Callable[[Actor], Client]
CODES = sorted(templates())
PAGES = ("programme", "programme_edit", "programme_preview", "programme_trial", "programme_file")
MORE = ("programme_download", "programme_history", "call_new")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def team(manager: Actor, client_of: ClientOf) -> Client:
    return client_of(manager)


def url(name: str, programme: Programme) -> str:
    return reverse(f"calls:{name}", args=[programme.pk])


def file(content: bytes | str, name: str = "programme.toml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


# --- the list and a new one -------------------------------------------------------------------------


def test_an_empty_list_points_to_the_templates(team: Client) -> None:
    page = team.get(reverse("calls:programmes")).content.decode()
    assert "No programme yet" in page
    assert reverse("calls:programme_new") in page


@pytest.mark.parametrize("code", CODES)
def test_from_template_to_programme(code: str, team: Client) -> None:
    page = team.get(reverse("calls:programme_new")).content.decode()
    assert templates()[code].source in page
    answer = team.post(reverse("calls:programme_new"), {"template": code}, follow=True)
    programme = Programme.objects.get()
    assert (programme.template, programme.rules) == (code, templates()[code])
    html = answer.content.decode()
    for question in templates()[code].open_questions:
        assert question.en in html.replace("&#x27;", "'")
    assert str(programme) in team.get(reverse("calls:programmes")).content.decode()


def test_a_wrong_template_makes_nothing(team: Client) -> None:
    team.post(reverse("calls:programme_new"), {"template": "../../etc"})
    assert not Programme.objects.exists()


def test_a_question_is_settled_by_page(team: Client, programme: Programme) -> None:
    first = programme.rules.open_questions[0].en
    assert first in team.get(url("programme", programme)).content.decode()
    team.post(url("programme_settle", programme), {"question": "0", "seen": "1"})
    again = {"question": "0", "seen": "1"}  # a second press of the same button settles nothing more
    assert (
        "in the meantime"
        in team.post(url("programme_settle", programme), again, follow=True).content.decode()
    )
    assert len(Programme.objects.get().rules.open_questions) == 2
    for wrong in ("", "x", "-1", "99", "٣"):
        team.post(url("programme_settle", programme), {"question": wrong, "seen": "2"})
    assert len(Programme.objects.get().rules.open_questions) == 2


def test_put_away_and_brought_back(team: Client, programme: Programme) -> None:
    team.post(url("programme_archive", programme))
    assert "No programme yet" in team.get(reverse("calls:programmes")).content.decode()
    assert str(programme) in team.get(reverse("calls:programmes"), {"archived": ""}).content.decode()
    assert url("call_new", programme) not in team.get(url("programme", programme)).content.decode()
    team.post(url("programme_archive", programme))
    assert str(programme) in team.get(reverse("calls:programmes")).content.decode()


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("name", [*PAGES, *MORE])
def test_every_page_opens(name: str, language: str, team: Client, programme: Programme) -> None:
    assert team.get(url(name, programme).replace("/en/", f"/{language}/")).status_code == 200


@pytest.mark.parametrize("name", [*PAGES, *MORE, "programme_settle", "programme_archive"])
def test_strangers_find_no_programme(
    name: str, programme: Programme, stranger: Actor, client_of: ClientOf, visitor: Client
) -> None:
    for method in ("get", "post"):
        assert getattr(client_of(stranger), method)(url(name, programme)).status_code in (404, 405)
        assert getattr(visitor, method)(url(name, programme)).status_code == 302
    assert str(programme) not in client_of(stranger).get(reverse("calls:programmes")).content.decode()
    assert Programme.objects.get().revision == 1


def test_a_member_without_the_role_is_told_who_gives_it(
    make_actor: Callable[..., Actor], client_of: ClientOf, programme: Programme
) -> None:
    member = make_actor("m@example.org", "Inkubator Próba", Role.MEMBER, OrganisationKind.INCUBATOR)
    answer = client_of(member).get(reverse("calls:programmes"))
    assert answer.status_code == 403
    assert "Ask an owner" in answer.content.decode()
    assert client_of(member).get(url("programme", programme)).status_code == 404


def test_many_programmes_take_no_more_queries(
    team: Client, programme: Programme, django_assert_max_num_queries: Any
) -> None:
    rows = [
        Programme(
            organisation=programme.organisation,
            name_pl=f"P{n}",
            name_en=f"P{n}",
            definition=programme.definition,
        )
        for n in range(120)
    ]
    Programme.objects.bulk_create(rows)
    with django_assert_max_num_queries(12):
        team.get(reverse("calls:programmes"))


# --- files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_a_file_goes_round_through_the_pages(code: str, manager: Actor, team: Client) -> None:
    programme = acts.from_template(manager, code)
    content = team.get(url("programme_download", programme)).content
    assert parse(content) == programme.rules
    answer = team.post(reverse("calls:programme_new"), {"file": file(content)})
    assert answer.status_code == 302
    assert Programme.objects.first().rules == programme.rules  # type: ignore[union-attr]
    same = team.post(url("programme_file", programme), {"file": file(content)})
    assert "Nothing is different" in same.content.decode()


def test_a_changed_file_is_compared_before_it_is_saved(team: Client, programme: Programme) -> None:
    data = plain(programme.rules)
    data["grant"]["most"] = "99000"
    data["stages"][2]["criteria"][1]["label"]["en"] = "Answer to needs"
    del data["stages"][2]["criteria"][4]
    data["stages"][0]["declarations"][0]["text"]["pl"] = "Mieszkam w Polsce."
    text = written(read(data))
    compared = team.post(url("programme_file", programme), {"text": text})
    html = compared.content.decode()
    for words in (
        "120000",
        "99000",
        "Answer to needs",
        "Vision of development",
        "Mieszkam w Polsce.",
        "version",
    ):
        assert words in html, words
    assert Programme.objects.get().revision == 1
    sent = {"text": compared.context["text"], "seen": "1", "save": "1"}
    assert team.post(url("programme_file", programme), sent).status_code == 302
    kept = Programme.objects.get()
    assert kept.rules.grant.most == 99_000
    assert kept.rules.form.declarations[0].version == 2  # type: ignore[union-attr]


def test_a_file_meets_somebody_elses_change(manager: Actor, team: Client, programme: Programme) -> None:
    data = plain(programme.rules)
    data["applicants"]["limit"] = 7
    acts.settle_question(manager, programme, 0, seen=1)
    sent = {"text": written(read(data)), "seen": "1", "save": "1"}
    answer = team.post(url("programme_file", programme), sent)
    assert answer.status_code == 409
    assert "in the meantime" in answer.content.decode()
    assert Programme.objects.get().rules.applicants.limit == 2
    team.post(url("programme_file", programme), {**sent, "seen": "2"})
    assert Programme.objects.get().rules.applicants.limit == 7


def test_problems_are_told_with_their_places_and_the_text_stays(team: Client, programme: Programme) -> None:
    text = (
        written(programme.rules)
        .replace('kind = "formal"', 'kind = "dance"')
        .replace('most = "120000"', "mots = 1")
    )
    for address in (url("programme_file", programme), reverse("calls:programme_new")):
        answer = team.post(address, {"file": file(text)})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "kind of stage is not known" in html
        assert "grant.mots" in html
        assert "kind = &quot;dance&quot;" in html  # the text is there to be mended
    assert Programme.objects.get().revision == 1


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "binary": bytes(range(256)) * 50,
    "zeros": b"\x00" * 5000,
    "huge": b"x" * 1_000_001,
    "zip": b"PK\x03\x04" + b"\x00" * 200,
    "deep arrays": b"x = " + b"[" * 50_000,
    "deep tables": b"x = " + b"{a=" * 50_000,
    "long name": b".".join([b"a"] * 200_000) + b" = 1",
    "long quoted name": b".".join([b'"a"'] * 100_000) + b" = 1",
    "long table": b"[" + b".".join([b"a"] * 100_000) + b"]",
    "long word": b"a" * 900_000,
    "long number": b"x = " + b"9" * 100_000,
    "many unknown": b"\n".join(b"k%d = 1" % n for n in range(40_000)),
    "open string": b'x = """' + b"a\n" * 300_000,
    "script": b'code = "x"\n"<script>alert(1)</script>" = 1',
    "not utf-8": "code = 'ł'".encode("cp1250"),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_file_is_refused_in_words(name: str, team: Client, programme: Programme) -> None:
    begun = time.perf_counter()
    answer = team.post(reverse("calls:programme_new"), {"file": file(HOSTILE[name])})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "error-summary" in html
    assert "<script>alert" not in html
    assert time.perf_counter() - begun < 5
    assert Programme.objects.count() == 1


def test_a_hostile_text_is_refused_as_well(team: Client, programme: Programme) -> None:
    answer = team.post(url("programme_file", programme), {"text": "x = " + "[" * 20_000})
    assert answer.status_code == 422
    for seen in ("", "-1", "1e9", "9" * 400):
        sent = {"text": written(programme.rules), "seen": seen, "save": "1"}
        assert team.post(url("programme_file", programme), sent).status_code in (200, 409)


def test_differences_name_what_came_and_went() -> None:
    old = templates()["iws2"]
    data = plain(old)
    data["stages"][2]["criteria"].reverse()
    data["stages"].append(
        {
            "kind": "appeal",
            "code": "again",
            "label": {"pl": "O", "en": "A"},
            "against": ["reserve"],
            "working_days": 3,
        }
    )
    found = differences(old, read(data))
    assert [d.where for d in found] == [("stages", "merit_a", "criteria", "order"), ("stages", "again")]
    assert not differences(old, old)


# --- previews and trial runs ------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("role", ["applicant", "assessor", "committee", "public", "nobody"])
def test_everybody_sees_her_part(code: str, role: str, manager: Actor, team: Client) -> None:
    programme = acts.from_template(manager, code)
    assert team.get(url("programme_preview", programme), {"as": role}).status_code == 200


def test_the_eyes_of_each(team: Client, programme: Programme) -> None:
    page = {
        r: team.get(url("programme_preview", programme), {"as": r}).content.decode()
        for r in ("applicant", "assessor", "committee")
    }
    assert "Title of the innovation" in page["applicant"]
    assert "points from 0 to 10" in page["assessor"]
    assert "Title of the innovation" not in page["assessor"]
    assert "32.5 of 65" in page["committee"]


@pytest.mark.parametrize("code", CODES)
def test_a_trial_run_writes_nothing(code: str, manager: Actor, team: Client) -> None:
    programme = acts.from_template(manager, code)
    page = team.get(url("programme_trial", programme))
    assert page.status_code == 200
    assert len(page.context["run"].applications) == 20
    assert not Application.objects.exists()
    assert not Call.objects.exists()


def test_the_same_seed_gives_the_same_trial() -> None:
    def told(seed: int) -> list[Any]:
        run = dry_run(templates()["niw"], seed=seed)
        return [
            (row.application.title, row.application.amount, row.outcome, row.misses)
            for row in run.applications
        ]

    assert told(3) == told(3)
    assert told(3) != told(4)


def test_a_trial_follows_the_rules() -> None:
    run = dry_run(templates()["niw"], seed=2)
    assert not run.problem
    assert len(run.lists) == 4  # a list for each subregion
    for key, decision in run.lists:
        assert decision.spent <= 213_500, key
        assert not decision.check()
    for gate in run.gates:
        assert 0 <= gate.met <= gate.came <= 20


def test_a_rule_that_nobody_meets_is_flagged(manager: Actor, team: Client, programme: Programme) -> None:
    data = plain(programme.rules)
    data["stages"][2]["thresholds"][0]["least"] = "50"
    data["stages"][2]["criteria"][1]["least"] = "0.01"
    acts.change_programme(manager, programme, read(data), seen=1)
    run = dry_run(programme.rules)
    flags = {gate.rule.en: gate for gate in run.gates}
    assert flags["Sum of part A"].nobody
    assert flags["Fit to needs"].everybody
    html = team.get(url("programme_trial", programme)).content.decode()
    assert "nobody meets it" in html
    assert "everybody meets it" in html


def test_a_trial_takes_what_is_typed_in_the_address(team: Client, programme: Programme) -> None:
    for query in (
        {"seed": "x"},
        {"seed": "9" * 99},
        {"pool": "NaN"},
        {"pool": "1e999"},
        {"pool": "250 000,50"},
    ):
        assert team.get(url("programme_trial", programme), query).status_code == 200
    run = team.get(url("programme_trial", programme), {"pool": "250 000"}).context["run"]
    assert sum(d.spent for _key, d in run.lists) <= 250_000


@pytest.mark.parametrize("seed", range(1, 13))
@pytest.mark.parametrize("code", CODES)
def test_any_trial_of_any_template_works(code: str, seed: int) -> None:
    run = dry_run(templates()[code], seed=seed)
    assert len(run.applications) == 20
    assert not run.problem, run.problem
