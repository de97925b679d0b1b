"""Run by test_writers in a program of its own: many threads write to the chain at once."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

THREADS, EACH = 4, 25


def write_all() -> None:
    from django.db import connection

    from krzew.accounts.actors import Actor
    from krzew.accounts.models import Organisation
    from krzew.timeline.acts import record

    place = Organisation.objects.get_or_create(name="Pisarze", kind="gmina")[0]

    def write(thread: int) -> None:
        try:
            for i in range(EACH):
                record(Actor.system(), "test.written", place, data={"thread": thread, "i": i})
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    write_all()
    call_command("audit_verify")


if __name__ == "__main__":
    sys.exit(main())
