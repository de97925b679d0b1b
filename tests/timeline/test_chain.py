"""The chain of events: it holds after any acts, and every change, gap, insertion and cut is found."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from krzew.accounts.actors import Actor
from krzew.accounts.models import Organisation, Role
from krzew.timeline.acts import act, record
from krzew.timeline.models import AppendOnly, ChainHead, Event
from krzew.timeline.queries import Break, broken_links

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(owner: Actor) -> Organisation:
    assert owner.organisation
    return owner.organisation


@pytest.fixture
def chain(owner: Actor, member: Actor, place: Organisation) -> list[Event]:
    actors = [owner, member, Actor.system(), Actor.anonymous(), owner, member]
    return [
        record(a, f"test.act{i}", place, old=str(i), new="x", data={"i": i}) for i, a in enumerate(actors)
    ]


def breaks() -> list[Break]:
    return list(broken_links())


def tamper(sql: str, *values: Any) -> None:
    """Change the table behind the program's back, as somebody with the database password could."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_untouched_chain_holds(chain: list[Event]) -> None:
    first = chain[0].number
    assert [event.number for event in chain] == list(range(first, first + 6))
    assert breaks() == []


def test_an_empty_chain_holds() -> None:
    if not Event.objects.exists():
        assert breaks() == []


CHANGES = [
    ("at", datetime(2020, 1, 1, tzinfo=UTC)),
    ("act", "test.other"),
    ("user_id", None),
    ("organisation_id", None),
    ("object_type", "x.y"),
    ("object_id", "999"),
    ("old", "other"),
    ("new", ""),
    ("data", '{"i": 2}'),
]


@pytest.mark.parametrize(("column", "value"), CHANGES, ids=[column for column, _value in CHANGES])
def test_a_changed_field_is_found(chain: list[Event], column: str, value: Any) -> None:
    number = chain[1].number
    cast = "::jsonb" if column == "data" and connection.vendor == "postgresql" else ""
    tamper(f"UPDATE timeline_event SET {column} = %s{cast} WHERE number = %s", value, number)
    assert breaks() == [Break(number, "changed after it was written")]


@pytest.mark.parametrize("column", ["hash", "previous"])
def test_a_changed_link_is_found(chain: list[Event], column: str) -> None:
    tamper(f"UPDATE timeline_event SET {column} = %s WHERE number = %s", "0" * 64, chain[2].number)
    assert breaks()


def test_a_change_with_a_fresh_hash_is_found_at_the_next_event(chain: list[Event]) -> None:
    changed = chain[2]
    changed.new = "forged"
    tamper(
        "UPDATE timeline_event SET new = %s, hash = %s WHERE number = %s",
        "forged",
        changed.fingerprint(),
        changed.number,
    )
    assert breaks() == [Break(chain[3].number, "does not follow the event before it")]


def test_a_deleted_row_is_found(chain: list[Event]) -> None:
    tamper("DELETE FROM timeline_event WHERE number = %s", chain[3].number)
    gone = chain[3].number
    assert breaks() == [
        Break(gone, f"missing: {gone}"),
        Break(gone + 1, "does not follow the event before it"),
    ]


def test_many_deleted_rows_are_one_break(chain: list[Event]) -> None:
    tamper("DELETE FROM timeline_event WHERE number IN (%s, %s)", chain[2].number, chain[3].number)
    assert breaks()[0] == Break(chain[2].number, f"missing: {chain[2].number}–{chain[3].number}")


def test_an_inserted_row_is_found(chain: list[Event]) -> None:
    """Rows are moved up to make room and every one but the hashes is made to look right."""
    for event in reversed(chain[3:]):
        tamper("UPDATE timeline_event SET number = %s WHERE number = %s", event.number + 1, event.number)
    forged = Event(
        number=chain[3].number, act="test.forged", object_type="x", object_id="1", previous=chain[2].hash
    )
    forged.hash = forged.fingerprint()
    forged.save()
    assert breaks()


def test_a_row_written_past_the_end_is_found(chain: list[Event]) -> None:
    last = chain[-1]
    forged = Event(
        number=last.number + 1, act="test.forged", object_type="x", object_id="1", previous=last.hash
    )
    forged.hash = forged.fingerprint()
    forged.save()
    assert breaks() == [Break(forged.number, "the end of the chain is not the one that was written last")]


def test_a_cut_off_end_is_found(chain: list[Event]) -> None:
    tamper("DELETE FROM timeline_event WHERE number >= %s", chain[4].number)
    assert breaks() == [Break(chain[4].number, "the end of the chain was cut off")]


def test_a_lost_head_is_found(chain: list[Event]) -> None:
    tamper("DELETE FROM timeline_chainhead")
    assert breaks() == [Break(chain[-1].number, "the end of the chain is not the one that was written last")]


