"""The seed catalogue keeps its promises: well formed, bilingual, sourced, honest about the unknown."""

from __future__ import annotations

import csv
import gzip
import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

SRC = Path(__file__).resolve().parents[2] / "src" / "krzew"
DATA = SRC / "library" / "data"
PLACES = SRC / "places" / "data"
Card = dict[str, Any]

CARDS: dict[str, Card] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((DATA / "solutions").glob("*.json"))
}


def each_card(check: Callable[[Card], None]) -> Callable[[], None]:
    """One test over all cards; it names every card that fails, with the reason."""

    @wraps(check)
    def over_all() -> None:
        broken: dict[str, str] = {}
        for slug, card in CARDS.items():
            try:
                check(card)
            except AssertionError as error:
                broken[slug] = str(error)
        assert broken == {}

    del over_all.__wrapped__  # type: ignore[attr-defined]  # pytest would ask for a fixture named card
    return over_all


def read_toml(path: Path, table: str) -> list[dict[str, Any]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))[table]


FACTS = {row["code"]: row for row in read_toml(DATA / "facts.toml", "fact")}
LEVELS = {row["level"]: row for row in read_toml(DATA / "evidence_levels.toml", "level")}
VOCABULARY = {
    name: {row["code"] for row in read_toml(PLACES / f"{name}.toml", name)}
    for name in ("groups", "domains", "needs")
}
INDICATORS = {row["code"] for row in read_toml(PLACES / "indicators.toml", "indicators")}


