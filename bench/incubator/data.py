"""Fill an installation with one large call, in the order in which a call lives.

    python -m bench.incubator.data fill APPLICATIONS ASSESSORS EACH IDEAS
    python -m bench.incubator.data finish          every card signed, every application at the ranking
    python -m bench.incubator.data rank            the ranking made and taken over, with the seconds it took
    python -m bench.incubator.data count '{"name": ["manager", "/pl/…"]}'   queries of every page

Each prints one line of JSON. Rows are put in place at once; texts are as long as those of a real call.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.incubator.texts import CRITERIA, Texts  # noqa: E402
from krzew.accounts.actors import Actor  # noqa: E402
from krzew.accounts.models import Membership, Organisation, Role, User  # noqa: E402
from krzew.calls.acts import programmes, selection  # noqa: E402
from krzew.calls.definition import plain, read, templates  # noqa: E402
from krzew.calls.models import (  # noqa: E402
    Application,
    ApplicationVersion,
    Assessor,
    Call,
    Conflict,
    IdeaCard,
    Reading,
    ScoreCard,
    content_hash,
)
from krzew.calls.queries.assessment import standings  # noqa: E402
from krzew.calls.states import ApplicationState, CallState, IdeaState, ReadingState  # noqa: E402
from krzew.places.models import Unit  # noqa: E402

SLUG = "duzy-nabor"
AREAS = ("one", "two", "three", "four")
OTHER_CALLS = 40


def rules() -> Any:
    """The national comparator with three cards for each application, more third opinions, larger pools, a draw."""
    definition = plain(templates()["niw"])
    definition["open_questions"] = []
    definition["grant"]["pool"] = "48000000"
    for stage in definition["stages"]:
        if stage["code"] == "merit":
            stage["assessors"] = 3
            stage["divergence"]["over"] = "15"
        if stage["code"] == "ranking":
            stage |= {"then_lottery": True, "pools": dict.fromkeys(AREAS, "12000000")}
    return read(definition)


def make_call() -> tuple[Actor, Call]:
    home = Organisation.objects.create(
        name="Inkubator Zmyślony", kind="incubator", confirmed_at=timezone.now()
    )
    user = User.objects.create_user("kierowniczka@example.org", name="Kierowniczka Zmyślona")
    Membership.objects.create(user=user, organisation=home, role=Role.MANAGER)
    actor, now = Actor.of(user, home), timezone.now()
    programme = programmes.make_programme(actor, rules())
    call = programmes.prepare_call(
        actor,
        programme,
        name_pl="Duży nabór",
        name_en="A large call",
        about_pl="Trzy tysiące wniosków.",
        about_en="Three thousand applications.",
        opens_at=now - timedelta(days=30),
        submit_from=now - timedelta(days=30),
        closes_at=now + timedelta(days=1),
    )
    programmes.publish_call(actor, call)
    Call.objects.filter(pk=call.pk).update(slug=SLUG, closes_at=now - timedelta(days=1))
    call.refresh_from_db()
    others(call)
    return actor, call


def others(call: Call) -> None:
    """Earlier rounds, so that the public list has something to show."""
    for n in range(OTHER_CALLS):
        begin = call.opens_at - timedelta(days=100 + n)
        Call.objects.create(
            programme=call.programme,
            slug=f"nabor-{n}",
            round=100 + n,
            name_pl=f"Nabór zmyślony {n}",
            name_en=f"An invented call {n}",
            state=CallState.PUBLISHED if n % 5 else CallState.FINISHED,
            definition=call.definition,
            opens_at=begin,
            submit_from=begin,
            closes_at=call.closes_at + timedelta(days=20) if n % 10 == 1 else begin + timedelta(days=30),
            published_at=begin,
        )


def fill(applications: int, assessors: int, each: int, ideas: int) -> dict[str, Any]:
    texts = Texts()
    with transaction.atomic():
        _actor, call = make_call()
        rows = _applications(call, texts, applications)
        people = _assessors(call.programme.organisation, assessors)
        _assess(texts, rows, people, each)
        _ideas(texts, ideas)
    _settled()
    return {"applications": len(rows), "cards": ScoreCard.objects.count()}


def _settled() -> None:
    """What a database does by itself after a while: figures about its tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _applications(call: Call, texts: Texts, count: int) -> list[Application]:
    places = list(Unit.objects.filter(code__startswith="3002")[:20])
    now = timezone.now()
    made = []
    for n in range(1, count + 1):
        title, amount = texts.title(n), 8_000 + texts.random.randrange(0, 42_000, 100)
        answers = {
            "title": title,
            "subregion": AREAS[n % 4],
            "description": texts.prose(1500, 4500),
            "minors": "no",
            "amount": str(amount),
            "_applicant": {"name": f"Fundacja Zmyślona {n}", "nip": ""},
        }
        made.append(
            Application(
                call=call,
                token_hash=f"bench-{n}",
                number=n,
                kind="organisation",
                state=ApplicationState.SUBMITTED,
                stage="merit",
                title=title,
                answers=answers,
                amount=Decimal(amount),
                place=places[n % len(places)] if places else None,
                applicant_name=f"Fundacja Zmyślona {n}",
                email=f"autor{n}@example.org",
                submitted_at=now - timedelta(minutes=count - n),
            )
        )
    rows = Application.objects.bulk_create(made, batch_size=500)
    in_parts(ApplicationVersion, (_version(row) for row in rows))
    Call.objects.filter(pk=call.pk).update(last_number=count)
    return rows


