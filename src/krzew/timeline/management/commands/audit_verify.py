"""Check that nobody has changed the record of what was done."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from krzew.timeline.models import ChainHead, Event
from krzew.timeline.queries import broken_links


class Command(BaseCommand):
    help = "Walk the chain of events. Exit code 0: it holds. 1: it does not; every break is listed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--expect",
            metavar="HASH",
            default="",
            help="last hash noted outside the database at an earlier time",
        )

    def handle(self, *args: Any, expect: str = "", **options: Any) -> None:
        breaks = [f"{broken.number}: {broken.reason}" for broken in broken_links()]
        if expect and not Event.objects.filter(hash=expect).exists():
            breaks.append(f"no event has the noted hash {expect}: the chain was written anew")
        if breaks:
            self.stdout.write("\n".join(breaks))
            self.stderr.write(f"The chain does not hold. Breaks: {len(breaks)}")
            sys.exit(1)
        head = ChainHead.objects.filter(pk=1).first() or ChainHead()
        self.stdout.write(f"The chain holds. Events: {head.number}. Last hash: {head.hash or '-'}")
