"""Every permission of the house says the same twice: about one object, and about the rows of a list.

A new permission is covered by itself. A room whose objects are not part of the reference data makes some in
`tests/<room>/permission_objects.py`: `make_objects(organisations, people)`.
"""

from __future__ import annotations

from importlib import import_module, util
from itertools import chain, combinations
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from krzew.accounts.actors import Actor
from krzew.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from krzew.accounts.permissions import EVERYTHING, NOTHING, PERMISSIONS, Denied, Permission, verdict

ROOMS = [room for room in apps.get_app_configs() if room.name.startswith("krzew.")]
for _room in ROOMS:
    if module_has_submodule(_room.module, "rules"):
        import_module(f"{_room.name}.rules")

OVER_ROWS = [permission for permission in PERMISSIONS if permission.visible]


def role_sets() -> list[tuple[Role, ...]]:
    """Every role, every pair, and all at once: a rule never asks for three."""
    sizes = (1, 2, len(Role))
    return list(chain.from_iterable(combinations(Role, size) for size in sizes))


@pytest.fixture
def actors(db: None) -> list[Actor]:
    """Each set of roles in two organisations, somebody of both, somebody of none, a visitor, the program."""
    first, second = organisations()
    found = [Actor.system(), Actor.anonymous()]
    for home in (first, second):
        for roles in role_sets():
            found.append(Actor.of(person(f"{'-'.join(roles)}@{home.pk}.example.org", home, roles), home))
    both = person("both@example.org", first, (Role.OWNER,))
    Membership.objects.create(user=both, organisation=second, role=Role.MEMBER)
    nobody = Actor.of(User.objects.create_user("nobody@example.org"))
    return [*found, Actor.of(both, first), Actor.of(both, second), nobody]


def organisations() -> list[Organisation]:
    names = ("Pierwsza", "Druga")
    kind, now = OrganisationKind.SUPPORT_CENTRE, timezone.now()
    return [Organisation.objects.create(name=name, kind=kind, confirmed_at=now) for name in names]


def person(email: str, home: Organisation, roles: tuple[Role, ...]) -> User:
    user = User.objects.create_user(email)
    Membership.objects.bulk_create(Membership(user=user, organisation=home, role=role) for role in roles)
    return user


@pytest.fixture
def objects(actors: list[Actor]) -> None:
    homes = list(Organisation.objects.filter(name__in=("Pierwsza", "Druga")))
    people = [actor.user for actor in actors if actor.user]
    for room in ROOMS:
        module = f"tests.{room.label}.permission_objects"
        if util.find_spec(f"tests.{room.label}") and util.find_spec(module):
            import_module(module).make_objects(homes, people)


@pytest.mark.parametrize("permission", OVER_ROWS, ids=lambda permission: permission.name)
def test_check_and_rows_agree(permission: Permission, actors: list[Actor], objects: None) -> None:
    assert permission.model, f"{permission.name}: say which model its rows are of"
    rows = list(permission.model._default_manager.all()[:300])
    assert rows, f"no {permission.model.__name__} to compare: make some in tests/<room>/permission_objects.py"
    kept = permission.model._default_manager.filter(pk__in=[row.pk for row in rows])
    for actor in actors:
        listed = list(permission.filter(actor, kept))
        assert len(listed) == len(set(listed)), f"{permission.name} repeats rows for {actor}"
        allowed = {row for row in rows if permission.allows(actor, row)}
        assert set(listed) == allowed, f"{permission.name} for {actor}: {set(listed) ^ allowed}"


@pytest.mark.parametrize("permission", OVER_ROWS, ids=lambda permission: permission.name)
def test_a_refusal_has_a_reason(permission: Permission, actors: list[Actor], objects: None) -> None:
    for row in permission.model._default_manager.all()[:20]:  # type: ignore[union-attr]
        for actor in actors:
            answer = permission.check(actor, row)
            assert answer or str(answer.reason), f"{permission.name} refuses {actor} without a word"


def test_names_are_unique() -> None:
    names = [permission.name for permission in PERMISSIONS]
    assert len(names) == len(set(names))


def test_a_permission_that_disagrees_is_found(actors: list[Actor], objects: None) -> None:
    """The comparison itself can fail: a check that says yes to all beside rows that are none."""
    wrong = Permission(
        "test.wrong", lambda actor, obj: verdict(True, ""), lambda actor: NOTHING, Organisation
    )
    PERMISSIONS.remove(wrong)
    with pytest.raises(AssertionError, match=r"test\.wrong"):
        test_check_and_rows_agree(wrong, actors, None)


def test_everything_and_nothing_can_be_combined(owner: Actor, outsider: Actor) -> None:
    one = Q(pk=owner.organisation.pk)  # type: ignore[union-attr]
    sizes = [
        (one | EVERYTHING, 2),
        (EVERYTHING | one, 2),
        (one & EVERYTHING, 1),
        (one | NOTHING, 1),
        (one & NOTHING, 0),
    ]
    for rows, size in sizes:
        assert Organisation.objects.filter(rows).count() == size


def test_denied_carries_the_reason(outsider: Actor, owner: Actor) -> None:
    from krzew.accounts.rules import OWNERS_ONLY, manage_organisation

    with pytest.raises(Denied) as refusal:
        manage_organisation.require(outsider, owner.organisation)
    assert refusal.value.reason == OWNERS_ONLY


def test_a_permission_without_rows_cannot_filter(owner: Actor) -> None:
    from krzew.accounts.rules import open_organisation

    with pytest.raises(TypeError, match="not a permission over rows"):
        open_organisation.filter(owner, Organisation.objects.all())


def test_roles_count_only_for_the_acting_organisation(owner: Actor, outsider: Actor) -> None:
    from krzew.accounts.rules import manage_organisation

    Membership.objects.create(user=owner.user, organisation=outsider.organisation, role=Role.MEMBER)
    there: Any = Actor.of(owner.user, outsider.organisation)  # type: ignore[arg-type]
    assert not manage_organisation.allows(there, outsider.organisation)
    assert not manage_organisation.allows(there, owner.organisation)
