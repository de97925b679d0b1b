"""Run by test_applications_deadline in programs of their own: a crowd saves and sends while the call closes.

`main` prepares a call and its drafts, starts workers, closes the call under them, kills one with -9, and
prints what each was told. Every application is written from two workers at once.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

APPLICATIONS, WORKERS, THREADS = 24, 4, 6
OPEN_SECONDS, AFTER_SECONDS = 2.0, 0.7


def say(line: str) -> None:
    """One write for a whole line, so that threads do not cut into each other."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def prepare() -> tuple[Any, list[int]]:
    from django.utils import timezone

    from krzew.accounts.actors import Actor
    from krzew.accounts.models import Membership, Organisation, User
    from krzew.calls.acts import programmes
    from tests.calls.applications_factory import draft
    from tests.calls.conftest import settled

    home = Organisation.objects.create(name="Inkubator", kind="incubator", confirmed_at=timezone.now())
    user = User.objects.create_user("nina@example.org")
    Membership.objects.create(user=user, organisation=home, role="manager")
    manager, now = Actor.of(user, home), timezone.now()
    call = programmes.prepare_call(
        manager,
        settled(manager, programmes.from_template(manager, "wlacznik")),
        name_pl="Nabór",
        name_en="Call",
        about_pl="Próba",
        about_en="A trial",
        opens_at=now - timedelta(days=1),
        submit_from=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
    )
    programmes.publish_call(manager, call)
    return call, [draft(call)[0].pk for _n in range(APPLICATIONS)]


def close_soon(call: Any) -> datetime:
    from django.utils import timezone

    from krzew.calls.models import Call

    at = timezone.now() + timedelta(seconds=OPEN_SECONDS)
    Call.objects.filter(pk=call.pk).update(closes_at=at)
    return at


class Worker:
    """One process of the server: threads that save and send, and say at once what they were told."""

    def __init__(self, keys: list[int], seed: int) -> None:
        self.keys, self.random = keys, random.Random(seed)

    def tell(self, what: str, key: int, **facts: Any) -> None:
        say(json.dumps({"what": what, "key": key, **facts}))

    def run(self) -> None:
        say("ready")
        until = time.monotonic() + float(sys.stdin.readline())
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda key: self.write(key, until), self.keys))

    def write(self, key: int, until: float) -> None:
        from django.db import connection

        begun = time.monotonic()
        press = begun + self.random.uniform(0.2, until - begun)
        try:
            while time.monotonic() < until:
                self.attempt("save", key, self.save)
                if time.monotonic() >= press:
                    self.attempt("submit", key, self.submit)
                    press += 0.4
        finally:
            connection.close()

    def attempt(self, what: str, key: int, do: Callable[[int], dict[str, Any]]) -> None:
        from django.core.exceptions import ValidationError

        from krzew.calls.acts.steps import Conflict
        from krzew.calls.states import WrongState

        try:
            self.tell(what, key, **do(key))
        except (ValidationError, Conflict, WrongState) as error:
            self.tell(f"{what} refused", key, why=type(error).__name__)

    def save(self, key: int) -> dict[str, Any]:
        from krzew.accounts.actors import Actor
        from krzew.calls.acts import applications as acts
        from krzew.calls.models import Application

        row = Application.objects.select_related("call").get(pk=key)
        text = f"{self.random.random()}"
        acts.save(Actor.anonymous(), row, seen=row.revision, answers={"test": text})
        return {"revision": row.revision, "text": text}

    def submit(self, key: int) -> dict[str, Any]:
        from krzew.accounts.actors import Actor
        from krzew.calls.acts import applications as acts
        from krzew.calls.models import Application

        row = Application.objects.get(pk=key)
        acts.submit(Actor.anonymous(), row, seen=row.revision)
        return {"number": row.number}


def share_out(keys: list[int]) -> list[list[int]]:
    """Each application to two workers."""
    return [[k for n, k in enumerate(keys) if w in (n % WORKERS, (n + 1) % WORKERS)] for w in range(WORKERS)]


def main() -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call, keys = prepare()
    connection.close()
    shares = share_out(keys)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [
        subprocess.Popen([sys.executable, __file__, json.dumps(share), str(n)], **pipes)  # type: ignore[call-overload]
        for n, share in enumerate(shares)
    ]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    closes_at = close_soon(call)
    for worker in workers:
        worker.stdin.write(f"{OPEN_SECONDS + AFTER_SECONDS}\n")
        worker.stdin.flush()
    time.sleep(OPEN_SECONDS / 2)
    workers[0].send_signal(signal.SIGKILL)
    said = [line for worker in workers for line in worker.communicate()[0].splitlines()]
    say(json.dumps({"closes_at": closes_at.isoformat(), "killed": shares[0], "said": _whole(said)}))
    say(json.dumps(kept(keys)))


def _whole(lines: list[str]) -> list[dict[str, Any]]:
    """A line that was cut off by the kill told nobody anything."""
    return [json.loads(line) for line in lines if line.endswith("}")]


def kept(keys: list[int]) -> dict[str, Any]:
    from krzew.calls.models import Application, Call
    from krzew.timeline.models import Event, Letter

    rows = Application.objects.filter(pk__in=keys).prefetch_related("versions")
    sent = Event.objects.filter(act="calls.application_submitted").values_list("object_id", flat=True)
    return {
        "last_number": Call.objects.get().last_number,
        "events": [int(key) for key in sent],
        "letters": [int(k) for k in Letter.objects.values_list("object_id", flat=True)],
        "applications": {row.pk: _plain(row) for row in rows},
    }


def _plain(row: Any) -> dict[str, Any]:
    return {
        "state": row.state,
        "number": row.number,
        "revision": row.revision,
        "text": row.answers["test"],
        "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
        "versions": [version.content["answers"]["test"] for version in row.versions.all()],
    }


if __name__ == "__main__":
    import django

    django.setup()
    if len(sys.argv) > 1:
        Worker(json.loads(sys.argv[1]), int(sys.argv[2])).run()
    else:
        main()