def _version(row: Application) -> ApplicationVersion:
    content = {
        "kind": row.kind,
        "title": row.title,
        "applicant": {"name": row.applicant_name, "email": row.email},
        "members": [],
        "answers": row.answers,
        "statements": [],
        "files": [],
    }
    return ApplicationVersion(
        application=row,
        number=1,
        content=content,
        content_hash=content_hash(content),
        sent_at=row.submitted_at,
    )


def in_parts(model: Any, rows: Iterable[Any], size: int = 500) -> None:
    waiting: Iterator[Any] = iter(rows)
    while part := list(islice(waiting, size)):
        model.objects.bulk_create(part)


def _assessors(home: Organisation, count: int) -> list[Assessor]:
    people = []
    for n in range(count):
        user = User.objects.create_user(f"asesor{n}@example.org", name=f"Asesorka Zmyślona {n}")
        Membership.objects.create(user=user, organisation=home, role=Role.ASSESSOR)
        people.append(Assessor.objects.create(user=user, organisation=home, most=300))
    return people


def _state(n: int) -> str:
    """Of thirty readings two are being written and one waits for the statement."""
    return {0: ReadingState.OPEN, 11: ReadingState.OPEN, 22: ReadingState.ASSIGNED}.get(
        n % 30, ReadingState.DONE
    )


def _assess(texts: Texts, rows: list[Application], people: list[Assessor], each: int) -> None:
    """Every application to `each` different assessors, in an order that links all of them."""
    readings = []
    for n, row in enumerate(rows):
        for person in texts.random.sample(people, each):
            readings.append(
                Reading(application=row, assessor=person, stage="merit", state=_state(len(readings)))
            )
        if n % 3 == 0:
            left = texts.random.choice(people)
            Conflict.objects.create(
                assessor=left,
                application=row,
                kind="gmina" if all(r.assessor_id != left.pk for r in readings[-each:]) else "applicant",
            )
    made = Reading.objects.bulk_create(readings, batch_size=500)
    Conflict.objects.filter(kind="applicant").delete()
    in_parts(ScoreCard, (_card(texts, r) for r in made if r.state == ReadingState.DONE))


def _card(texts: Texts, reading: Reading) -> ScoreCard:
    points = {code: str(value) for code, value in texts.points().items()}
    reasons = {code: texts.prose(100, 400) for code in CRITERIA}
    overall = texts.prose(500, 1200)
    return ScoreCard(
        reading=reading,
        version=1,
        points=points,
        reasons=reasons,
        overall=overall,
        content_hash=content_hash([points, reasons, overall, ""]),
    )


