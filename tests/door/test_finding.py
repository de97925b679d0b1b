"""Finding: needs in plain words, the solutions that answer them, and the honest word that nothing fits."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import typer
from django.db import connections
from pytest_django import DjangoAssertNumQueries
from typer.testing import CliRunner

from krzew.accounts.actors import Actor
from krzew.cli import commands
from krzew.door.finding import Finding, Library, find
from krzew.door.finding.current import published, with_drafts
from krzew.door.finding.heard import CLEAR, hear
from krzew.door.thesaurus import BadTurtle, Concept, load, read, shipped, written
from krzew.door.thesaurus.concepts import AREA
from krzew.library import acts
from krzew.library.cards import empty_card
from krzew.library.loaders import read_cards

WIDOW = "Od kiedy zmarł mąż, rzadko wychodzę z domu i gubię się w lekach"
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def library() -> Library:
    """The shipped cards, read without a database."""
    return Library.of(card for _path, card in read_cards())


def first(finding: Finding, most: int = 3) -> list[str]:
    return [s.slug for need in finding.needs for s in need.solutions[:most]]


def made(slug: str, summary: str, **more: Any) -> dict[str, Any]:
    return empty_card(slug, "innovation", more.pop("name", slug), "") | {"summary_pl": summary} | more


# --- what is found -------------------------------------------------------------------------------
def test_two_needs_in_one_text_are_named_apart(library: Library) -> None:
    found = find(WIDOW, library=library)
    codes = [need.code for need in found.needs]
    assert "medicines" in codes
    assert len(found.needs) >= 2
    medicines = found.needs[codes.index("medicines")]
    assert medicines.label == "leki i ich branie o czasie"
    assert "lekach" in medicines.phrase
    right = next(s for s in medicines.solutions[:3] if s.slug == "inteligentny-organizer-do-lekow")
    assert "lekach" in right.words
    assert not found.nothing


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("demencja", "sciezka-treningu-umyslu"),
        ("praca po więzieniu", "spoldzielnia-osob-po-wiezieniu"),
        ("dogoterapią dla samotnych staruszków", "centrum-antydepresyjne"),
        ("mama nie umie obslugiwac paczkomatu ani bankomatu", "merkury"),
        ("bezdomnośc", "szlakiem-ludzi-bezdomnych"),
        ("mama zapomina o tabeltkach", "inteligentny-organizer-do-lekow"),
        ("s a m o t n o ś ć seniora na wsi", "mobilne-centrum-pomocy"),
    ],
)
def test_inflection_errors_and_missing_letters_do_not_matter(library: Library, text: str, slug: str) -> None:
    assert slug in first(find(text, library=library))


@pytest.mark.parametrize(
    "text",
    [
        "Cieknie mi kran w kuchni, a hydraulik nie odbiera od tygodnia. Kto mi to naprawi?",
        "wiza do ameryki",
        "Zgubiłem paszport, a w piątek lecę do Anglii.",
        "Pies sąsiada biega luzem, pogryzł mi kury i nikt nie chce zapłacić.",
        "asdf qwer zxcv",
        "???",
        "",
        "   \n ",
    ],
)
def test_nothing_fits_is_an_answer(library: Library, text: str) -> None:
    found = find(text, library=library)
    assert found.nothing
    assert first(found) == []


def test_a_matter_without_answer_is_still_named(library: Library) -> None:
    found = find("Cieknie mi kran, a hydraulik nie przychodzi", library=library)
    assert found.needs[0].label == "naprawy i awarie w domu"


def test_leki_are_not_leki_with_a_tail(library: Library) -> None:
    fear = find("Mam straszne lęki i nie wychodzę", library=library)
    assert "medicines" not in [need.code for need in fear.needs]


def test_nie_takes_back_what_it_denies(library: Library) -> None:
    index = library.index("pl")
    deaf = index.numbers["deaf"]
    assert hear("jestem głucha", index).raw()[deaf] > CLEAR
    assert hear("nie jestem głucha", index).raw()[deaf] == 0


def test_a_failed_test_is_shown_and_lowers_the_rank(library: Library) -> None:
    found = find("targi pracy w świetlicy wiejskiej", library=library)
    fair = next(s for n in found.needs for s in n.solutions if s.slug == "mobilna-gielda-pracy")
    assert fair.evidence in ("failed", "harmful")
    good = {"level": 2, "direction": "positive", "result_pl": "Działało."}
    bad = {"level": 2, "direction": "negative", "result_pl": "Nie zadziałało."}
    words = {"level": 2, "direction": "none", "result_pl": "W praktyce się nie sprawdziło, wyrzucono."}
    cards = [
        made(slug, "Prysznic i łazienka dla osób bezdomnych.", evidence=[item])
        for slug, item in (("b", bad), ("w", words), ("g", good))
    ]
    solutions = find("bezdomny nie ma się gdzie umyć", library=Library.of(cards)).needs[0].solutions
    assert solutions[0].slug == "g"
    assert {s.slug: s.evidence for s in solutions} == {"g": "tested", "b": "failed", "w": "failed"}


def test_scores_and_order_are_sound(library: Library) -> None:
    for _path, card in read_cards()[:20]:
        for need in find(card["summary_pl"], library=library).needs:
            scores = [s.score for s in need.solutions]
            assert scores == sorted(scores, reverse=True)
            assert all(0 < score <= 1 for score in scores)
            assert len({s.slug for s in need.solutions}) == len(scores) <= 5


def test_every_card_is_found_by_its_own_name(library: Library) -> None:
    missed = [
        c["slug"] for _p, c in read_cards() if c["slug"] not in first(find(c["name_pl"], library=library), 5)
    ]
    assert missed == []


@pytest.mark.parametrize("text", ["Ścieżka Feniksa", "ścieżkę feniksa", "Phoenix Path"])
def test_a_card_is_found_by_the_head_of_its_name(library: Library, text: str) -> None:
    assert first(find(text, library=library))[:1] == ["sciezka-feniksa"]


def test_the_same_text_gives_the_same_answer(library: Library) -> None:
    again = Library.of(reversed(library.cards))
    assert first(find(WIDOW, library=library)) == first(find(WIDOW, library=again))


def test_english_texts_and_labels(library: Library) -> None:
    found = find("My mother forgets to take her pills", library=library, language="en")
    assert "inteligentny-organizer-do-lekow" in first(found)
    assert any(need.label == "medicines and taking them on time" for need in found.needs)


def test_unknown_words_are_told(library: Library) -> None:
    assert "kwantyfikator" in find("Mój kwantyfikator i leki", library=library).unknown_words


def test_at_most_as_many_as_asked(library: Library) -> None:
    found = find(WIDOW, library=library, most_needs=1, most_solutions=2)
    assert len(found.needs) == 1
    assert len(found.needs[0].solutions) <= 2


# --- any library ---------------------------------------------------------------------------------
def test_a_library_of_texts_alone_is_enough() -> None:
    cards = [
        made("a", "Skrzynka, która o ustalonej porze wydaje tabletki i dzwoni do rodziny."),
        made("b", "Wieczory z planszówkami dla osamotnionych mieszkańców bloków."),
        made("c", "Kurs szycia dla kobiet, które opuściły męża stosującego przemoc."),
        made("d", "Ławki co sto metrów na drodze do przychodni."),
    ]
    other = Library.of(cards)
    assert first(find("babcia myli pigułki", library=other), 1)[:1] == ["a"]
    assert (
        first(find("siedzę sama w czterech ścianach, nie mam do kogo ust otworzyć", library=other), 1)[0]
        == "b"
    )
    assert first(find("mąż mnie bił, szukam zajęcia", library=other), 1)[0] == "c"
    assert find("cieknie kran", library=other).nothing


def test_boilerplate_of_a_catalogue_counts_for_nothing() -> None:
    line = "Z rozwiązania mogą korzystać szkoły, biblioteki i osoby bezdomne."
    cards = [made(f"c{i}", "Warsztaty ceramiki w klubie.", does_pl=line) for i in range(12)]
    assert find("bezdomny szuka noclegu", library=Library.of(cards)).nothing


def test_an_empty_library_answers_nothing() -> None:
    assert find(WIDOW, library=Library.of([])).nothing


# --- the published library -----------------------------------------------------------------------
@pytest.mark.django_db
def test_the_published_library_and_its_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    assert "inteligentny-organizer-do-lekow" in first(find(WIDOW))
    with django_assert_max_num_queries(4):
        find(WIDOW)


@pytest.mark.django_db
def test_a_withdrawn_solution_is_not_found() -> None:
    from krzew.library.models import Solution

    assert "merkury" in first(find("boję się bankomatu"))
    acts.withdraw(Actor.system(), Solution.objects.get(slug="merkury"), "Próba.")
    assert "merkury" not in first(find("boję się bankomatu"))


@pytest.mark.django_db
def test_drafts_only_when_asked_for() -> None:
    acts.import_draft(Actor.system(), made("nowe", "Latający hydrant dla strażaków z osiedla."))
    assert "nowe" not in {card["slug"] for card in published().cards}
    assert "nowe" in {card["slug"] for card in with_drafts().cards}


# --- the thesaurus -------------------------------------------------------------------------------
def test_the_thesaurus_is_whole() -> None:
    concepts = shipped()
    codes = {c.code for c in concepts}
    assert len(concepts) >= 250
    assert sum(len(c.forms("pl")) + len(c.hints("pl")) for c in concepts) >= 5000
    for concept in concepts:
        assert concept.label_pl, concept.code
        assert concept.label_en, concept.code
        assert {*concept.broader, *concept.related} <= codes, concept.code
        assert concept.forms("pl"), concept.code
    assert read(written(concepts, "a", "b")) == list(concepts)


def test_the_thesaurus_names_no_card() -> None:
    said = {form for c in shipped() for form in (*c.forms("pl"), *c.forms("en"))}
    assert not said & {card["slug"] for _path, card in read_cards()}


def test_broader_concepts_end_somewhere() -> None:
    by_code = {c.code: c for c in shipped()}
    for concept in by_code.values():
        seen, at = set(), concept
        while at.broader:
            assert at.code not in seen, concept.code
            seen.add(at.code)
            at = by_code[at.broader[0]]


def test_an_installation_adds_its_own_words() -> None:
    card = made("a", "Pomoc w braniu leków.")
    extra = [
        Concept("medicines", alt_pl=("prochole",)),
        Concept("klocki-x", AREA, "zabawa w kręgle", "bowling", alt_pl=("kręgle",)),
    ]
    assert first(find("prochole", library=Library.of([card], extra))) == ["a"]
    assert {c.code for c in load(extra)} - {c.code for c in load()} == {"klocki-x"}
    assert "medicines" not in [n.code for n in find("prochole", library=Library.of([card])).needs]


@pytest.mark.parametrize(
    "text", ['krzew:a a skos:Concept ; skos:prefLabel "a"@pl', "krzew:a ? .", 'k:a a "x" "y" .']
)
def test_a_broken_file_says_where(text: str) -> None:
    with pytest.raises(BadTurtle, match="line 1"):
        read(text)


# --- a model of the installer's choice -----------------------------------------------------------
def asked_model(text: str, cards: Sequence[Mapping[str, str]]) -> dict[str, float]:
    return {"merkury": 1.0} if "lekach" in text and cards else {}


def broken_model(text: str, cards: Sequence[Mapping[str, str]]) -> dict[str, float]:
    raise RuntimeError(text)


def test_a_model_may_add(library: Library, settings: Any) -> None:
    settings.KRZEW_MATCHER = f"{__name__}:asked_model"
    found = find(WIDOW, library=library)
    assert "merkury" in first(found)
    assert "inteligentny-organizer-do-lekow" in first(found)


def test_a_failing_model_changes_nothing_and_logs_no_word(
    library: Library, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    plain = find(WIDOW, library=library)
    settings.KRZEW_MATCHER = f"{__name__}:broken_model"
    with caplog.at_level(logging.DEBUG):
        assert find(WIDOW, library=library) == plain
    assert "RuntimeError" in caplog.text
    assert "lekach" not in caplog.text


# --- krzew find ----------------------------------------------------------------------------------
@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(connections, "close_all", lambda: None)
    app = typer.Typer()
    commands.register(app)
    return lambda *words, **more: CliRunner().invoke(app, ["find", *words], **more)


@pytest.mark.django_db
def test_find_prints_json(run: Run) -> None:
    shown = run(WIDOW, "--json")
    assert shown.exit_code == 0
    answer = json.loads(shown.stdout)
    need = next(n for n in answer["needs"] if n["code"] == "medicines")
    assert {"label", "solutions"} <= set(need)
    assert {"slug", "score", "words"} <= set(need["solutions"][0])


@pytest.mark.django_db
def test_find_reads_standard_input(run: Run) -> None:
    shown = run("-", input="gubię się w lekach\n")
    assert shown.exit_code == 0
    assert "Inteligentny organizer do leków" in shown.stdout


@pytest.mark.django_db
def test_find_says_that_nothing_fits(run: Run) -> None:
    shown = run("cieknie mi kran")
    assert shown.exit_code == 0
    assert "Nic w bibliotece na to nie odpowiada." in shown.stdout
    assert json.loads(run("cieknie mi kran", "--json").stdout)["nothing"] is True


@pytest.mark.django_db
def test_find_shows_numbers_first(run: Run) -> None:
    shown = run("nie chce mi się żyć").stdout
    assert shown.index("116 123") < len(shown)
    assert "800 70 2222" in shown


@pytest.mark.django_db
def test_find_without_text_is_wrong_use(run: Run) -> None:
    assert run("-", input="  ").exit_code == 2
