"""The `krzew` command: results, languages, exit codes, files."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from django.db import connections
from pyarrow import parquet
from typer.testing import CliRunner

from krzew.accounts.actors import Actor
from krzew.cli import catalogues, commands
from krzew.places.models import Unit
from krzew.timeline.acts import record

pytestmark = pytest.mark.usefixtures("library_loaded")
Run = Callable[..., Any]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call `krzew` with words. At its end a program closes its connections; here they are the test's own."""
    monkeypatch.setattr(connections, "close_all", lambda: None)
    app = typer.Typer()
    commands.register(app)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_json_has_the_promised_keys(run: Run) -> None:
    found = json.loads(run("diagnose", "300202", "--json").stdout)
    assert {"place", "data", "comparison_group", "problems", "solutions"} <= set(found)
    assert found["place"]["name"] == "Czarnków"
    assert found["data"]["vintages"]
    assert found["data"]["method_version"]
    assert len(found["comparison_group"]) == 30
    problem, solution = found["problems"][0], found["solutions"][0]
    assert problem["interval"][0] <= problem["severity"] <= problem["interval"][1]
    assert {"slug", "eligible", "score", "acceptability", "reasons", "questions"} <= set(solution)


def test_the_same_place_by_name_and_by_code(run: Run) -> None:
    by_code = run("diagnose", "300202", "--json").stdout
    assert run("diagnose", "Czarnków gmina wiejska", "--json").stdout == by_code


@pytest.mark.parametrize(("language", "word"), [("pl", "gmina wiejska"), ("en", "rural gmina")])
def test_the_table_for_people(run: Run, language: str, word: str) -> None:
    shown = run("diagnose", "300202", "--lang", language)
    assert shown.exit_code == 0
    assert word in shown.stdout


def test_a_repeated_name_lists_the_candidates(run: Run) -> None:
    answer = run("diagnose", "Bolesławiec")
    assert answer.exit_code == 2
    assert {"020101", "020102", "101801"} <= set(answer.stderr.split())


@pytest.mark.parametrize("name", ["Nigdzie", "999999", "3002", "powiat pilski", "<b>x</b>", ""])
def test_what_is_not_a_gmina_ends_with_2_and_words(run: Run, name: str) -> None:
    answer = run("diagnose", name)
    assert answer.exit_code == 2
    assert len(answer.stderr.strip()) > 20


def test_an_old_seven_digit_code_is_understood(run: Run) -> None:
    assert json.loads(run("diagnose", "3002022", "--json").stdout)["place"]["code"] == "300202"


def test_a_gmina_without_figures_says_so(run: Run) -> None:
    found = json.loads(run("diagnose", "120713", "--json").stdout)
    assert all(problem["severity"] is None or problem["interval"] for problem in found["problems"])
    assert found["notes"]


def test_every_gmina_as_csv_and_parquet(run: Run, tmp_path: Path) -> None:
    files = {kind: tmp_path / f"all.{kind}" for kind in ("csv", "parquet")}
    for kind, path in files.items():
        assert run("diagnose", "--all", "--format", kind, "-o", str(path)).exit_code == 0
    with files["csv"].open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == Unit.objects.filter(level="gmina").count() == 2479
    assert parquet.read_table(files["parquet"]).num_rows == 2479
    assert any(row["code"] == "300202" for row in rows)


def test_all_needs_a_file(run: Run) -> None:
    assert run("diagnose", "--all").exit_code == 2


@pytest.mark.parametrize(
    ("name", "start"), [("r.pdf", b"%PDF"), ("r.docx", b"PK"), ("r.csv", b"\xef\xbb\xbf")]
)
def test_report_files(run: Run, tmp_path: Path, name: str, start: bytes) -> None:
    path = tmp_path / name
    assert run("report", "300202", "-o", str(path), "--lang", "en").exit_code == 0
    assert path.read_bytes().startswith(start)


def test_a_report_that_cannot_be_written_says_why(run: Run, tmp_path: Path) -> None:
    answer = run("report", "300202", "-o", str(tmp_path / "missing" / "r.csv"))
    assert answer.exit_code == 1
    assert "Cannot write" in answer.stderr
    assert run("report", "300202", "-o", str(tmp_path / "r.exe")).exit_code == 2


def test_audit_finds_a_changed_row(run: Run) -> None:
    from django.db import connection

    for number in range(3):
        record(Actor.system(), "test.happened", Unit.objects.get(code="300202"), data={"n": number})
    assert run("audit", "verify").exit_code == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE timeline_event SET act = 'test.forged' WHERE number = 2")
    answer = run("audit", "verify")
    assert answer.exit_code == 1
    assert "2: " in answer.stdout


def test_every_command_has_help(run: Run) -> None:
    for words in (
        [],
        ["diagnose"],
        ["report"],
        ["places"],
        ["library"],
        ["audit"],
        ["setup"],
        ["serve"],
        ["bench"],
    ):
        answer = run(*words, "--help")
        assert answer.exit_code == 0
        assert len(answer.stdout) > 100


def test_catalogues_are_compiled_once(run: Run) -> None:
    catalogues.compile_catalogues()
    assert catalogues.compile_catalogues() == 0
