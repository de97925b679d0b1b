"""Run by test_uploads in a program of its own: a new house with one draft, served by the real server."""

from __future__ import annotations

import json
import sys


def main(port: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from tests.calls.applications_crowd import prepare, say
    from tests.calls.applications_factory import draft

    call, _keys = prepare()
    row, token = draft(call)
    from krzew.cli.server import house_server
    from krzew.wsgi import application

    server = house_server(application, "127.0.0.1", port, 4)
    say(json.dumps({"token": token, "title": row.title}))
    server.run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
