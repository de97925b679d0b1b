"""`krzew retention` and `krzew anonymise`: what may be kept no longer. Nothing is removed without a person's word."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated, Any

import typer
from django.db.models import ProtectedError
from django.utils import timezone

from krzew.accounts.actors import Actor
from krzew.calls.models import Application
from krzew.cli.main import console, fail
from krzew.timeline import keeping

retention = typer.Typer(help="What is past its time of keeping.", no_args_is_help=True)
anonymise = typer.Typer(help="Take a person out of what is kept.", no_args_is_help=True)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
Chosen = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; may be repeated.")]
Day = Annotated[
    datetime | None, typer.Option("--on", help="As it would be on this day.", formats=["%Y-%m-%d"])
]


def _kinds(names: list[str] | None) -> list[keeping.Kind]:
    known = keeping.kinds()
    if unknown := sorted(set(names or ()) - set(known)):
        raise fail(f"Unknown kind {', '.join(unknown)}. Known: {', '.join(known)}", 2)
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())


def _say(text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


@retention.command("due")
def due(kind: Chosen = None, on: Day = None) -> None:
    """List what is past its time and since when, and for what no period is set."""
    chosen = _kinds(kind)
    found = list(keeping.due(chosen, on.date() if on else None))
    _list(found)
    _say(f"{len(found)} things are past their time of keeping.")
    for one in chosen:
        for said in one.unset():
            _say(f"never due: {said}")


def _list(found: list[keeping.Due]) -> None:
    for one in found:
        _say(f"{one.since:%Y-%m-%d}  {one.kind:<14}{one.name}")


@retention.command("remove")
def remove(kind: Chosen = None, dry_run: DryRun = False, yes: Yes = False) -> None:
    """Remove what is past its time, for good. Each in a transaction of its own; safe to repeat."""
    known = keeping.kinds()
    found = list(keeping.due(_kinds(kind), timezone.localdate()))
    _list(found)
    if dry_run or not found:
        _say(f"{len(found)} would be removed." if dry_run else "Nothing is past its time of keeping.")
        return
    _ask(f"Remove {len(found)} for good?", yes)
    done = Counter(one.kind for one in found if _removed(known[one.kind], one))
    keeping.forget_pages()
    _say("Removed: " + (", ".join(f"{name} {count}" for name, count in done.items()) or "nothing"))
    if left := len(found) - done.total():
        raise fail(f"{left} could not be removed; the reasons stand above.")


def _removed(kind: keeping.Kind, one: keeping.Due) -> bool:
    """One that cannot be removed holds up no other. What the error says may name a person, so only its kind is told."""
    try:
        kind.remove(Actor.system(), one.thing)
    except Exception as error:
        why = "something else still needs it" if isinstance(error, ProtectedError) else type(error).__name__
        _say(f"not removed: {one.name}: {why}")
        return False
    return True


def _ask(question: str, yes: bool) -> None:
    if not yes and not typer.confirm(question):
        raise fail("Nothing was changed.")


@anonymise.command("application")
def application(
    which: Annotated[str, typer.Argument(help="Address of the call and number: nabor-2026/17")],
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Take every person out of one application; number, amounts, points and decisions stay."""
    from krzew.calls.acts.keeping import anonymise_application
    from krzew.calls.retention import OPEN, in_procedure

    row = _application(which)
    for line in _inventory(row):
        _say(line)
    if row.anonymised_at:
        _say(f"Done already, on {timezone.localtime(row.anonymised_at):%Y-%m-%d}.")
    elif in_procedure(row):
        raise fail(f"{which} {OPEN}.")
    elif not dry_run:
        _ask(f"Remove this from {which} for good?", yes)
        anonymise_application(Actor.system(), row)
        keeping.forget_pages()
        _say("Done.")


def _application(which: str) -> Application:
    slug, _slash, number = which.rpartition("/")
    rows = Application.objects.select_related("call__programme")
    found = rows.filter(call__slug=slug, number=int(number)).first() if number.isdecimal() else None
    if found is None:
        raise fail(f"There is no application {which}. Write it like nabor-2026/17.", 2)
    return found


def _inventory(row: Application) -> list[str]:
    """What goes and what stays, in numbers: not a word of what was written."""
    from krzew.calls.acts.keeping import letters_about
    from krzew.calls.applications import bare

    stage = row.call.rules.form
    kept = bare.answers(stage, row.answers, public=False) if stage else {}
    counts: dict[str, Any] = {
        "names, e-mails, telephones of": f"1 applicant and {row.members.count()} members",
        "texts": len(row.answers) - len(kept),
        "files": row.attachments.count(),
        "letters": letters_about(row).exclude(to_email="", body="").count(),
        "versions in which this stands": row.versions.count(),
        "reasons and notes of": f"{row.readings.count()} assessments and {row.decisions.count()} decisions",
    }
    goes = [f"goes: {name} {count}" for name, count in counts.items()]
    amount = "none" if row.amount is None else f"{row.amount}"
    return [
        *goes,
        f"stays: number {row.label}, state {row.state}, amount {amount}, place, times, points, outcomes",
        f"stays: answers for statistics: {', '.join(kept) or 'none'}",
    ]


@anonymise.command("person")
def person(
    email: Annotated[str, typer.Argument(help="The e-mail by which the person is known.")],
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Take one person out of everything that is known by her e-mail. What must wait is said, with exit code 1."""
    found = keeping.traces(email)
    for trace in found:
        _say(f"stays: {trace.name}: {trace.stays}" if trace.stays else f"goes: {trace.name}")
    if not found:
        _say("Nothing is kept under this e-mail.")
        return
    going = [trace for trace in found if trace.remove]
    if not dry_run and going:
        _ask(f"Take this person out of {len(going)} things for good?", yes)
        for trace in going:
            assert trace.remove is not None
            trace.remove(Actor.system())
        keeping.forget_pages()
        _say("Done.")
    if waiting := len(found) - len(going):
        raise fail(f"{waiting} things stay for now.")
