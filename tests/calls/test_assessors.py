"""The pool of assessors, and the conflicts of interest that are inferred, noted and lifted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Organisation, Role, User
from krzew.accounts.permissions import Denied
from krzew.calls import assessment_conflicts
from krzew.calls.acts import assessors as pool
from krzew.calls.models import Application, Assessor, Call, Conflict
from krzew.timeline.queries import history
from tests.calls.factories_assessment import make_assessor, make_sent


@pytest.fixture
def niw(make_call: Callable[..., Call]) -> Call:
    return make_call("niw")


@pytest.fixture
def people(niw: Call) -> list[Assessor]:
    return [make_assessor(niw.programme.organisation, most=10) for _n in range(5)]


@pytest.fixture
def sent(niw: Call) -> list[Application]:
    return [make_sent(niw, "merit") for _n in range(8)]


# --- the pool -----------------------------------------------------------------------------------------


def test_a_manager_invites_to_the_role_of_assessor_and_no_other(
    manager: Actor, member: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    invitation = pool.ask(manager, "nowa@example.org", lambda token: f"https://example.org/{token}")
    assert (invitation.role, invitation.invited_by) == (Role.ASSESSOR, manager.user)
    with pytest.raises(Denied):
        pool.ask(member, "inna@example.org", lambda token: token)


def test_a_member_is_added_once_with_the_role(manager: Actor, stranger: Actor) -> None:
    user = User.objects.create_user("czlonek@example.org")
    with pytest.raises(ValidationError):
        pool.add(manager, user)  # not a member: invite first
    Membership.objects.create(user=user, organisation=manager.organisation, role=Role.MEMBER)
    assessor = pool.add(manager, user, most=4)
    assert Membership.objects.filter(user=user, role=Role.ASSESSOR).exists()
    with pytest.raises(ValidationError):
        pool.add(manager, user)
    with pytest.raises(Denied):
        pool.change(stranger, assessor, most=5)
    pool.change(manager, assessor, most=5, lived_experience=True)
    assert Assessor.objects.get().most == 5


def test_the_team_does_not_speak_for_an_assessor(manager: Actor, people: list[Assessor]) -> None:
    with pytest.raises(Denied):
        pool.declare_links(manager, people[0], gminas=["300202"], organisations=[])


# --- conflicts ----------------------------------------------------------------------------------------


def kinds(call: Call, assessor: Assessor) -> set[tuple[int, str]]:
    rows = assessment_conflicts.inferred(call, [assessor])
    return {(row.application_id, row.kind) for row in rows}


@pytest.mark.parametrize(
    ("links", "fields"),
    [
        ({"linked_organisations": ["FUNDACJA „Łąka”"]}, {"applicant_name": "Fundacja Łąka"}),
        (
            {"linked_organisations": ["525-000-11-22"]},
            {"answers": {"title": "x", "_applicant": {"nip": "5250001122"}}},
        ),
    ],
)
def test_the_same_organisation_by_name_or_tax_number(niw: Call, links: Any, fields: Any) -> None:
    linked, other = make_sent(niw, "merit", **fields), make_sent(niw, "merit")
    assessor = make_assessor(niw.programme.organisation, **links)
    assert kinds(niw, assessor) == {(linked.pk, "organisation")}
    assert other.pk not in {pk for pk, _kind in kinds(niw, assessor)}


def test_membership_in_the_applying_organisation_or_its_partner(niw: Call, make_actor: Any) -> None:
    home = Organisation.objects.create(name="Spółdzielnia Partnerska", kind="cooperative")
    applied, partner = make_sent(niw, "merit", organisation=home), make_sent(niw, "merit")
    partner.members.create(name="Spółdzielnia partnerska")
    assessor = make_assessor(niw.programme.organisation)
    Membership.objects.create(user=assessor.user, organisation=home, role=Role.MEMBER)
    assert kinds(niw, assessor) == {(applied.pk, "organisation"), (partner.pk, "organisation")}


def test_the_gmina_of_the_application(niw: Call, places_loaded: None) -> None:
    linked = make_sent(niw, "merit", place_id="300202")
    assessor = make_assessor(niw.programme.organisation, gminas=["300202"])
    assert kinds(niw, assessor) == {(linked.pk, "gmina")}


@pytest.mark.parametrize("how", ["user", "email", "member"])
def test_whoever_applies_in_the_call_assesses_nothing_in_it(niw: Call, how: str) -> None:
    assessor = make_assessor(niw.programme.organisation)
    own, other = make_sent(niw, "merit"), make_sent(niw, "merit")
    if how == "user":
        Application.objects.filter(pk=own.pk).update(user=assessor.user)
    elif how == "email":
        Application.objects.filter(pk=own.pk).update(email=assessor.user.email.upper())
    else:
        own.members.create(name="Ktoś", email=assessor.user.email)
    assert {(own.pk, "applicant"), (other.pk, "applicant")} <= kinds(niw, assessor)


def test_an_earlier_partnership_is_found_in_older_calls(niw: Call, make_call: Callable[..., Call]) -> None:
    assessor = make_assessor(niw.programme.organisation)
    earlier = make_sent(
        make_call("wlacznik"), "merit", applicant_name="Fundacja Dawna", title="Wspólny pomysł"
    )
    earlier.members.create(name="Asesorka", email=assessor.user.email)
    again, other = make_sent(niw, "merit", applicant_name="Fundacja dawna"), make_sent(niw, "merit")
    rows = assessment_conflicts.inferred(niw, [assessor])
    assert [(r.application_id, r.kind, r.note) for r in rows] == [(again.pk, "partnership", "Wspólny pomysł")]
    assert other.pk not in {r.application_id for r in rows}


def test_conflicts_are_kept_once_and_a_mistake_is_lifted_with_a_reason(
    manager: Actor, niw: Call, sent: list[Application]
) -> None:
    assessor = make_assessor(niw.programme.organisation, linked_organisations=[sent[0].applicant_name])
    assert assessment_conflicts.store(niw, [assessor]) == 1
    assert assessment_conflicts.store(niw, [assessor]) == 0
    row = Conflict.objects.get()
    with pytest.raises(ValidationError):
        pool.lift_conflict(manager, row, "bo tak")
    pool.lift_conflict(manager, row, "To inna fundacja o tej samej nazwie.")
    assert not Conflict.objects.exists()
    assert [e.act for e in history(sent[0])] == ["calls.conflict_lifted"]
