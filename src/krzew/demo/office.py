"""The front door in the demonstration: what people left, what Olga answered, what stands on the board."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from krzew.accounts.actors import Actor
from krzew.demo.ways import Step
from krzew.door.acts import board, canned, cases, needs
from krzew.door.acts.needs import Left
from krzew.door.models import Case, CaseKind, Need, Offer
from krzew.places.models import Unit

DATA = Path(__file__).parent / "data" / "office.toml"
TEXTS: dict[str, Any] = tomllib.loads(DATA.read_text(encoding="utf-8"))
NOBODY = Actor.anonymous()
FIRST = 69


def steps(olga: Actor, marta: Actor) -> list[Step]:
    """What happens at the door, day by day; nothing when it was told before."""
    if Need.objects.filter(is_demo=True).exists():
        return []
    found = [Step(FIRST, partial(_keep_ready, olga))]
    for row in TEXTS["needs"]:
        found += _need_steps(row, olga, marta)
    for row in TEXTS["notices"]:
        found += _notice_steps(row, olga)
    return [*found, Step(TEXTS["question"]["ago"], _ask)]


def _keep_ready(olga: Actor) -> None:
    for row in TEXTS["canned"]:
        canned.keep_canned(olga, None, title=row["title"], text_pl=row["pl"], text_en=row["en"])


# --- needs and their cases ---------------------------------------------------------------------------


def _need_steps(row: dict[str, Any], olga: Actor, marta: Actor) -> Iterator[Step]:
    """The need first; what follows finds its case by what the first step kept."""
    opened: list[Case] = []
    yield Step(row["ago"], partial(_leave, row, opened))
    for then in row.get("then", []):
        yield Step(then["ago"], partial(_then, then, opened, olga, marta))


def _leave(row: dict[str, Any], opened: list[Case]) -> None:
    said = {name: row[name] for name in ("text", "sender", "name", "email", "phone", "whom") if name in row}
    left = Left(
        consent=True,
        is_demo=True,
        place=Unit.objects.get(code=row["place"]),
        people=row.get("people"),
        wants_news=row.get("news", False),
        language=row.get("language", "pl"),
        **said,
    )
    case, _token, _rows = needs.keep(NOBODY, left)
    if case is not None:
        opened.append(case)


def _then(then: dict[str, Any], opened: list[Case], olga: Actor, marta: Actor) -> None:
    case = Case.objects.get(pk=opened[0].pk)
    happens: dict[str, Callable[[], object]] = {
        "answer": lambda: cases.answer(olga, case, then["text"], closes=then.get("closes", False)),
        "write": lambda: cases.write(NOBODY, case, then["text"]),
        "note": lambda: cases.note(olga, case, then["text"]),
        "hand": lambda: _hand(olga, case, marta, then["text"]),
    }
    happens[then["act"]]()


def _hand(olga: Actor, case: Case, marta: Actor, why: str) -> None:
    """To somebody who knows: she sees this case and no other."""
    assert marta.user is not None
    cases.hand_over(olga, case, marta.user, why)


def _ask() -> None:
    row = TEXTS["question"]
    cases.open_case(NOBODY, CaseKind.QUESTION, text=row["text"], name=row["name"], email=row["email"])


# --- the board ---------------------------------------------------------------------------------------


def _notice_steps(row: dict[str, Any], olga: Actor) -> Iterator[Step]:
    put: list[Offer] = []
    yield Step(row["ago"], partial(_put_in, row, put))
    if "published" in row:
        yield Step(row["published"], lambda: board.publish(olga, put[0]))
    if "reply" in row:
        yield Step(row["reply"]["ago"], partial(_reply, row["reply"], put))


def _put_in(row: dict[str, Any], put: list[Offer]) -> None:
    names = ("kind", "subject", "title", "text", "shown_as", "email")
    place = Unit.objects.get(code=row["place"])
    offer, _token = board.put_in(NOBODY, consent=True, place=place, **{name: row[name] for name in names})
    put.append(offer)


def _reply(row: dict[str, Any], put: list[Offer]) -> None:
    said = {name: row[name] for name in ("text", "name", "email")}
    board.reply(NOBODY, Offer.objects.get(pk=put[0].pk), consent=True, **said)
