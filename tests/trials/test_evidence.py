"""The papers of a grant for a control: complete, without names that do not belong there, and noted."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.models import ApplicationVersion
from krzew.timeline.models import Event
from krzew.trials.acts import diary, settlement, testers
from krzew.trials.acts import evidence as acts
from krzew.trials.acts import test as tests
from krzew.trials.acts.steps import fresh
from krzew.trials.models import Innovation
from tests.trials import agreements_factory as make
from tests.trials.test_settlement import settled, tranche

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[Innovation, str]]
As = Callable[[Actor], Client]


def _whole_version(innovation: Innovation) -> None:
    """The version that was sent with everything that its printed copy shows."""
    rows: QuerySet[ApplicationVersion] = QuerySet(ApplicationVersion)
    row = rows.get(application=innovation.application)
    more = {"title": innovation.title, "amount": None, "place": None, "statements": [], "files": []}
    more |= {"channel": "self", "language": "pl", "stage": "application"}
    people = [{**one, "key": n, "joined_at": None} for n, one in enumerate(row.content["members"])]
    rows.filter(pk=row.pk).update(content=row.content | more | {"members": people})


@pytest.fixture
def grant(manager: Actor, make_innovation: Make) -> Innovation:
    """A grant in force: a tranche paid, a result accepted, a tester, an entry of the diary."""
    innovation, _token = make.ready(make_innovation)
    _whole_version(innovation)
    agreement = make.concluded(manager, innovation)
    today = timezone.localdate()
    settlement.pay(manager, tranche(agreement, "first"), on=today, amount=Decimal("32000.00"))
    settled(manager, fresh(innovation.pk))
    test = tests.plan_test(manager, fresh(innovation.pk))
    text = testers.write_text(manager, test, "Zgadzam się wziąć udział w teście.")
    tester, _link = testers.invite(manager, test, {"name": "Halina Wymyślona", "email": "halina@example.org"})
    testers.note_paper(manager, tester, text)
    diary.note(manager, innovation, kind="workshop", on=today, text="Halina była zmęczona.", attended=2)
    return fresh(innovation.pk)


def opened(content: bytes) -> dict[str, bytes]:
    pack = zipfile.ZipFile(io.BytesIO(content))
    return {name: pack.read(name) for name in pack.namelist()}


def test_everything_is_there_and_its_fingerprints_are_right(manager: Actor, grant: Innovation) -> None:
    found = opened(acts.collect(manager, grant))
    index = next(text for name, text in found.items() if name == "lista-plikow.txt").decode()
    assert sum(name.endswith(".pdf") for name in found) == 3  # application, agreement, protocol
    for name, content in found.items():
        if name != "lista-plikow.txt":
            assert f"{hashlib.sha256(content).hexdigest()}  {name}" in index
        assert name.isascii()
    money = list(csv.reader(io.StringIO(found["7-pieniadze.csv"].decode("utf-8-sig"))))
    assert [row[1] for row in money[1:]] == ["32000.00"]
    assert "Umowa obowiązuje" in found["10-historia.csv"].decode()


def test_testers_stand_by_their_codes_and_the_diary_without_its_words(
    manager: Actor, grant: Innovation
) -> None:
    found = opened(acts.collect(manager, grant))
    tables = b"".join(content for name, content in found.items() if not name.endswith(".pdf")).decode()
    assert "T01" in tables
    assert "Halina" not in tables
    assert "halina@example.org" not in tables


def test_it_is_noted_who_took_them_and_others_take_nothing(
    manager: Actor, mentor: Actor, stranger: Actor, grant: Innovation, client_of: As
) -> None:
    for somebody in (mentor, stranger, Actor.anonymous()):
        with pytest.raises(Denied):
            acts.collect(somebody, grant)
    assert not Event.objects.filter(act="trials.evidence_collected").exists()
    url = reverse("trials:evidence", args=[grant.pk])
    assert client_of(stranger).post(url).status_code == 404
    assert url in client_of(manager).get(reverse("trials:team_innovation", args=[grant.pk])).content.decode()
    answer = client_of(manager).post(url)
    assert answer["Content-Disposition"] == f'attachment; filename="{grant.slug}.zip"'
    event = Event.objects.get(act="trials.evidence_collected")
    assert event.data["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert event.user == manager.user


def test_in_english_it_is_english(manager: Actor, grant: Innovation) -> None:
    with translation.override("en"):
        assert "7-money.csv" in opened(acts.collect(manager, grant))


def test_an_idea_without_any_paper_gives_tables_alone(manager: Actor, make_innovation: Make) -> None:
    innovation, _token = make_innovation()
    found = opened(acts.collect(manager, innovation))
    assert not [name for name in found if name.endswith(".pdf")]
    assert "6-decyzje.csv" in found
