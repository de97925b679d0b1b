"""The way of four innovations after the decision: one into the library, one that failed, two on their way.

What happens is a list of steps, each with the day on which it happens, so that all four are told side by side
in order of time. Texts stand in `data/ways.toml`. All of it is invented.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.models import Call
from krzew.demo.clock import at
from krzew.trials.acts import diary, innovations
from krzew.trials.acts.steps import fresh
from krzew.trials.models import Innovation

DATA = Path(__file__).parent / "data" / "ways.toml"
TEXTS: dict[str, Any] = tomllib.loads(DATA.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Way:
    """One innovation, the people around it, and what they write."""

    key: int
    text: dict[str, Any]
    nina: Actor
    marta: Actor
    author: Actor

    @property
    def now(self) -> Innovation:
        return fresh(self.key)

    def who(self, name: str) -> tuple[Actor, bool]:
        """Who writes, and whether she is the innovator."""
        return (self.marta, False) if name == "marta" else (self.author, True)


Act = Callable[[Way], object]


@dataclass(frozen=True)
class Step:
    """What happens so many days ago."""

    ago: int
    act: Callable[[], object]


def begin(nina: Actor, marta: Actor, father: Actor, call: Call, now: datetime) -> dict[str, Way]:
    """Every selected application of the older call goes on."""
    with at(now - timedelta(days=358)):
        rows = {row.title: row for row in innovations.begin_all(nina, call)}
    ways = {}
    for name, text in TEXTS.items():
        row = rows[text["title"]]
        author = father if row.user_id else Actor.anonymous()
        ways[name] = Way(row.pk, text, nina, marta, author)
    return ways


def steps(way: Way, told: Iterable[tuple[int, Act]]) -> list[Step]:
    """The steps of one innovation with what stands in its diary."""
    notes = [Step(row["day"], partial(_note, way, row)) for row in way.text.get("diary", [])]
    return [*(Step(ago, partial(act, way)) for ago, act in told), *notes]


def go(all_steps: Iterable[Step], now: datetime, *, since: int, until: int) -> None:
    """Let everything happen that belongs to these days, the oldest first."""
    for step in _between(all_steps, since, until):
        with at(now - timedelta(days=step.ago)):
            step.act()


def _between(all_steps: Iterable[Step], since: int, until: int) -> Iterator[Step]:
    rows = sorted(all_steps, key=lambda step: -step.ago)
    return (step for step in rows if until <= step.ago < since)


def meet(way: Way) -> None:
    """Marta becomes its mentor, and everybody may read what it is."""
    innovations.name_mentor(way.nina, way.now, way.marta.user)
    shown = {name: way.text[name] for name in ("public_pl", "public_en")}
    row = way.now
    innovations.present(
        way.nina, row, seen=row.revision, shows_innovator=way.text["shows"], is_public=True, **shown
    )


def _note(way: Way, row: dict[str, Any]) -> None:
    """An entry of the diary; `ago` is the day that it tells about."""
    actor, innovator = way.who(row.get("by", ""))
    on = timezone.localdate() - timedelta(days=row.get("ago", row["day"]) - row["day"])
    hours = Decimal(row["hours"]) if "hours" in row else None
    said = {"kind": row["kind"], "text": row["text"], "why": row.get("why", "")}
    diary.note(actor, way.now, on=on, hours=hours, innovator=innovator, **said)