@cache
def units() -> dict[str, str]:
    with gzip.open(PLACES / "units.csv.gz", "rt", encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def fold(text: str) -> str:
    """Lower case without diacritics, so that people find a name however they type it."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ł", "l"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def walk(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, part
    if isinstance(part, dict):
        for key, value in part.items():
            yield from walk(value, f"{path}.{key}")
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from walk(value, f"{path}.{index}")


def objects(card: Card) -> Iterator[dict[str, Any]]:
    return (part for _, part in walk(card) if isinstance(part, dict))


def atoms(rule: dict[str, Any]) -> Iterator[dict[str, Any]]:
    parts = rule.get("all") or rule.get("any") or ([rule["not"]] if "not" in rule else None)
    if parts is None:
        yield rule
    for part in parts or []:
        yield from atoms(part)


# --- shape ---------------------------------------------------------------------------------------------


def test_the_catalogue_is_as_large_as_promised() -> None:
    kinds = [card["kind"] for card in CARDS.values()]
    assert 60 <= len(kinds) <= 68
    assert kinds.count("cooperative_model") >= 14


SCHEMA = json.loads((SRC / "library" / "card.schema.json").read_text(encoding="utf-8"))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@each_card
def test_card_follows_the_schema(card: Card) -> None:
    validator = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(card)] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda card: card.pop("summary_en"),
        lambda card: card.update(author="somebody"),
        lambda card: card["needs"][0].update(relevance=4),
        lambda card: card["evidence"][0].pop("source"),
        lambda card: card["exemplars"][0].update(code="3002"[:3]),
        lambda card: card["preconditions"][0].update(rule={"fact": "wtz_in_reach"}),
        lambda card: card["numbers"]["jobs"].pop("source"),
    ],
)
def test_schema_refuses_a_spoilt_card(spoil: Any) -> None:
    card = json.loads(json.dumps(CARDS["spoldzielnia-przy-wtz"]))
    spoil(card)
    assert list(Draft202012Validator(SCHEMA).iter_errors(card))


def test_slug_is_the_name_of_the_file() -> None:
    assert {stem: card["slug"] for stem, card in CARDS.items()} == {stem: stem for stem in CARDS}


@each_card
def test_codes_belong_to_the_vocabulary(card: Card) -> None:
    assert set(card["groups"]) <= VOCABULARY["groups"]
    assert set(card["domains"]) <= VOCABULARY["domains"]
    codes = [need["code"] for need in card["needs"]]
    assert set(codes) <= VOCABULARY["needs"]
    assert len(codes) == len(set(codes))


def test_every_need_that_a_diagnosis_can_find_has_a_solution() -> None:
    answered = {need["code"] for card in CARDS.values() for need in card["needs"]}
    assert VOCABULARY["needs"] - answered == set()


@each_card
def test_related_solutions_exist(card: Card) -> None:
    assert {link["slug"] for link in card["related"]} <= set(CARDS) - {card["slug"]}


# --- both languages ------------------------------------------------------------------------------------

PROPER = ("name", "title")  # a proper name may be the same in both languages


@each_card
def test_every_text_is_in_both_languages(card: Card) -> None:
    for part in objects(card):
        for key in [k for k in part if k.endswith(("_pl", "_en"))]:
            stem = key[:-3]
            assert {f"{stem}_pl", f"{stem}_en"} <= part.keys(), key
            assert stem in PROPER or part[f"{stem}_pl"] != part[f"{stem}_en"], part[key]


@each_card
def test_english_texts_are_not_polish(card: Card) -> None:
    """A Polish sentence in an English field shows by its small words."""
    small = re.compile(r"\b(jest|nie|oraz|który|która|które|się|przez|osób|dla)\b")
    for path, text in walk(card):
        if path.endswith("_en") and not path.endswith(("name_en", "title_en", "label_en")):
            assert not small.search(text), f"{path}: {text}"


# --- facts and their sources -----------------------------------------------------------------------------


@each_card
def test_every_source_named_is_listed_and_every_listed_one_is_named(card: Card) -> None:
    named = {part["source"] for part in objects(card) if "source" in part}
    listed = [source["id"] for source in card["sources"]]
    assert len(listed) == len(set(listed))
    assert named == set(listed)


@each_card
def test_what_was_read_only_in_a_copy_is_marked_unverified(card: Card) -> None:
    copies = {source["id"] for source in card["sources"] if source["kind"] == "third_party"}
    for part in objects(card):
        if "verified" in part and part.get("source") in copies:
            assert part["verified"] is False, part
    if all(source["kind"] == "third_party" for source in card["sources"]):
        assert card["verified"] is False


@each_card
def test_numbers_are_ranges_of_the_right_unit_and_unknown_ones_are_asked_for(card: Card) -> None:
    numbers = card["numbers"]
    for number in filter(None, [*numbers.values(), card["fit"]["months"]]):
        assert number["low"] <= number["high"]
        assert number["basis"] != "derived" or "note_pl" in number, "a derived number says how"
    if None in numbers.values() or card["licence"] is None or card["fit"]["investment_class"] == "unknown":
        assert len(card["asks"]) >= 2


@each_card
def test_evidence_level_is_derived_and_failure_does_not_raise_it(card: Card) -> None:
    for item in card["evidence"]:
        assert item["level"] in LEVELS
    assert card["fit"]["evidence_level"] == max(
        (e["level"] for e in card["evidence"] if e["direction"] != "negative"), default=0
    )


def test_levels_of_evidence_are_the_six_of_the_scale() -> None:
    assert sorted(LEVELS) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("slug", "direction"),
    [
        ("biustspinka", "negative"),
        ("mobilna-gielda-pracy", "negative"),
        ("mobilna-pomoc-terapeutyczna", "negative"),
        ("terapeuta-przestrzeni", "mixed"),
        ("lekki-wozek-aktywny", "mixed"),
        ("dostepny-stol-targowy", "mixed"),
        ("kody-qr-na-pomoc-seniorom", "mixed"),
    ],
)
def test_weak_and_negative_results_stay_visible(slug: str, direction: str) -> None:
    assert direction in {item["direction"] for item in CARDS[slug]["evidence"]}


# --- rules over a place ----------------------------------------------------------------------------------


@each_card
def test_rules_speak_only_of_known_facts_and_indicators(card: Card) -> None:
    codes = [condition["code"] for condition in card["preconditions"]]
    assert len(codes) == len(set(codes))
    for condition in card["preconditions"]:
        for atom in atoms(condition["rule"]):
            if "indicator" in atom:
                assert atom["indicator"] in INDICATORS
                continue
            yes_no = FACTS[atom["fact"]]["type"] == "yes_no"
            assert isinstance(atom["value"], bool) == yes_no, atom
            assert (atom["op"] == "is") == yes_no, atom


def test_every_fact_is_used_explained_and_has_someone_who_knows() -> None:
    used = {a.get("fact") for card in CARDS.values() for c in card["preconditions"] for a in atoms(c["rule"])}
    assert set(FACTS) == used - {None}
    for fact in FACTS.values():
        assert fact["type"] in ("yes_no", "number")
        assert ("unit_pl" in fact) == (fact["type"] == "number")
        for stem in ("question", "who", "explanation"):
            assert fact[f"{stem}_pl"]
            assert fact[f"{stem}_en"]
            assert fact[f"{stem}_pl"] != fact[f"{stem}_en"]


@each_card
def test_legal_conditions_name_article_act_and_date(card: Card) -> None:
    sources = {source["id"]: source for source in card["sources"]}
    for condition in card["preconditions"]:
        if condition["basis"] == "law" and condition["verified"]:
            source = sources[condition["source"]]
            assert source["kind"] == "primary"
            assert source["date"]
            assert "Dz.U." in source["label_pl"]
            assert re.search(r"art\. \d", condition["text_pl"] + condition["question_pl"])


@each_card
def test_a_cooperative_knows_the_law_on_founders(card: Card) -> None:
    if card["kind"] == "cooperative_model" and card["slug"] not in {"pub-spoldzielczy", "opieka-ze-smakiem"}:
        codes = {condition["code"] for condition in card["preconditions"]}
        assert codes & {"founders", "legal_founders"}
        assert "five_jobs_in_six_months" in codes


# --- the reference case ----------------------------------------------------------------------------------


def test_the_wtz_model_carries_the_figures_of_rowne_szanse() -> None:
    card = CARDS["spoldzielnia-przy-wtz"]
    numbers = {key: value["low"] for key, value in card["numbers"].items() if value}
    assert numbers["jobs"] == 8
    assert numbers["jobs_at_risk"] == 5
    assert numbers["months_to_registration"] == 12
    assert numbers["months_registration_to_open"] == 3.5
    assert (
        numbers["months_to_open"]
        == numbers["months_to_registration"] + numbers["months_registration_to_open"]
    )
    codes = {exemplar["code"] for exemplar in card["exemplars"]}
    assert codes == {"300202", "300504", "302807"}


@each_card
def test_places_exist(card: Card) -> None:
    known = units()
    for exemplar in card["exemplars"]:
        if exemplar["code"]:
            name = known[exemplar["code"]]
            assert fold(name)[:5] in fold(exemplar["place_text"]), (name, exemplar["place_text"])


# --- everything named can be found -------------------------------------------------------------------------

NAMED_INNOVATIONS = """\
BaWita|Senior CUDER|Merkury|Organizator kompleksowej opieki w miejscu zamieszkania
Przenośne modularne łazienki|Terapeuta przestrzeni|Talerze zdrowia|Therapy Set
Ścieżka treningu umysłu|Centrum antydepresyjne|Mobilne centrum pomocy dla osób starszych
E-rzecznik konsumenta seniora|Kody QR na pomoc seniorom|Edu gra HaHaHa|Gra o zdrowie
Inteligentny organizer do leków|Telerehabilitacja oddechowa|Mobilna giełda pracy|Ścieżka Feniksa
Szlakiem ludzi bezdomnych|Strażnik|Alarm Ally|Hear IT|koMIX życiowy|Bez presji z depresji
Himalaje autyzmu|Rodzina adopcyjna dorasta|Głuchy czytelnik w bibliotece|Zakupy bez barier
Nakręceni na aktywność|Moduły niezależności|BiustSPINKA|Szablony piękna|EV moduł do wózków
Dostępny stół targowy|Cloudleg|Lekki wózek aktywny|Gramy w Teatr|Hollywood w kieszeni
Ludzie Ludziom|Zielone miejsca pracy|Kuźnia|Wibraap|Hop Hop|Paszport pacjenta z chorobą rzadką
Dobra Kawiarnia|Spółdzielnia Socjalna Furia|Stowarzyszenie EKON|Spółdzielnia Socjalna Arka
Progetto Quid|Ruffboards|Model WTZ"""
NAMED_MODELS = """\
Arka|Furia|Równe Szanse|Serce|Wspólny Sukces|Gębice
Innowacyjny model aktywizacji zawodowej uczestników WTZ
Praca w spółdzielni socjalnej alternatywą dla eksmisji|Razem do sukcesu
Centrum Usług Środowiskowych|Pub Spółdzielczy|Opieka ze smakiem|Kropka|żłobek|przedszkole
turystyka|CIS|bezdomność|uzależnieni|byli więźniowie|ochrona zdrowia|środowisko"""
NAMES = [
    name
    for block in (NAMED_INNOVATIONS, NAMED_MODELS)
    for line in block.splitlines()
    for name in line.split("|")
]


def titles(card: Card) -> list[str]:
    return [
        card["name_pl"],
        card["name_en"],
        *card["aliases"],
        *(exemplar["name"] for exemplar in card["exemplars"]),
    ]


def test_everything_that_the_sources_name_is_found_by_its_name() -> None:
    known = [fold(title) for card in CARDS.values() for title in titles(card)]
    assert [name for name in NAMES if not any(fold(name) in title for title in known)] == []


def test_one_thing_has_one_card() -> None:
    names = [fold(card["name_pl"]) for card in CARDS.values()]
    assert len(names) == len(set(names))
    owners: dict[str, list[str]] = {}
    for slug, card in CARDS.items():
        for alias in {fold(alias) for alias in card["aliases"]}:
            owners.setdefault(alias, []).append(slug)
    for name in ("furia", "arka", "model wtz", "rowne szanse", "kropka", "kuznia", "pub"):
        assert len(owners[name]) == 1, name


# --- no persons ---------------------------------------------------------------------------------------------

FIRST_NAMES = """\
Adam Agnieszka Aleksandra Andrzej Anna Barbara Bartosz Bogdan Bogumiła Cezary Dorota Elżbieta Ewa
Grzegorz Hanna Iwona Jacek Jan Janusz Jerzy Joanna Jolanta Julia Justyna Karolina Katarzyna Krystyna
Krzysztof Łukasz Maciej Magda Magdalena Małgorzata Malwina Marcin Marek Maria Mariusz Marta Michał
Monika Natalia Oktawiusz Patryk Paulina Paweł Piotr Przemysław Renata Robert Sebastian Stanisław
Sylwia Tadeusz Tomasz Urszula Wioletta Wojciech Zbigniew Zofia"""
PERSON = re.compile(rf"\b({'|'.join(FIRST_NAMES.split())})\w{{0,3}} [A-ZŁŚŻŹĆ]\w+")
CONTACT = re.compile(r"[\w.]+@[\w.]+\.\w+|\b(?:\+48 ?)?\d{3}[ -]\d{3}[ -]\d{3}\b")


@each_card
def test_no_person_is_named_and_no_contact_leaks(card: Card) -> None:
    for path, text in walk(card):
        if isinstance(text, str) and not path.endswith("address"):
            assert not PERSON.search(text), f"{path}: {text}"
            assert not CONTACT.search(text), f"{path}: {text}"


def test_the_check_for_persons_can_fail() -> None:
    assert PERSON.search("Prezesem został Jan Kowalski.")
    assert CONTACT.search("tel. 510 255 658")
    assert CONTACT.search("biuro@example.pl")
