"""The commands: exit codes, dry runs, what they print."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command

from krzew.places.importers import console
from krzew.places.importers.bdl_client import BdlClient
from krzew.places.importers.outcome import Outcome
from krzew.places.importers.problems import refuse
from krzew.places.importers.reading import MEGABYTE
from krzew.places.models import Boundary, Dataset, Unit, Value
from tests.places.importers.support import DATA, FakeBdl, row, terc_file, terc_lines

pytestmark = pytest.mark.usefixtures("places_loaded")

FIGURES = "kod;wskaźnik;rok;wartość;źródło\n300202;care_waiting;2024;3,2;[bold]OPS[/bold]\n"


def run(*arguments: Any) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(*map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def to_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to_file


def test_figures(write: Any) -> None:
    path = write("dane.csv", FIGURES)
    assert run("import_figures", path, "--dry-run")[1].startswith("Would add 1")
    assert not Value.objects.filter(dataset__kind="local").exists()
    assert run("import_figures", path)[:2][0] == 0
    assert "Nothing changed" in run("import_figures", path)[1]


def test_refused_figures(write: Any) -> None:
    code, out, err = run("import_figures", write("dane.csv", FIGURES + "1;2;3;4;5\n"))
    assert (code, out) == (1, "")
    assert "line 3" in err
    assert not Dataset.objects.filter(kind="local").exists()


def test_a_file_just_below_thirty_megabytes_is_loaded_whole(write: Any) -> None:
    places = list(Unit.objects.filter(level="gmina").values_list("code", flat=True))
    rows = [
        f"{code};care_waiting;{year};1,5;OPS;{'z' * 1100}" for code in places for year in range(2014, 2025)
    ]
    path = write("duże.csv", "\n".join(["kod;wskaźnik;rok;wartość;źródło;uwagi", *rows]))
    assert 29 * MEGABYTE < path.stat().st_size < 30 * MEGABYTE
    assert f"Added {len(rows):,}".replace(",", "") in run("import_figures", path)[1].replace(",", "")
    assert Value.objects.filter(dataset__kind="local").count() == len(rows)


def test_a_file_above_thirty_megabytes_is_refused_with_what_to_do(write: Any) -> None:
    code, out, err = run("import_figures", write("za duże.csv", FIGURES.encode() + b"\n" * 30 * MEGABYTE))
    assert (code, out) == (1, "")
    assert "larger than 30 MB" in err
    assert "Split it" in err
    assert not Dataset.objects.filter(kind="local").exists()


def test_a_file_that_is_not_there() -> None:
    assert run("import_figures", "/nie/ma.csv")[0] == 1


def test_wrong_use() -> None:
    with pytest.raises(CommandError, match="required"):
        run("import_figures")
    with pytest.raises(CommandError) as wrong:
        run("import_ozps", DATA / "terc_2026.csv")
    assert wrong.value.returncode == console.WRONG_USE


def test_ozps(write: Any) -> None:
    write("ozps.toml", '[labels]\n"Niebieskie Karty" = "blue_cards"\n')
    path = write("ozps.csv", "Wskaźnik;2023;2024 (prognoza)\nNiebieskie Karty;0;2\n")
    code, out, _err = run("import_ozps", path, "--place", "300202")
    assert code == 0
    assert "2024 (prognoza)" in out
    assert run("import_ozps", path)[0] == 1  # no place stated


def test_boundaries() -> None:
    code, out, _err = run("import_boundaries", DATA / "gminas.json", "--tolerance", "0")
    assert code == 0
    assert "Added 3" in out
    assert Boundary.objects.filter(pk="300202").exists()
    assert run("import_boundaries", DATA / "gminas.json", "--projection", "EPSG:2180")[0] == 1


def test_teryt(write: Any) -> None:
    path = write("terc.csv", terc_file(terc_lines("2026-01-01")).data)
    assert run("sync_teryt", path)[0] == 0
    assert run("sync_teryt", DATA / "terc_2020.csv")[0] == 1


def test_bdl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    settings.KRZEW_VAR = tmp_path
    service = FakeBdl([row("023015702022", (2023, 5, 1), (2024, 6, 1))], measureUnitName="osoba")
    original = BdlClient.from_settings
    monkeypatch.setattr(BdlClient, "from_settings", lambda: original(httpx.MockTransport(service)))
    code, out, err = run("sync_bdl", "population", "--years", "2023-2024")
    assert (code, err) == (0, "")
    assert "population: Added 2" in out
    code, out, err = run("sync_bdl", "population", "unemployed")
    assert code == 1  # the second variable is not what was declared; the first is done all the same
    assert "Nothing changed" in out
    assert "differ in" in err


def test_bdl_wrong_use() -> None:
    for arguments in ([], ["nieznany"], ["population", "--years", "dwa"]):
        with pytest.raises(CommandError) as wrong:
            run("sync_bdl", *arguments)
        assert wrong.value.returncode == console.WRONG_USE
    assert "79214" in run("sync_bdl", "--list")[1]


def test_labels_are_not_read_as_markup() -> None:
    def action(progress: Any) -> Outcome:
        progress(1, 2, "[/bold] [link=x]")
        return Outcome(added=1, notes=["[bold]name[/bold]"])

    out = StringIO()
    assert console.run(action, out, StringIO()) == console.DONE
    assert "[bold]name[/bold]" in out.getvalue()


def test_refusal_goes_to_the_error_stream() -> None:
    out, err = StringIO(), StringIO()
    assert console.run(lambda progress: refuse("nie tak"), out, err) == console.REFUSED
    assert (out.getvalue(), "nie tak" in err.getvalue()) == ("", True)
