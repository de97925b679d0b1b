"""Who is linked with which application: inferred from what is kept, and stored with the reason.

A link is a shared key: a person (account or e-mail address), an organisation (name or tax number), a gmina.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Lower

from krzew.calls.models import Application, Assessor, Call, Conflict
from krzew.calls.states import ApplicationState
from krzew.ui.formats import fold

Key = tuple[str, str]
ENDED = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


@dataclass
class Side:
    """One side of a possible link: what an assessor, or the applicant with her group, can be known by."""

    people: set[Key] = field(default_factory=set)
    organisations: dict[Key, str] = field(default_factory=dict)
    gminas: set[str] = field(default_factory=set)

    @property
    def keys(self) -> set[Key]:
        return self.people | set(self.organisations)


def tidy_name(name: str) -> str:
    """A name as it is compared: small letters, no marks, single spaces."""
    return " ".join(re.findall(r"\w+", fold(name)))


def _person(user_id: int | None, *emails: str) -> set[Key]:
    keys = {("email", email.strip().lower()) for email in emails if email}
    return keys | ({("user", str(user_id))} if user_id else set())


def _organisations(*names: str | None) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for name in filter(None, names):
        digits = re.sub(r"\D", "", name)
        if len(digits) == 10 and len(name.strip()) <= 16:
            found["nip", digits] = name
        elif tidy_name(name):
            found["name", tidy_name(name)] = name
    return found


def assessor_sides(assessors: Iterable[Assessor]) -> dict[int, Side]:
    rows = list(assessors)
    users = [a.user_id for a in rows]
    emails = defaultdict(list)
    for user, email in EmailAddress.objects.filter(user__in=users, verified=True).values_list(
        "user", "email"
    ):
        emails[user].append(email)
    return {a.pk: _assessor_side(a, emails[a.user_id]) for a in rows}


def _assessor_side(assessor: Assessor, emails: list[str]) -> Side:
    homes = [m.organisation.name for m in assessor.user.memberships.all()]
    return Side(
        _person(assessor.user_id, assessor.user.email, *emails),
        _organisations(*homes, *assessor.linked_organisations),
        set(assessor.gminas),
    )


def application_side(application: Application) -> Side:
    """Needs `members`, `organisation`, and the annotation `nip`."""
    members = list(application.members.all())
    people = _person(application.user_id, application.email)
    for member in members:
        people |= _person(member.user_id, member.email)
    home = application.organisation.name if application.organisation else None
    names = [home, application.applicant_name, getattr(application, "nip", None)]
    gminas = {application.place_id} if application.place_id else set()
    return Side(people, _organisations(*names, *(m.name for m in members)), gminas)


def inferred(call: Call, assessors: Iterable[Assessor]) -> list[Conflict]:
    """Every conflict that the kept data show between these assessors and the applications of the call."""
    left = assessor_sides(assessors)
    right = {row.pk: application_side(row) for row in _applications(call)}
    found: dict[tuple[int, int, str], str] = {}
    for kind, pairs in (
        (Conflict.Kind.ORGANISATION, _same_organisation(left, right)),
        (Conflict.Kind.GMINA, _same_gmina(left, right)),
        (Conflict.Kind.APPLICANT, _applies(left, right)),
        (Conflict.Kind.PARTNERSHIP, _earlier(call, left, right)),
    ):
        for assessor, application, note in pairs:
            found.setdefault((assessor, application, kind), note)
    return [
        Conflict(assessor_id=a, application_id=p, kind=kind, note=note[:300])
        for (a, p, kind), note in found.items()
    ]


def _applications(call: Call) -> Iterable[Application]:
    rows = call.applications.exclude(state__in=ENDED).select_related("organisation")
    return rows.annotate(nip=KT("answers___applicant__nip")).defer("answers").prefetch_related("members")


Pairs = Iterable[tuple[int, int, str]]


def _holders(right: dict[int, Side], what: str) -> dict[object, list[int]]:
    found: dict[object, list[int]] = defaultdict(list)
    for pk, side in right.items():
        for key in getattr(side, what):
            found[key].append(pk)
    return found


def _same_organisation(left: dict[int, Side], right: dict[int, Side]) -> Pairs:
    holders = _holders(right, "organisations")
    for assessor, side in left.items():
        for key, name in side.organisations.items():
            yield from ((assessor, application, name) for application in holders.get(key, ()))


def _same_gmina(left: dict[int, Side], right: dict[int, Side]) -> Pairs:
    holders = _holders(right, "gminas")
    for assessor, side in left.items():
        for code in side.gminas:
            yield from ((assessor, application, code) for application in holders.get(code, ()))


def _applies(left: dict[int, Side], right: dict[int, Side]) -> Pairs:
    """Whoever applies, alone or in a group, assesses nothing in the same call: all compete for one pool."""
    people = {key for side in right.values() for key in side.people}
    for assessor, side in left.items():
        if side.people & people:
            yield from ((assessor, application, "") for application in right)


def _earlier(call: Call, left: dict[int, Side], right: dict[int, Side]) -> Pairs:
    """They stood together in an earlier application, on whichever side of it."""
    holders = _holders(right, "keys")
    for row in _earlier_applications(call, left):
        keys = application_side(row).keys
        together = {pk for key in keys for pk in holders.get(key, ())}
        for assessor, side in left.items():
            if side.people & keys:
                yield from ((assessor, application, str(row)) for application in together)


def _earlier_applications(call: Call, left: dict[int, Side]) -> Iterable[Application]:
    keys = {key for side in left.values() for key in side.people}
    users = [value for kind, value in keys if kind == "user"]
    emails = [value for kind, value in keys if kind == "email"]
    theirs = Q(user__in=users) | Q(low__in=emails) | Q(members__user__in=users) | Q(member_low__in=emails)
    rows = Application.objects.exclude(call=call).exclude(state=ApplicationState.DRAFT)
    rows = rows.annotate(low=Lower("email"), member_low=Lower("members__email")).filter(theirs)
    rows = rows.annotate(nip=KT("answers___applicant__nip")).defer("answers").select_related("organisation")
    return rows.prefetch_related("members").distinct()


def store(call: Call, assessors: Iterable[Assessor]) -> int:
    """Keep what was inferred beside what was declared; gives the number of new rows."""
    before = Conflict.objects.filter(application__call=call).count()
    Conflict.objects.bulk_create(inferred(call, assessors), ignore_conflicts=True, batch_size=500)
    return Conflict.objects.filter(application__call=call).count() - before
