"""Those who run a call, and the organiser itself, do not apply in it (R08)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.calls.acts import applications as acts
from krzew.calls.acts import applications_people as people
from krzew.calls.models import Application, Call
from tests.calls.factories_assessment import make_assessor

MakeDraft = Callable[..., tuple[Application, str]]
NOBODY = Actor.anonymous()


def refused(application: Application) -> bool:
    with pytest.raises(ValidationError) as found:
        acts.submit(NOBODY, application, seen=application.revision)
    return getattr(found.value, "code", "") == "organiser"


def test_staff_without_signing_in_and_as_a_member_of_a_group(call: Call, make_draft: MakeDraft) -> None:
    alone, _token = make_draft(call, email="NINA@example.org")
    assert refused(alone)
    group, _link = make_draft(call, kind="group")
    member = group.members.get(is_contact=False)
    people.set_members(NOBODY, group, [people.MemberRow(member.name, "nina@example.org", member.pk)])
    row = group.members.get(is_contact=False)
    codes = {d.code for d in call.rules.form.declarations if d.each_member and "group" in d.applicants}  # type: ignore[union-attr]
    people.set_ticks(NOBODY, group, codes, member=row)
    people.join(NOBODY, row)
    assert refused(Application.objects.get(pk=group.pk))


def test_the_organiser_itself_by_its_name(call: Call, make_draft: MakeDraft) -> None:
    name = f" {call.programme.organisation.name.upper()} "
    own, _token = make_draft(call, kind="organisation", name=name)
    assert refused(own)
    other, _link = make_draft(call, kind="person", name=name)  # a person of that name is somebody else
    acts.submit(NOBODY, other, seen=other.revision)


def test_an_expert_from_outside_may_apply(call: Call, make_draft: MakeDraft) -> None:
    expert = make_assessor(call.programme.organisation)
    row, _token = make_draft(call, email=expert.user.email)
    acts.submit(NOBODY, row, seen=row.revision)
    assert Application.objects.get(pk=row.pk).number == 1


def test_the_page_says_it_before_the_button(call: Call, make_draft: MakeDraft, visitor: Client) -> None:
    _row, token = make_draft(call, email="nina@example.org")
    page = visitor.get(reverse("calls:application_check", args=[token])).content.decode()
    assert "pracuje u organizatora" in page
    _good, link = make_draft(call)
    assert (
        "organizatora naboru"
        not in visitor.get(reverse("calls:application_check", args=[link])).content.decode()
    )


def test_staff_of_another_incubator_may_apply(stranger: Any, call: Call, make_draft: MakeDraft) -> None:
    row, _token = make_draft(call, email=stranger.user.email)
    acts.submit(NOBODY, row, seen=row.revision)
