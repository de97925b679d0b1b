"""The library as a file: out and in again, foreign catalogues, and files made to harm."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.library import acts, exchange
from krzew.library.exchange import ImportReport, export, import_library, read_mapping
from krzew.library.models import Facet, Solution, SolutionVersion
from krzew.library.reading import MOST_BYTES, BadFile
from krzew.library.validation import schema
from tests.library.conftest import new_card

pytestmark = pytest.mark.django_db

FOREIGN = {
    "catalogue": {
        "items": [
            {
                "id": "Pralnia Społeczna",
                "title": "Pralnia",
                "for": ["seniorzy"],
                "tags": "pranie; praca",
                "steps": ["Kupić pralki"],
            },
            {"id": "Bank Czasu", "title": "Bank czasu", "for": ["kosmici"]},
            {"id": "Bez nazwy", "for": ["seniorzy"]},
            "not an object",
        ]
    }
}
MAPPING = {
    "entries": "catalogue.items",
    "fields": {
        "slug": {"path": "id", "slugify": True},
        "kind": {"const": "innovation"},
        "name_pl": "title",
        "groups": {"path": "for", "map": {"seniorzy": "older"}},
        "aliases": {"path": "tags", "split": ";"},
        "steps": {"path": "steps", "each": {"text_pl": ".", "text_en": {"const": ""}}},
        "sources": {"const": []},
    },
}


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with override("en"):
        yield


def take(actor: Actor, value: Any, name: str = "library.json", **options: Any) -> ImportReport:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return import_library(actor, content, name, **options)


def empty_library() -> None:
    """As on another installation: no foreign keys hold the rows, so they go by raw deletion."""
    Solution.objects.update(current=None)
    Facet.objects.all().delete()
    SolutionVersion.objects.all()._raw_delete(using="default")
    Solution.objects.all().delete()


def stable(exported: dict[str, Any]) -> list[dict[str, Any]]:
    left_out = ("published_at", "keeper", "number", "withdrawn")
    return [{k: v for k, v in row.items() if k not in left_out} for row in exported["solutions"]]


def test_export_follows_its_schema(library_loaded: None) -> None:
    own = json.loads((Path(exchange.__file__).parent / "library.schema.json").read_text())
    registry: Registry[Any] = Registry().with_resource(schema()["$id"], Resource.from_contents(schema()))
    errors = list(Draft202012Validator(own, registry=registry).iter_errors(export()))
    assert errors == []


def test_round_trip(editor: Actor, published: SolutionVersion) -> None:
    acts.withdraw(editor, published.solution, "Zmieniło się prawo.")
    before = export()
    empty_library()
    report = take(Actor.system(), before)
    assert len(report.published) == len(before["solutions"])
    assert report.refused == []
    assert stable(export()) == stable(before)
    assert Solution.objects.get(slug="nowa-karta").withdrawn_reason == "Zmieniło się prawo."


def test_importing_twice_changes_nothing(library_loaded: None) -> None:
    versions = SolutionVersion.objects.count()
    report = take(Actor.system(), export())
    assert report.published == []
    assert len(report.same) == Solution.objects.count()
    assert SolutionVersion.objects.count() == versions


def test_only_editors_import(adviser: Actor) -> None:
    with pytest.raises(Denied):
        take(adviser, export())


def test_an_editor_cannot_overwrite_what_others_keep(other_editor: Actor, published: SolutionVersion) -> None:
    changed = {"solutions": [{"card": published.card | {"name_pl": "Przejęta"}}]}
    report = take(other_editor, changed, partial=True)
    assert "looks after" in report.refused[0].reasons[0]
    assert Solution.objects.get(slug="nowa-karta").current == published


def test_nothing_is_half_loaded(editor: Actor, card: dict[str, Any]) -> None:
    good, bad = {"card": card}, {"card": card | {"slug": "zla", "summary_pl": ""}}
    report = take(editor, {"solutions": [good, bad]})
    assert not report.written
    assert [refusal.where for refusal in report.refused] == ["entry 2"]
    assert not Solution.objects.filter(slug__in=["nowa-karta", "zla"]).exists()
    partial = take(editor, {"solutions": [good, bad]}, partial=True)
    assert partial.written
    assert partial.published == ["nowa-karta"]
    assert not Solution.objects.filter(slug="zla").exists()


def test_a_changed_card_does_not_agree_with_its_hash(editor: Actor, published: SolutionVersion) -> None:
    exported = export()
    row = next(row for row in exported["solutions"] if row["card"]["slug"] == "nowa-karta")
    row["card"]["name_pl"] = "Podmieniona"
    report = take(editor, {"solutions": [row]})
    assert "hash" in report.refused[0].reasons[0]


def test_duplicate_addresses_in_one_file(editor: Actor, card: dict[str, Any]) -> None:
    report = take(editor, {"solutions": [{"card": card}, {"card": card | {"name_pl": "Inna"}}]})
    assert [r.where for r in report.refused] == ["entry 2"]
    assert "entry 1" in report.refused[0].reasons[0]


def test_a_foreign_catalogue(editor: Actor) -> None:
    mapping = read_mapping(json.dumps(MAPPING).encode(), "mapping.json")
    report = take(editor, FOREIGN, mapping=mapping, partial=True)
    assert report.drafts == ["pralnia-spoleczna"]
    assert [(r.where, r.reasons[0].split(":")[0]) for r in report.refused] == [
        ("entry 2", "“groups”"),
        ("entry 3", "“name_pl” is missing or is not a text"),
        ("entry 4", "is not an object with fields"),
    ]
    version = SolutionVersion.objects.get(solution__slug="pralnia-spoleczna")
    assert version.state == "draft"
    assert version.organisation == editor.organisation
    assert version.card["groups"] == ["older"]
    assert version.card["aliases"] == ["pranie", "praca"]
    assert version.card["steps"] == [{"text_pl": "Kupić pralki", "text_en": ""}]


def test_a_foreign_catalogue_in_csv_and_lines(editor: Actor) -> None:
    mapping = {
        "fields": MAPPING["fields"] | {"groups": {"path": "for", "split": ",", "map": {"seniorzy": "older"}}}
    }
    table = b'id;title;for\nA1;Pralnia;seniorzy\nB2;Bank;"seniorzy,kosmici"\n'
    report = take(editor, table, "list.csv", mapping=mapping, partial=True)
    assert report.drafts == ["a1"]
    assert [r.where for r in report.refused] == ["line 3"]
    lines = b'{"id": "C3", "title": "Kawiarnia", "for": "seniorzy"}\n\n{"id": "D4"}\n'
    report = take(editor, lines, "list.jsonl", mapping=mapping, partial=True)
    assert report.drafts == ["c3"]
    assert [r.where for r in report.refused] == ["line 3"]


def test_a_foreign_entry_with_markup_is_refused(editor: Actor) -> None:
    items = [{"id": "x1", "title": "<script>alert(1)</script>", "for": []}]
    report = take(editor, {"catalogue": {"items": items}}, mapping=MAPPING)
    assert "markup" in report.refused[0].reasons[0]
    assert not Solution.objects.filter(slug="x1").exists()


@pytest.mark.parametrize("slug", ["", "compare", "Zła", "a" * 300, "abc\n", "a/b"])
def test_foreign_addresses_are_checked(editor: Actor, slug: str) -> None:
    fields = MAPPING["fields"] | {"slug": "id"}
    report = take(editor, [{"id": slug, "title": "Nazwa", "for": []}], mapping={"fields": fields})
    assert len(report.refused) == 1
    assert not report.written


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "x.json", "not valid JSON: line 1"),
        (b'{"solutions": [}', "x.json", "line 1, column"),
        (b"[" * 100_000, "x.json", "nested deeper"),
        (b"[" * 40 + b"]" * 40, "x.json", "nested deeper"),
        (b'{"solutions": 5}', "x.json", "no list of entries"),
        (b'{"other": []}', "x.json", "no list of entries"),
        (b"[]", "x.json", "no list of entries"),
        (b'{"a": 1, "a": 2}', "x.json", "twice"),
        (b'{"a": NaN}', "x.json", "not a number"),
        ("żółć".encode("cp1250"), "x.json", "UTF-8"),
        (b"\xff\xfe\x00", "x.csv", "UTF-8"),
        (b" " * (MOST_BYTES + 1), "x.json", "20 MB"),
        (b"a;b\n1;2;3\n", "x.csv", "line 2 has more columns"),
        (b"x = [", "x.toml", "not valid TOML"),
    ],
)
def test_hostile_files(editor: Actor, content: bytes, name: str, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        take(editor, content, name)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        5,
        "x",
        [],
        {},
        {"card": None},
        {"card": []},
        {"card": {}},
        {"card": {"slug": {"a": 1}}},
        {"card": {"slug": "a\x00b"}},
    ],
)
def test_wrong_types_are_reported_and_nothing_is_written(editor: Actor, entry: Any) -> None:
    before = Solution.objects.count()
    report = take(editor, {"solutions": [entry]})
    assert len(report.refused) == 1
    assert report.refused[0].reasons[0]
    assert Solution.objects.count() == before


@pytest.mark.parametrize(
    "mapping",
    [
        {},
        {"fields": {}},
        {"fields": MAPPING["fields"] | {"colour": "x"}},
        {"fields": MAPPING["fields"] | {"door": {"pth": "x"}}},
        {"fields": MAPPING["fields"] | {"door": 5}},
        [],
    ],
)
def test_a_faulty_mapping_is_explained(mapping: Any) -> None:
    with pytest.raises(BadFile, match="mapping"):
        read_mapping(json.dumps(mapping).encode(), "mapping.json")


def test_commands(tmp_path: Path, library_loaded: None) -> None:
    file = tmp_path / "library.json"
    call_command("library_export", output=file)
    out = StringIO()
    call_command("library_import", file, stdout=out)
    assert "0 refused" in out.getvalue()
    file.write_text(json.dumps({"solutions": [{"card": new_card("zla", needs=[])}]}))
    errors = StringIO()
    with pytest.raises(CommandError, match="nothing was written"):
        call_command("library_import", file, stderr=errors)
    assert "entry 1 (zla): needs" in errors.getvalue()