def test_events_are_append_only(chain: list[Event]) -> None:
    for attempt in (
        lambda: chain[0].save(),
        lambda: chain[0].delete(),
        lambda: Event.objects.all().delete(),
        lambda: Event.objects.filter(pk=chain[0].pk).update(new="x"),
        lambda: Event.objects.bulk_update(chain, ["new"]),
        lambda: Event.objects.update_or_create(number=chain[0].number, defaults={"new": "x"}),
    ):
        with pytest.raises(AppendOnly), transaction.atomic():
            attempt()
    assert breaks() == []


def test_people_and_organisations_of_events_are_not_deleted(owner: Actor, chain: list[Event]) -> None:
    assert owner.user
    assert owner.organisation
    for protected in (owner.user, owner.organisation):
        with pytest.raises(Exception, match="protected"):
            protected.delete()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("aąż b1.", max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(st.text("aąż b1.", max_size=6), JSON, max_size=4), old=TEXT, new=TEXT)
def test_any_data_is_read_back_with_the_same_fingerprint(
    owner: Actor, place: Organisation, data: dict[str, Any], old: str, new: str
) -> None:
    """Numbers, nulls, order of keys and microseconds survive either database."""
    written = record(owner, "test.any", place, old=old, new=new, data=data)
    read = Event.objects.get(pk=written.pk)
    assert read.fingerprint() == written.hash
    assert breaks() == []


@pytest.mark.parametrize(
    "data",
    [
        {"n": -0.0},
        {"n": 1e22, "m": 1e-7, "k": 1.0},
        {"b": 1, "a": {"d": None, "c": [1.5, {}]}},
        {10: "a", 9: "b"},
        {"day": date(2026, 11, 22), "sum": Decimal("1.50"), "t": (1, 2)},
    ],
)
def test_awkward_data(owner: Actor, place: Organisation, data: dict[Any, Any]) -> None:
    written = record(owner, "test.awkward", place, data=data)
    assert Event.objects.get(pk=written.pk).fingerprint() == written.hash


def test_nan_is_refused_before_anything_is_written(owner: Actor, place: Organisation) -> None:
    number = Event.objects.count()
    with pytest.raises(ValueError, match="not JSON compliant"):
        record(owner, "test.nan", place, data={"n": float("nan")})
    assert Event.objects.count() == number


@pytest.mark.parametrize(
    "at", ["2026-11-22T10:00:00", "2026-11-22T10:00:00.000001", "2026-10-25T00:30:00.999999"]
)
def test_times_keep_their_microseconds(owner: Actor, at: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    event = Event(number=10**9, at=moment, act="t", object_type="x", object_id="1")
    event.hash = event.fingerprint()
    event.save()
    assert Event.objects.get(pk=event.pk).fingerprint() == event.hash
    event.at = moment + timedelta(microseconds=1)
    assert event.fingerprint() != event.hash


def test_an_act_that_fails_leaves_no_event(owner: Actor, place: Organisation) -> None:
    @act
    def broken() -> None:
        record(owner, "test.broken", place)
        raise ZeroDivisionError

    before = Event.objects.count()
    with pytest.raises(ZeroDivisionError):
        broken()
    assert Event.objects.count() == before
    record(owner, "test.after", place)
    assert breaks() == []


def test_an_outer_act_that_fails_takes_the_event_with_it(owner: Actor, place: Organisation) -> None:
    @act
    def inner() -> None:
        record(owner, "test.inner", place)

    @act
    def outer() -> None:
        inner()
        raise ZeroDivisionError

    before = Event.objects.count()
    with pytest.raises(ZeroDivisionError):
        outer()
    assert Event.objects.count() == before
    assert breaks() == []


def verify(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("audit_verify", *arguments, stdout=out, stderr=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_says_that_the_chain_holds(chain: list[Event]) -> None:
    code, words = verify()
    assert code == 0
    assert chain[-1].hash in words
    assert verify("--expect", chain[2].hash)[0] == 0


def test_the_command_lists_the_breaks(chain: list[Event]) -> None:
    tamper("UPDATE timeline_event SET new = 'x1' WHERE number = %s", chain[1].number)
    tamper("DELETE FROM timeline_event WHERE number = %s", chain[4].number)
    code, words = verify()
    assert code == 1
    assert f"{chain[1].number}: changed after it was written" in words
    assert f"{chain[4].number}: missing" in words
    assert "Breaks: 3" in words


def test_a_chain_written_anew_is_found_by_a_noted_hash(
    owner: Actor, place: Organisation, chain: list[Event]
) -> None:
    noted = chain[-1].hash
    tamper("DELETE FROM timeline_event")
    ChainHead.objects.update(number=0, hash="")
    record(owner, "test.new", place)
    assert verify()[0] == 0
    assert verify("--expect", noted)[0] == 1


def test_history_of_an_object_shows_only_its_own(owner: Actor, place: Organisation, outsider: Actor) -> None:
    from krzew.timeline.queries import history

    assert outsider.organisation
    record(owner, "test.here", place)
    record(outsider, "test.there", outsider.organisation)
    assert [event.act for event in history(place)] == ["test.here"]
    assert [event.act for event in history(place, outsider.organisation)] == ["test.here", "test.there"]
    assert list(history()) == []
    assert Role.OWNER in owner.roles
