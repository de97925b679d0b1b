"""Run by the Python of the peer: fill pretalx with a call of the same shape and say how to open it.

    python pretalx_data.py APPLICATIONS REVIEWERS REVIEWS_EACH

Prints one line of JSON: the version, a session cookie of an organiser, and the number of queries of each page.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from itertools import islice
from typing import Any

import django

django.setup()

from bench.incubator.texts import CRITERIA, Texts  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils.timezone import now  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402
from pretalx import __version__  # noqa: E402
from pretalx.event.domain.event import create_event  # noqa: E402
from pretalx.event.models import Organiser, Team  # noqa: E402
from pretalx.person.models import SpeakerProfile, User  # noqa: E402
from pretalx.submission.models import (  # noqa: E402
    Review,
    ReviewScore,
    ReviewScoreCategory,
    Submission,
    SubmissionType,
)

SLUG = "nabor"


def fill(applications: int, reviewers: int, each: int) -> User:
    with scopes_disabled(), transaction.atomic():
        organiser = Organiser.objects.create(name="Inkubator", slug="inkubator")
        person = User.objects.create_user(email="nina@example.org", name="Nina")
        team = Team.objects.create(
            organiser=organiser,
            name="Team",
            all_events=True,
            can_create_events=True,
            can_change_event_settings=True,
            can_change_submissions=True,
        )
        team.members.add(person)
        begin = now().date() + dt.timedelta(days=60)
        event = create_event(
            organiser=organiser,
            locales=["en"],
            locale="en",
            name="Nabór",
            slug=SLUG,
            date_from=begin,
            date_to=begin,
            timezone="Europe/Warsaw",
            email="nabor@example.org",
        )
    with scope(event=event), transaction.atomic():
        texts = Texts()
        submissions = _submissions(event, texts, applications)
        _reviews(event, texts, submissions, _reviewers(organiser, reviewers), each)
    return person


def _submissions(event: Any, texts: Texts, count: int) -> list[Submission]:
    kind = SubmissionType.objects.filter(event=event).first()
    users = User.objects.bulk_create(
        User(code=f"U{n:07}", name=f"Fundacja Zmyślona {n}", email=f"autor{n}@example.org")
        for n in range(count)
    )
    profiles = SpeakerProfile.objects.bulk_create(
        SpeakerProfile(
            user=user, event=event, code=f"P{n:07}", name=user.name, biography=texts.prose(200, 500)
        )
        for n, user in enumerate(users)
    )
    rows = Submission.objects.bulk_create(
        Submission(
            code=f"S{n:07}",
            event=event,
            submission_type=kind,
            title=texts.title(n),
            abstract=texts.prose(300, 800),
            description=texts.prose(1500, 4500),
            state="submitted",
            content_locale="en",
        )
        for n in range(count)
    )
    through = Submission.speakers.through
    through.objects.bulk_create(
        through(submission=row, speaker=profile) for row, profile in zip(rows, profiles, strict=True)
    )
    return rows


def _reviewers(organiser: Organiser, count: int) -> list[User]:
    team = Team.objects.create(organiser=organiser, name="Reviewers", all_events=True, is_reviewer=True)
    users = User.objects.bulk_create(
        User(code=f"R{n:07}", name=f"Asesorka {n}", email=f"asesor{n}@example.org") for n in range(count)
    )
    team.members.add(*users)
    return users


def _reviews(event: Any, texts: Texts, rows: list[Submission], people: list[User], each: int) -> None:
    """Each application to `each` reviewers, with points by criterion, their sum, and the text of the card."""
    event.score_categories.all().delete()
    categories = {
        code: ReviewScoreCategory.objects.create(event=event, name=code, required=True) for code in CRITERIA
    }
    for code, most in CRITERIA.items():
        ReviewScore.objects.bulk_create(
            ReviewScore(category=categories[code], value=value, label=str(value)) for value in range(most + 1)
        )
    known = {(s.category_id, int(s.value)): s.pk for s in ReviewScore.objects.filter(category__event=event)}
    given, reviews, assigned = [], [], []
    for n, row in enumerate(rows):
        for k in range(each):
            points = texts.points()
            person = people[(n * each + k) % len(people)]
            text = "\n\n".join(texts.prose(100, 400) for _code in points) + "\n\n" + texts.prose(500, 1200)
            given.append(points)
            reviews.append(Review(submission=row, user=person, text=text, score=sum(points.values())))
            assigned.append(Submission.assigned_reviewers.through(submission=row, user=person))
    reviews = Review.objects.bulk_create(reviews, batch_size=1000)
    Submission.assigned_reviewers.through.objects.bulk_create(assigned)
    through = Review.scores.through
    scores = (
        through(review=review, reviewscore_id=known[categories[code].pk, value])
        for review, points in zip(reviews, given, strict=True)
        for code, value in points.items()
    )
    while part := list(islice(scores, 5000)):
        through.objects.bulk_create(part)


def signed_in(person: User) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    session = client.session
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("rebuild", silent=True)
    person = fill(*(int(word) for word in sys.argv[1:4]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as for ours
    client = signed_in(person)
    out: dict[str, Any] = {
        "version": __version__,
        "cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}",
        "queries": {},
    }
    for address in json.loads(sys.argv[4]):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code, answer.headers.get("Location"))
        reset_queries()
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        out["queries"][address] = len(found)
    print(json.dumps(out))


if __name__ == "__main__":
    main()