def _ideas(texts: Texts, count: int) -> None:
    now = timezone.now()
    states = (IdeaState.SENT, IdeaState.IN_TALKS, IdeaState.CLOSED)
    in_parts(
        IdeaCard,
        (
            IdeaCard(
                token_hash=f"bench-idea-{n}",
                state=states[n % 3],
                title=texts.title(n),
                what=texts.prose(200, 1200),
                for_whom=texts.prose(50, 200),
                maturity="thought",
                name=f"Osoba Zmyślona {n}",
                email=f"pomysl{n}@example.org",
                sent_at=now - timedelta(hours=n),
            )
            for n in range(count)
        ),
    )


def finish() -> dict[str, Any]:
    """Every reading signed, and every application taken to the ranking."""
    texts = Texts(8)
    with transaction.atomic():
        waiting = list(Reading.objects.filter(state__in=(ReadingState.OPEN, ReadingState.ASSIGNED)))
        in_parts(ScoreCard, (_card(texts, reading) for reading in waiting))
        Reading.objects.filter(pk__in=[r.pk for r in waiting]).update(state=ReadingState.DONE)
        _third_opinions(texts)
        Application.objects.filter(call__slug=SLUG).update(stage="ranking")
    _settled()
    return {"cards": ScoreCard.objects.count()}


def _third_opinions(texts: Texts) -> None:
    """A deciding card wherever the rule of the call asks for one."""
    call = Call.objects.get(slug=SLUG)
    people = list(Assessor.objects.filter(organisation=call.programme.organisation))
    needed = [pk for pk, standing in standings(call, "merit").items() if standing.third == "needed"]
    taken = set(Reading.objects.filter(application__in=needed).values_list("application", "assessor"))
    readings = [
        Reading(
            application_id=pk,
            assessor=next(a for a in people if (pk, a.pk) not in taken),
            stage="merit",
            state=ReadingState.DONE,
            third=True,
        )
        for pk in needed
    ]
    in_parts(ScoreCard, (_card(texts, reading) for reading in Reading.objects.bulk_create(readings)))


def rank() -> dict[str, Any]:
    """The ranking made and taken as the basis of the decision, by the acts behind its buttons."""
    call = Call.objects.select_related("programme__organisation").get(slug=SLUG)
    actor = Actor.of(User.objects.get(email=WHO["manager"]))
    selection.promise(actor, call, "ranking")
    begun = time.perf_counter()
    made = selection.rank(actor, call, "ranking")
    ranked = time.perf_counter()
    selection.adopt(actor, made)
    return {"rank_s": ranked - begun, "adopt_s": time.perf_counter() - ranked}


def signed_in(email: str) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(email=email), "allauth.account.auth_backends.AuthenticationBackend")
    return client


WHO = {"manager": "kierowniczka@example.org", "assessor": "asesor0@example.org"}


def count(pages: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """A session for each person, and the queries of every page once it is warm."""
    clients = {who: signed_in(email) for who, email in WHO.items()} | {
        "public": Client(HTTP_HOST="127.0.0.1")
    }
    found: dict[str, Any] = {"cookies": {}, "queries": {}}
    for who in WHO:
        found["cookies"][who] = f"{settings.SESSION_COOKIE_NAME}={clients[who].session.session_key}"
    for name, (who, address) in pages.items():
        answer = clients[who].get(address)
        assert answer.status_code == 200, (address, answer.status_code, answer.headers.get("Location"))
        with CaptureQueriesContext(connection) as seen:
            clients[who].get(address)
        found["queries"][name] = len(seen)
    return found


def main(words: list[str]) -> None:
    act, *rest = words
    if act == "fill":
        out = fill(*(int(word) for word in rest))
    elif act in ("finish", "rank"):
        out = {"finish": finish, "rank": rank}[act]()
    else:
        out = count({name: tuple(page) for name, page in json.loads(rest[0]).items()})
    print(json.dumps(out))


if __name__ == "__main__":
    main(sys.argv[1:])
