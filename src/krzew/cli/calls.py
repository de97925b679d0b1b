"""`krzew calls`: what is done around calls without a page."""

from __future__ import annotations

from typing import Annotated

import typer

from krzew.cli.main import console

calls = typer.Typer(help="Calls for ideas: reminders.", no_args_is_help=True)
calls.callback()(lambda: None)  # keeps a group of one command a group

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")]


@calls.command("remind")
def remind(dry_run: DryRun = False) -> None:
    """Remind authors of drafts before a call closes. Safe to repeat: nobody is reminded twice of the same day."""
    from krzew.calls.acts import reminders
    from krzew.calls.queries.reminders import due

    if not dry_run:
        console.print(f"{reminders.remind()} letters", highlight=False)
        return
    for one in due():
        call = one.application.call
        console.print(
            f"draft {one.application.pk}: {call.slug}, {one.days} days before {call.closes_at:%Y-%m-%d %H:%M} UTC",
            highlight=False,
        )
