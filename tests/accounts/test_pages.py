"""Pages of accounts as different people see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from krzew.accounts import acts
from krzew.accounts.actors import Actor
from krzew.accounts.models import Invitation, Membership, Organisation, OrganisationKind, Role, User
from krzew.timeline.models import Letter

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Actor], Client]


def page_of(actor: Actor, name: str = "organisation") -> str:
    assert actor.organisation
    return reverse(f"accounts:{name}", args=[actor.organisation.pk])


def text(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def invitation(owner: Actor) -> Invitation:
    assert owner.organisation
    return acts.invite(
        owner, owner.organisation, email="nowa@example.org", role=Role.MEMBER, link=lambda t: f"http://x/{t}"
    )


def landing(invitation: Invitation) -> str:
    return reverse("accounts:invitation", args=[invitation.token])


PAGES = ["accounts:profile", "accounts:organisations", "accounts:open", "accounts:second_factor"]


@pytest.mark.parametrize("name", PAGES)
def test_own_pages_open_for_everybody_who_is_signed_in(
    name: str, client_of: ClientOf, mayor: Actor, owner: Actor
) -> None:
    for actor in (mayor, owner, Actor.of(User.objects.create_user("nobody@example.org"))):
        assert client_of(actor).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_asked_to_sign_in(name: str, visitor: Client) -> None:
    response = visitor.get(reverse(name))
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_members_see_people_owners_also_invitations(
    client_of: ClientOf, owner: Actor, member: Actor, invitation: Invitation
) -> None:
    seen = text(client_of(member).get(page_of(owner)))
    assert "marek@example.org" in seen
    assert "nowa@example.org" not in seen
    assert page_of(owner, "invite") not in seen
    managed = text(client_of(owner).get(page_of(owner)))
    assert "nowa@example.org" in managed
    assert page_of(owner, "invite") in managed


@pytest.mark.parametrize("name", ["organisation", "change", "invite", "leave"])
def test_for_a_stranger_the_organisation_is_not_there(
    name: str, client_of: ClientOf, owner: Actor, outsider: Actor, mayor: Actor, invitation: Invitation
) -> None:
    for actor in (outsider, mayor):
        for response in (
            client_of(actor).get(page_of(owner, name)),
            client_of(actor).post(page_of(owner, name)),
        ):
            assert response.status_code == 404
            assert "OWES Próba" not in text(response)
            assert "olga" not in text(response).lower()


def test_a_member_of_both_must_switch_first(client_of: ClientOf, owner: Actor, outsider: Actor) -> None:
    Membership.objects.create(user=owner.user, organisation=outsider.organisation, role=Role.OWNER)
    client = client_of(owner)
    refused = client.get(page_of(outsider))
    assert refused.status_code == 403
    assert outsider.organisation
    client.post(reverse("accounts:switch"), {"organisation": outsider.organisation.pk})
    assert client.get(page_of(outsider)).status_code == 200
    assert client.get(page_of(owner)).status_code == 403


@pytest.mark.parametrize("wanted", ["", "0", "abc", "999999", "-1", "٣"])
def test_switching_to_nothing_is_not_found(client_of: ClientOf, owner: Actor, wanted: str) -> None:
    assert client_of(owner).post(reverse("accounts:switch"), {"organisation": wanted}).status_code == 404


def test_switching_to_strangers_is_not_found(client_of: ClientOf, owner: Actor, outsider: Actor) -> None:
    assert outsider.organisation
    client = client_of(owner)
    assert (
        client.post(reverse("accounts:switch"), {"organisation": outsider.organisation.pk}).status_code == 404
    )
    assert client.get(page_of(owner)).status_code == 200


def test_a_way_back_leads_only_to_our_own_pages(client_of: ClientOf, owner: Actor) -> None:
    assert owner.organisation
    for wanted, reached in (
        ("/pl/my/profile/", "/pl/my/profile/"),
        ("https://evil.example/", page_of(owner)),
    ):
        data = {"organisation": owner.organisation.pk, "next": wanted}
        assert client_of(owner).post(reverse("accounts:switch"), data)["Location"] == reached


def test_opening_an_organisation_keeps_what_was_typed_wrong(client_of: ClientOf, mayor: Actor) -> None:
    client = client_of(mayor)
    bad = client.post(
        reverse("accounts:open"), {"name": "<b>Gmina</b> & spółka", "kind": "gmina", "place_code": "3"}
    )
    assert bad.status_code == 422
    assert "&lt;b&gt;Gmina&lt;/b&gt; &amp; spółka" in text(bad)
    good = client.post(
        reverse("accounts:open"), {"name": "<b>Gmina</b>", "kind": "gmina", "place_code": "300202"}
    )
    seen = text(client.get(good["Location"]))
    assert "&lt;b&gt;Gmina&lt;/b&gt;" in seen
    assert "<b>Gmina" not in seen


def test_a_name_that_is_taken_says_what_to_do(client_of: ClientOf, mayor: Actor, owner: Actor) -> None:
    bad = client_of(mayor).post("/en/my/organisations/new/", {"name": "OWES Próba", "kind": "gmina"})
    assert "Ask its owner to invite you" in text(bad)


def test_a_failed_change_does_not_show_the_wrong_name_as_kept(client_of: ClientOf, owner: Actor) -> None:
    bad = client_of(owner).post(page_of(owner, "change"), {"name": "", "kind": "gmina"})
    assert bad.status_code == 422
    assert "OWES Próba" in text(bad)


def test_inviting_by_page_sends_a_letter_with_a_link_that_works(
    client_of: ClientOf, owner: Actor, visitor: Client
) -> None:
    response = client_of(owner).post(
        page_of(owner, "invite"), {"email": "nowa@example.org", "role": "adviser"}
    )
    assert response["Location"] == page_of(owner)
    token = Invitation.objects.get().token
    address = f"http://testserver{reverse('accounts:invitation', args=[token])}"
    assert address in Letter.objects.get().body
    assert visitor.get(address).status_code == 200


@pytest.mark.parametrize(
    "data", [{"email": "nowa", "role": "member"}, {"email": "n@example.org", "role": "king"}, {}]
)
def test_a_wrong_invitation_form_invites_nobody(
    client_of: ClientOf, owner: Actor, data: dict[str, str]
) -> None:
    response = client_of(owner).post(page_of(owner, "invite"), data)
    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_the_second_same_invitation_is_explained(
    client_of: ClientOf, owner: Actor, invitation: Invitation
) -> None:
    again = client_of(owner).post(
        reverse("accounts:invite", args=[invitation.organisation_id]),
        {"email": "nowa@example.org", "role": "member"},
    )
    assert again.status_code == 422
    assert "nowa@example.org" in text(again)


def test_only_an_owner_withdraws_by_page(
    client_of: ClientOf, owner: Actor, member: Actor, outsider: Actor, invitation: Invitation
) -> None:
    address = reverse("accounts:withdraw", args=[invitation.pk])
    for actor in (member, outsider):
        assert client_of(actor).post(address).status_code == 404
    assert client_of(owner).get(address).status_code == 405
    client_of(owner).post(address)
    client_of(owner).post(address)
    assert not Invitation.objects.get().is_open


def test_the_landing_page_hides_the_address_from_a_finder(visitor: Client, invitation: Invitation) -> None:
    seen = text(visitor.get(landing(invitation)))
    assert "n…@example.org" in seen
    assert "nowa@example.org" not in seen
    assert "OWES Próba" in seen
    assert f"{reverse('account_login')}?next={landing(invitation)}" in seen


def test_the_landing_page_of_another_person_offers_to_sign_out(
    client_of: ClientOf, outsider: Actor, invitation: Invitation
) -> None:
    client = client_of(outsider)
    assert "n…@example.org" in text(client.get(landing(invitation)))
    assert client.post(landing(invitation)).status_code == 403
    response = client.post(reverse("account_logout"), {"next": landing(invitation)})
    assert response["Location"] == landing(invitation)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"accepted_at": timezone.now()}, "already used"),
        ({"withdrawn_at": timezone.now()}, "withdrew"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "expired"),
    ],
)
def test_a_closed_invitation_says_why_and_what_next(
    visitor: Client, invitation: Invitation, fields: dict[str, Any], words: str
) -> None:
    Invitation.objects.update(**fields)
    seen = text(visitor.get(f"/en/invitation/{invitation.token}/"))
    assert words in seen
    assert 'href="/en/"' in seen
    assert "OWES Próba" not in seen, "a closed link says nothing about the organisation"
    assert visitor.post(f"/en/invitation/{invitation.token}/").status_code == 403


def test_a_wrong_link_is_not_found_with_words(visitor: Client) -> None:
    response = visitor.get("/en/invitation/no-such-token/")
    assert response.status_code == 404
    assert "whole link was copied" in text(response)
    assert visitor.post("/en/invitation/no-such-token/").status_code == 404


def test_a_person_with_an_account_accepts(client_of: ClientOf, invitation: Invitation) -> None:
    client = client_of(Actor.of(User.objects.create_user("nowa@example.org")))
    assert landing(invitation) in text(client.get(reverse("accounts:organisations")))
    response = client.post(landing(invitation))
    assert client.get(response["Location"]).status_code == 200
    assert response["Location"] == reverse("accounts:organisation", args=[invitation.organisation_id])


def test_a_person_without_an_account_signs_up_and_accepts(visitor: Client, invitation: Invitation) -> None:
    """The whole way: link, new account, code from the letter, back to the invitation, accepted by a POST."""
    visitor.get(landing(invitation))
    word = "zielona-kładka-7"
    data = {
        "email": "nowa@example.org",
        "name": "Nowa",
        "password1": word,
        "password2": word,
        "next": landing(invitation),
    }
    response = visitor.post(reverse("account_signup"), data)
    assert response["Location"] == reverse("account_email_verification_sent")
    code = next(
        line.strip()
        for line in mail.outbox[-1].body.splitlines()
        if 6 <= len(line.strip()) <= 9 and " " not in line.strip()
    )
    response = visitor.post(response["Location"], {"code": code})
    assert response["Location"] == landing(invitation)
    assert not Membership.objects.filter(user__email="nowa@example.org").exists()
    visitor.post(landing(invitation))
    assert Membership.objects.get(user__email="nowa@example.org").role == Role.MEMBER


def test_roles_by_page(client_of: ClientOf, owner: Actor, member: Actor, outsider: Actor) -> None:
    assert owner.organisation
    assert member.user
    assert outsider.user
    client = client_of(owner)
    address = reverse("accounts:person", args=[owner.organisation.pk, member.user.pk])
    client.post(address, {"give": "editor"})
    assert Actor.of(member.user, owner.organisation).roles == {"member", "editor"}
    assert client.post(address, {"give": "king"}).status_code == 302
    client.post(address, {"take": "editor"})
    gone = client.post(address, {"take": "member"})
    assert gone["Location"] == page_of(owner)
    assert client.get(address).status_code == 404
    strange = reverse("accounts:person", args=[owner.organisation.pk, outsider.user.pk])
    assert client.post(strange, {"give": "member"}).status_code == 404


def test_members_cannot_change_roles_by_page(client_of: ClientOf, member: Actor, adviser: Actor) -> None:
    assert member.organisation
    assert member.user
    address = reverse("accounts:person", args=[member.organisation.pk, member.user.pk])
    for actor in (member, adviser):
        assert client_of(actor).post(address, {"give": "owner"}).status_code == 403
    assert Actor.of(member.user, member.organisation).roles == {Role.MEMBER}


def test_the_last_owner_is_told_why_she_cannot_leave(client_of: ClientOf, owner: Actor) -> None:
    client = client_of(owner)
    assert client.get(page_of(owner, "leave")).status_code == 200
    response = client.post(page_of(owner, "leave"), follow=True)
    assert owner.user
    assert Membership.objects.filter(user=owner.user).exists()
    assert response.status_code == 200


def test_the_profile_changes_the_language_of_the_pages(client_of: ClientOf, owner: Actor) -> None:
    client = client_of(owner)
    response = client.post("/pl/my/profile/", {"name": "Olga N", "language": "en"})
    assert response["Location"] == "/en/my/profile/"
    assert 'value="Olga N"' in text(client.get(response["Location"]))
    assert client.post("/pl/my/profile/", {"name": "", "language": "xx"}).status_code == 422


def test_history_names_people_by_their_name_of_today(
    client_of: ClientOf, owner: Actor, member: Actor
) -> None:
    assert owner.organisation
    assert member.user
    acts.give_role(owner, owner.organisation, member.user, Role.EDITOR)
    User.objects.filter(pk=member.user.pk).update(name="Nowe Nazwisko")
    assert "Nowe Nazwisko: library editor" in text(
        client_of(owner).get(page_of(owner).replace("/pl/", "/en/"))
    )


def grow(owner: Actor, number: int) -> None:
    """More people, invitations and events in the organisation."""
    assert owner.organisation
    start = User.objects.count()
    for i in range(start, start + number):
        user = User.objects.create_user(f"p{i}@example.org", name=f"P{i}")
        acts.give_role(Actor.system(), owner.organisation, user, Role.MEMBER)
        Invitation.objects.create(
            organisation=owner.organisation, email=f"i{i}@example.org", role=Role.MEMBER
        )
        Membership.objects.create(
            user=owner.user,
            role=Role.MEMBER,
            organisation=Organisation.objects.create(name=f"O{i}", kind=OrganisationKind.GMINA),
        )


@pytest.mark.parametrize("name", ["accounts:organisation", "accounts:organisations", "accounts:profile"])
def test_the_number_of_queries_does_not_grow(name: str, client_of: ClientOf, owner: Actor) -> None:

    assert owner.organisation
    address = reverse(name, args=[owner.organisation.pk] if name == "accounts:organisation" else [])
    client, counts = client_of(owner), []
    for size in (2, 20):
        grow(owner, size)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
