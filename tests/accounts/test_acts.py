"""Organisations, roles and invitations: what can be done, by whom, and that each act leaves one event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils import timezone

from krzew.accounts import acts
from krzew.accounts.actors import Actor
from krzew.accounts.models import Invitation, Membership, Organisation, OrganisationKind, Role, User
from krzew.accounts.permissions import Denied
from krzew.timeline.models import Event, Letter
from krzew.timeline.states import LetterState

pytestmark = pytest.mark.django_db


def link(token: str) -> str:
    return f"https://krzew.example.org/pl/invitation/{token}/"


def events_since(number: int) -> list[str]:
    return list(Event.objects.filter(number__gt=number).values_list("act", flat=True))


def last_number() -> int:
    last = Event.objects.last()
    return last.number if last else 0


@pytest.fixture
def invited(owner: Actor) -> Invitation:
    return acts.invite(owner, home(owner), email="Nowa@Example.org", role=Role.ADVISER, link=link)


@pytest.fixture
def newcomer() -> Actor:
    return Actor.of(User.objects.create_user("nowa@example.org", name="Nowa"))


def home(actor: Actor) -> Organisation:
    assert actor.organisation
    return actor.organisation


def test_who_opens_an_organisation_owns_it(newcomer: Actor) -> None:
    opened = acts.open_organisation(
        newcomer, name="  Spółdzielnia \n Próba ", kind=OrganisationKind.COOPERATIVE
    )
    assert opened.name == "Spółdzielnia Próba"
    assert Actor.of(newcomer.user, opened).has(Role.OWNER)
    event = Event.objects.get(act="accounts.organisation_opened")
    assert (event.user, event.organisation) == (newcomer.user, opened)


def test_a_visitor_opens_nothing() -> None:
    with pytest.raises(Denied):
        acts.open_organisation(Actor.anonymous(), name="X", kind=OrganisationKind.GMINA)
    assert not Organisation.objects.filter(name="X").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "OWES Próba", "kind": "gmina"},
        {"name": "  ", "kind": "gmina"},
        {"name": "A", "kind": "no-such-kind"},
        {"name": "A", "kind": "gmina", "place_code": "30020"},
        {"name": "A" * 201, "kind": "gmina"},
    ],
)
def test_bad_organisations_are_refused_without_an_event(owner: Actor, fields: dict[str, str]) -> None:
    before = last_number()
    with pytest.raises(ValidationError):
        acts.open_organisation(owner, **fields)
    assert events_since(before) == []


def test_only_an_owner_changes_the_organisation(owner: Actor, member: Actor, outsider: Actor) -> None:
    for actor in (member, outsider, Actor.anonymous()):
        with pytest.raises(Denied):
            acts.change_organisation(actor, home(owner), name="Inna", kind=OrganisationKind.CHURCH)
    changed = acts.change_organisation(owner, home(owner), name="OWES Nowa", kind=OrganisationKind.CHURCH)
    assert Organisation.objects.get(pk=changed.pk).name == "OWES Nowa"


def test_an_invitation_sends_one_letter_with_the_link(owner: Actor, invited: Invitation) -> None:
    letter = Letter.objects.get()
    assert letter.to_email == "nowa@example.org"
    assert letter.state == LetterState.RELEASED
    assert link(invited.token) in letter.body
    assert "OWES Próba" in letter.subject
    kept = Event.objects.get(act="accounts.invited")
    assert kept.new == Role.ADVISER
    assert "nowa" not in str(kept.data), "an event is kept for ever, so it names nobody"


def test_the_letter_is_in_the_language_of_who_invites(owner: Actor) -> None:
    assert owner.user
    owner.user.language = "en"
    acts.invite(owner, home(owner), email="x@example.org", role=Role.MEMBER, link=link)
    assert Letter.objects.get().subject == "Invitation to OWES Próba in Krzew"


def test_the_same_person_is_not_invited_twice(owner: Actor, invited: Invitation, adviser: Actor) -> None:
    for address in ("NOWA@example.org", "ada@example.org"):
        with pytest.raises(ValidationError):
            acts.invite(owner, home(owner), email=address, role=Role.ADVISER, link=link)
    acts.withdraw_invitation(owner, invited)
    acts.invite(owner, home(owner), email="nowa@example.org", role=Role.ADVISER, link=link)


def test_an_organisation_cannot_flood_others_with_letters(owner: Actor) -> None:
    rows = (Invitation(organisation=home(owner), email=f"{i}@example.org", role="member") for i in range(50))
    Invitation.objects.bulk_create(rows)
    with pytest.raises(ValidationError, match="50"):
        acts.invite(owner, home(owner), email="x@example.org", role=Role.MEMBER, link=link)
    assert not Letter.objects.exists()


def test_only_an_owner_invites_and_withdraws(
    adviser: Actor, member: Actor, outsider: Actor, invited: Invitation
) -> None:
    for actor in (adviser, member, outsider, Actor.anonymous()):
        with pytest.raises(Denied):
            acts.invite(actor, invited.organisation, email="x@example.org", role=Role.MEMBER, link=link)
        with pytest.raises(Denied):
            acts.withdraw_invitation(actor, invited)


def test_the_invited_person_joins_once(invited: Invitation, newcomer: Actor) -> None:
    before = last_number()
    joined = acts.accept_invitation(newcomer, invited)
    assert joined.organisation == invited.organisation
    assert joined.roles == {Role.ADVISER}
    assert events_since(before) == ["accounts.invitation_accepted"]
    with pytest.raises(Denied, match=r"already|już"):
        acts.accept_invitation(newcomer, invited)
    assert Membership.objects.filter(user=newcomer.user).count() == 1


def test_others_cannot_accept(invited: Invitation, outsider: Actor, adviser: Actor) -> None:
    for actor in (outsider, adviser, Actor.anonymous(), Actor.system()):
        with pytest.raises(Denied):
            acts.accept_invitation(actor, invited)
    assert not Membership.objects.filter(organisation=invited.organisation, role=Role.ADVISER).exclude(
        user=adviser.user
    )


def test_an_address_counts_only_when_it_is_proven(invited: Invitation, outsider: Actor) -> None:
    address = EmailAddress.objects.create(user=outsider.user, email="nowa@example.org", verified=False)
    with pytest.raises(Denied):
        acts.accept_invitation(outsider, invited)
    address.verified = True
    address.save()
    assert acts.accept_invitation(outsider, invited).organisation == invited.organisation


@pytest.mark.parametrize("ending", ["withdrawn", "expired"])
def test_a_closed_invitation_opens_nothing(
    owner: Actor, invited: Invitation, newcomer: Actor, ending: str
) -> None:
    if ending == "withdrawn":
        acts.withdraw_invitation(owner, invited)
    else:
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Denied):
        acts.accept_invitation(newcomer, Invitation.objects.get())
    with pytest.raises(ValidationError):
        acts.withdraw_invitation(owner, Invitation.objects.get())
    assert not Membership.objects.filter(user=newcomer.user).exists()


def test_roles_are_given_to_members_only(owner: Actor, member: Actor, outsider: Actor) -> None:
    before = last_number()
    assert member.user
    assert outsider.user
    acts.give_role(owner, home(owner), member.user, Role.EDITOR)
    acts.give_role(owner, home(owner), member.user, Role.EDITOR)
    assert Actor.of(member.user, home(owner)).roles == {Role.MEMBER, Role.EDITOR}
    assert events_since(before) == ["accounts.role_given"]
    with pytest.raises(ValidationError):
        acts.give_role(owner, home(owner), outsider.user, Role.MEMBER)


def test_nobody_gives_herself_a_role(member: Actor, adviser: Actor) -> None:
    for actor in (member, adviser):
        assert actor.user
        with pytest.raises(Denied):
            acts.give_role(actor, home(actor), actor.user, Role.OWNER)


def test_the_last_owner_stays(owner: Actor, member: Actor) -> None:
    assert owner.user
    assert member.user
    for attempt in (
        lambda: acts.take_role(owner, home(owner), owner.user, Role.OWNER),
        lambda: acts.leave(owner, home(owner)),
    ):
        with pytest.raises(ValidationError):
            attempt()
    acts.give_role(owner, home(owner), member.user, Role.OWNER)
    acts.leave(owner, home(owner))
    assert not Membership.objects.filter(user=owner.user).exists()
    with pytest.raises(ValidationError):
        acts.leave(Actor.of(member.user, home(owner)), home(owner))


def test_a_taken_role_is_gone_at_once(owner: Actor, adviser: Actor) -> None:
    assert adviser.user
    acts.take_role(owner, home(owner), adviser.user, Role.ADVISER)
    assert Actor.of(adviser.user, home(owner)).organisation is None
    event = Event.objects.get(act="accounts.role_taken")
    assert (event.old, event.new, event.data) == (Role.ADVISER, "", {"person": adviser.user.pk})


def test_switching_needs_membership(owner: Actor, outsider: Actor) -> None:
    with pytest.raises(Denied):
        acts.switch_organisation(owner, home(outsider))
    Membership.objects.create(user=owner.user, organisation=home(outsider), role=Role.MEMBER)
    switched = acts.switch_organisation(owner, home(outsider))
    assert switched.roles == {Role.MEMBER}
    event = Event.objects.get(act="accounts.organisation_switched")
    assert event.organisation == home(outsider)
    assert event.data == {}


def test_a_profile_is_a_matter_of_the_person_alone(owner: Actor) -> None:
    acts.change_profile(owner, name=" Olga   Nowa ", language="en")
    assert User.objects.get(email="olga@example.org").name == "Olga Nowa"
    assert Event.objects.get(act="accounts.profile_changed").organisation is None
    with pytest.raises(Denied):
        acts.change_profile(Actor.anonymous(), name="X", language="pl")


def test_an_act_without_its_event_does_not_happen(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from krzew.accounts import ledger

    monkeypatch.setattr(ledger, "_plugged", [])
    with pytest.raises(RuntimeError, match="no ledger"):
        acts.change_organisation(owner, home(owner), name="Inna", kind=OrganisationKind.GMINA)
    assert Organisation.objects.get(pk=home(owner).pk).name == "OWES Próba"


def test_actor_knows_all_organisations_in_one_query(
    owner: Actor, outsider: Actor, django_assert_num_queries: Callable
) -> None:
    Membership.objects.create(user=owner.user, organisation=home(outsider), role=Role.MEMBER)
    with django_assert_num_queries(1):
        actor = Actor.of(owner.user)  # type: ignore[arg-type]
        assert [str(o) for o in actor.organisations] == ["OWES Obcy", "OWES Próba"]
    assert actor.organisation == home(owner), "without a choice the first where she has a staff role"
    Membership.objects.filter(user=owner.user, role=Role.OWNER).delete()
    assert Actor.of(owner.user).organisation == home(outsider)  # type: ignore[arg-type]
    assert Actor.of(owner.user, home(owner)).organisation == home(outsider), "a lost one is not acted for"  # type: ignore[arg-type]
