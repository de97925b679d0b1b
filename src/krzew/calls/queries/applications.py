"""Reading applications: by the link, of one person, and for the team."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, Q, QuerySet

from krzew.accounts.actors import Actor
from krzew.calls.applications.answers import APPLICANT, Wrong
from krzew.calls.applications.applicant import nip_of
from krzew.calls.applications.check import Filled
from krzew.calls.models import Application, ApplicationVersion, Attachment, Call, Member, token_hash
from krzew.calls.rules import manage_application, write_application
from krzew.calls.states import ApplicationState
from krzew.places.text import fold
from krzew.timeline.queries import letters
from krzew.timeline.states import LetterState

OWN = "my-"
"""A signed-in applicant opens her application without the secret: `my-17` instead of it."""
ENDS = ("out", "reserve", "offered", "selected")
"""States that come from a decision: the applicant learns them when the letters leave."""
SORTS = {
    "number": ("number", "pk"),
    "title": ("title", "number", "pk"),
    "applicant": ("applicant_name", "number", "pk"),
    "amount": ("amount", "number", "pk"),
    "sent": ("submitted_at", "pk"),
}
BETWEEN = "\ue000"
"""A sign that nobody types, between rows that are folded together."""
COUNTED = [state for state in ApplicationState.values if state not in ("draft", "withdrawn")]


def _with_all(rows: QuerySet[Application]) -> QuerySet[Application]:
    return rows.select_related("call__programme__organisation", "idea", "place__parent__parent", "user")


def by_token(actor: Actor, token: str) -> Application | None:
    """The application that this link opens."""
    rows = _with_all(Application.objects.all())
    if token.startswith(OWN) and token[len(OWN) :].isdecimal():
        own = write_application.filter(actor, rows)
        return own.filter(pk=int(token[len(OWN) :][:18])).first()
    return rows.filter(token_hash=token_hash(token)).first()


def member_by_token(token: str) -> Member | None:
    rows = Member.objects.select_related("application__call__programme__organisation")
    return rows.filter(token_hash=token_hash(token)).first()


def own_applications(actor: Actor) -> QuerySet[Application]:
    """Applications of the person who is signed in, the newest first."""
    rows = _with_all(Application.objects.all())
    return rows.filter(user=actor.user).order_by("-started_at") if actor.user else rows.none()


def filled(application: Application) -> Filled:
    """The application with members, statements and files: three queries."""
    call = application.call
    stage = call.rules.form
    assert stage is not None, "a call without a form takes no applications"
    files: dict[str, list[Attachment]] = defaultdict(list)
    for file in application.attachments.filter(removed_at__isnull=True):
        files[file.field].append(file)
    ticks = application.ticks.values_list("member_id", "code", "version")
    return Filled(
        kind=application.kind,
        rules=call.rules,
        stage=stage,
        answers=application.answers,
        members=tuple(application.members.all()),
        ticks=frozenset(ticks),
        files={code: tuple(rows) for code, rows in files.items()},
        keyed=application.keyed_by_id is not None,
    )


def same_applicant(application: Application, members: tuple[Member, ...]) -> QuerySet[Application]:
    """Other sent applications of the call behind which the same applicant stands, by e-mail, account or NIP.

    With members when the rules count them: a member of one group is then an applicant too.
    """
    counted = application.call.rules.applicants.limit_counts_members
    mine = [m for m in members if not m.is_contact] if counted else []
    emails = {email for email in (application.email, *(m.email for m in mine)) if email}
    users = {user for user in (application.user_id, *(m.user_id for m in mine)) if user}
    same = Q(email__in=emails) | Q(user__in=users) | _same_nip(application)
    if counted:
        same |= Q(pk__in=Member.objects.filter(Q(email__in=emails) | Q(user__in=users)).values("application"))
    rows = Application.objects.filter(call=application.call_id, state__in=COUNTED)
    return rows.exclude(pk=application.pk).filter(same)


def _same_nip(application: Application) -> Q:
    """An organisation is the same by its NIP, whoever wrote the application."""
    data = application.answers.get(APPLICANT) or {}
    try:
        nip = nip_of(str(data.get("nip") or ""))
    except Wrong:
        return Q(pk__in=[])
    return Q(**{f"answers__{APPLICANT}__nip": nip})


def is_told(application: Application) -> bool:
    """Whether the applicant may see the decision: it has left, and no letter about it is held back."""
    if application.state not in ENDS:
        return True
    decisions = list(application.decisions.values_list("released_at", flat=True))
    if decisions and not any(decisions):
        return False
    return not letters(application).filter(state=LetterState.HELD).exists()


def latest_version(application: Application) -> ApplicationVersion | None:
    return application.versions.order_by("-number").first()


def team_applications(
    actor: Actor, call: Call, *, state: str = "", stage: str = "", text: str = "", sort: str = "number"
) -> QuerySet[Application]:
    """Sent applications of a call for its team: filtered, searched and sorted."""
    rows = manage_application.filter(actor, Application.objects.filter(call=call))
    if state:
        rows = rows.filter(state=state)
    if stage:
        rows = rows.filter(stage=stage)
    if text.strip():
        rows = rows.filter(pk__in=_found(rows, call.round, text))
    order = SORTS.get(sort.removeprefix("-"), SORTS["number"])
    down = "-" if sort.startswith("-") else ""
    return rows.select_related("place").defer("answers").order_by(*(f"{down}{name}" for name in order))


def _found(rows: QuerySet[Application], round_: int, text: str) -> list[int]:
    """Keys of those whose number, title or applicant holds every word; diacritics do not matter.

    Databases fold Polish letters each in its own way, so it is done here, for all rows in one go.
    """
    words, keys, said = fold(text).split(), [], []
    for pk, number, title, name in rows.values_list("pk", "number", "title", "applicant_name"):
        keys.append(pk)
        said.append(f"{round_}/{number or 0:03d} {number or ''} {title} {name}".replace(BETWEEN, " "))
    folded = fold(f" {BETWEEN} ".join(said)).split(BETWEEN)
    return [pk for pk, line in zip(keys, folded, strict=False) if all(word in line for word in words)]


def state_counts(actor: Actor, call: Call) -> dict[str, int]:
    """How many stand in each state, in one query."""
    rows = manage_application.filter(actor, Application.objects.filter(call=call))
    return dict(rows.order_by().values_list("state").annotate(Count("pk")))


def team_application(actor: Actor, call: Call, pk: int) -> Application | None:
    return (
        manage_application.filter(actor, _with_all(Application.objects.filter(call=call)))
        .filter(pk=pk)
        .first()
    )


def being_keyed_in(actor: Actor, call: Call) -> QuerySet[Application]:
    """Drafts that the team types for somebody."""
    rows = Application.objects.filter(call=call, keyed_by__isnull=False, state=ApplicationState.DRAFT)
    return write_application.filter(actor, rows).select_related("keyed_by").order_by("-started_at")
