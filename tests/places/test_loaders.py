"""Loading: idempotent, whole or not at all, and it leaves imported figures alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.permissions import Denied
from krzew.places import loaders
from krzew.places.acts import load_places
from krzew.places.matrix import data_version
from krzew.places.models import Change, Dataset, Indicator, Unit, UnitVersion, Value
from krzew.timeline.models import Event

pytestmark = pytest.mark.usefixtures("places_loaded")


def counts() -> list[int]:
    return [model.objects.count() for model in (Unit, UnitVersion, Change, Indicator, Value, Dataset)]


def test_loading_again_changes_nothing() -> None:
    """Same rows, same data version, one event, imported figures kept, progress to the end."""
    dataset = Dataset.objects.create(code="own", kind="local", name="own", source="OPS", sha256="x")
    own = Value.objects.create(
        unit_id="300202", indicator_id="blue_cards", dataset=dataset, year=2024, value=12.5
    )
    before, version, events = counts(), data_version(), Event.objects.filter(act="places.loaded")
    had = events.count()
    told: list[tuple[str, int, int]] = []
    report = load_places(Actor.system(), lambda *step: told.append(step), force=True)
    assert not report.skipped
    assert counts() == before
    assert data_version() == version
    assert events.count() == had + 1
    assert Value.objects.filter(pk=own.pk).exists()
    assert told[-1] == ("values", report.values, loaders.tables()["tables"]["values.csv.gz"]["rows"])


def test_a_load_that_is_not_needed_is_skipped_without_an_event() -> None:
    had = Event.objects.count()
    assert load_places(Actor.system()).skipped
    assert Event.objects.count() == had


def test_a_cut_table_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "data"
    shutil.copytree(loaders.DATA, copy)
    values = copy / "values.csv.gz"
    values.write_bytes(values.read_bytes()[:200_000])
    before = counts()
    monkeypatch.setattr(loaders, "DATA", copy)
    with pytest.raises(EOFError):
        load_places(Actor.system(), force=True)
    assert counts() == before


def test_only_the_system_and_owners_of_a_support_centre_load(make_actor: Any) -> None:
    owner = make_actor("owner@example.org", "OWES", Role.OWNER)
    adviser = make_actor("adviser@example.org", "OWES", Role.ADVISER)
    mayor = make_actor("mayor@example.org", "Gmina", Role.OWNER, "gmina")
    assert load_places(owner).skipped
    for actor in (adviser, mayor, Actor.anonymous()):
        with pytest.raises(Denied, match="OWES"):
            load_places(actor, force=True)


def test_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_places")
    assert "already loaded" in capsys.readouterr().out
