"""The call whose last minutes are tried: its drafts, its closing, and what is kept in the end.

    python -m bench.incubator.deadline prepare APPLICANTS     drafts in which nothing is missing, with their links
    python -m bench.incubator.deadline close EPOCH            when the call closes
    python -m bench.incubator.deadline kept                   what the database holds

Each prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402

from krzew.accounts.actors import Actor  # noqa: E402
from krzew.accounts.models import Membership, Organisation, Role, User  # noqa: E402
from krzew.calls.acts import applications, applications_people, programmes  # noqa: E402
from krzew.calls.definition import templates  # noqa: E402
from krzew.calls.models import Application, Call  # noqa: E402
from krzew.timeline.models import Event, Letter  # noqa: E402

SLUG = "ostatnia-minuta"
WORDS = (
    "Warsztat w stodole, w którym sąsiedzi uczą się naprawiać rowery i oddają je tym, którzy ich potrzebują."
)
ANSWERS = {
    "title": "Rowery z drugiej ręki",
    "problem": WORDS,
    "recipients": WORDS,
    "solution": WORDS,
    "test": WORDS,
    "amount": "20000",
}


def prepare(count: int) -> list[tuple[int, str, dict[str, str]]]:
    call = _call()
    stage = call.rules.form
    assert stage is not None
    found = []
    nobody = Actor.anonymous()
    for n in range(count):
        row, token = applications.start(nobody, call, kind="person")
        contact = {"name": f"Osoba Zmyślona {n}", "address": "Zmyślona 1, 64-700 Czarnków"}
        contact |= {"phone": "600 000 000", "email": f"osoba{n}@example.org"}
        answers = ANSWERS | {"title": f"Rowery z drugiej ręki {n}"}
        applications.save(nobody, row, seen=0, answers=answers | {"about": WORDS}, applicant=contact)
        applications_people.set_ticks(nobody, row, {one.code for one in stage.declarations})
        found.append((row.pk, token, answers))
    return found


def _call() -> Call:
    home = Organisation.objects.create(
        name="Inkubator Zmyślony", kind="incubator", confirmed_at=timezone.now()
    )
    user = User.objects.create_user("kierowniczka@example.org", name="Kierowniczka Zmyślona")
    Membership.objects.create(user=user, organisation=home, role=Role.MANAGER)
    actor, now = Actor.of(user, home), timezone.now()
    rules = templates()["wlacznik"].model_copy(update={"open_questions": ()})
    call = programmes.prepare_call(
        actor,
        programmes.make_programme(actor, rules),
        name_pl="Ostatnia minuta",
        name_en="The last minute",
        about_pl="Próba zamknięcia naboru.",
        about_en="A call that closes under its applicants.",
        opens_at=now - timedelta(days=1),
        submit_from=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
    )
    programmes.publish_call(actor, call)
    Call.objects.filter(pk=call.pk).update(slug=SLUG)
    call.refresh_from_db()
    return call


def close(epoch: float) -> str:
    at = datetime.fromtimestamp(epoch, UTC)
    Call.objects.filter(slug=SLUG).update(closes_at=at)
    return at.isoformat()


def kept() -> dict[str, Any]:
    call = Call.objects.get(slug=SLUG)
    rows = list(call.applications.prefetch_related("versions"))
    keys = [str(row.pk) for row in rows]
    events = Event.objects.filter(act="calls.application_submitted", object_id__in=keys)
    letters = Letter.objects.filter(object_id__in=keys, object_type=Application._meta.label_lower)
    return {
        "last_number": call.last_number,
        "events": sorted(int(key) for key in events.values_list("object_id", flat=True)),
        "letters": sorted(int(key) for key in letters.values_list("object_id", flat=True)),
        "applications": {row.pk: _plain(row) for row in rows},
    }


def _plain(row: Application) -> dict[str, Any]:
    return {
        "state": row.state,
        "number": row.number,
        "text": row.answers["test"],
        "sent_at": row.submitted_at.timestamp() if row.submitted_at else None,
        "versions": [version.content["answers"]["test"] for version in row.versions.all()],
    }


def main(act: str, *words: str) -> None:
    out: Any = prepare(int(words[0])) if act == "prepare" else close(float(words[0])) if words else kept()
    print(json.dumps(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
