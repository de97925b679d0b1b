"""How long what people send is kept. The periods stand in the programme (`definition.Keeping`); none is invented.

What the call announced holds; what it left open, the programme may settle later.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from krzew.calls.acts import keeping as acts
from krzew.calls.applications import leftovers
from krzew.calls.models import Application, Call, IdeaCard, Member
from krzew.calls.states import ApplicationState, CallState, IdeaState
from krzew.timeline.keeping import Due, Kind, Trace
from krzew.timeline.models import Event

ENDS = ("calls.call_finished", "calls.call_cancelled")
ENDED = (CallState.FINISHED, CallState.CANCELLED)


def period(call: Call, name: str) -> Any:
    """A period of keeping for this call; None where nobody has set it."""
    own = getattr(call.rules.keeping, name)
    return getattr(call.programme.rules.keeping, name) if own is None else own


def from_end_of_year(call: Call, name: str) -> bool:
    source = call if getattr(call.rules.keeping, name) is not None else call.programme
    return bool(source.rules.keeping.from_end_of_year)


def _calls() -> QuerySet[Call]:
    return Call.objects.exclude(published_at__isnull=True).select_related("programme").order_by("pk")


def _happened(rows: Iterable[Any], acts_: Iterable[str]) -> dict[int, date]:
    """The last day on which one of these acts was done to each."""
    keys = {str(row.pk): row.pk for row in rows}
    model = next((row._meta.label_lower for row in rows), "")
    found = Event.objects.filter(act__in=acts_, object_type=model, object_id__in=keys).order_by("number")
    return {keys[e.object_id]: timezone.localdate(e.at) for e in found}


def _named(row: Application) -> str:
    return f"{row.call.slug}: " + (f"application {row.label}" if row.number else f"draft {row.pk}")


# --- drafts and what was taken back -----------------------------------------------------------------


def _drafts(day: date) -> Iterator[Due]:
    for call in _calls():
        if days := period(call, "drafts_days"):
            over = timezone.localdate(call.closes_at) + timedelta(days=days)
            rows = call.applications.filter(state=ApplicationState.DRAFT) if over < day else ()
            for row in rows:
                yield Due("drafts", _named(row), over, row)


def _withdrawn(day: date) -> Iterator[Due]:
    for call in _calls():
        days = period(call, "withdrawn_days")
        rows = list(_with_people(call.applications.filter(state=ApplicationState.WITHDRAWN))) if days else []
        gone = _happened(rows, ["calls.application_withdrawn"])
        for row in rows:
            over = gone.get(row.pk, day) + timedelta(days=days)
            if over < day:
                yield Due("withdrawn", _named(row), over, row)


def _with_people(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Not anonymised yet."""
    return rows.filter(anonymised_at__isnull=True).select_related("call__programme").order_by("pk")


# --- applications of calls that ended ---------------------------------------------------------------


def _applications(day: date) -> Iterator[Due]:
    others = ~Q(state__in=[ApplicationState.SELECTED, ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
    yield from _of_ended("applications", "applications_months", others, day)


def _granted(day: date) -> Iterator[Due]:
    yield from _of_ended("granted", "granted_months", Q(state=ApplicationState.SELECTED), day)


def _of_ended(kind: str, name: str, which: Q, day: date) -> Iterator[Due]:
    calls = list(_calls().filter(state__in=ENDED))
    ends = _happened(calls, ENDS)
    for call in calls:
        months, end = period(call, name), ends.get(call.pk)
        if months is None or end is None:
            continue
        if from_end_of_year(call, name):
            end = date(end.year, 12, 31)
        over = _later(end, months)
        rows = _with_people(call.applications.filter(which)) if over < day else ()
        for row in rows:
            yield Due(kind, _named(row), over, row)


def _later(day: date, months: int) -> date:
    """The same day so many months later; the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _remove(actor: Any, row: Application) -> None:
    if row.number is None:
        acts.delete_unsent(actor, row)
    else:
        acts.anonymise_application(actor, row)


# --- ideas ------------------------------------------------------------------------------------------


def _ideas(day: date) -> Iterator[Due]:
    """Cards past the day that their authors were told. One that grew goes with its application, or now."""
    said = ~Q(what="") | ~Q(title="") | ~Q(name="") | ~Q(email="") | ~Q(phone="") | Q(messages__isnull=False)
    rows = IdeaCard.objects.filter(Q(state=IdeaState.DRAFT) | said, keep_until__lt=day).distinct()
    for card in rows.order_by("pk"):
        yield Due("ideas", f"idea {card.number}", card.keep_until, card)


# --- files that belong to nobody --------------------------------------------------------------------


def _files(day: date) -> Iterator[Due]:
    """Left on the disk when the program died between keeping a change and deleting a file."""
    for name, since in leftovers.without_owner(day):
        yield Due("files", f"file {name}", since, name)


def _unset(name: str, kind: str) -> Any:
    def said() -> list[str]:
        calls = [call for call in _calls() if period(call, name) is None]
        return [f"{kind}: no period in the programme of {call.slug}" for call in calls]

    return said


KINDS = [
    Kind(
        "drafts", "Drafts that were never sent", _drafts, acts.delete_unsent, _unset("drafts_days", "drafts")
    ),
    Kind("withdrawn", "Applications taken back", _withdrawn, _remove, _unset("withdrawn_days", "withdrawn")),
    Kind(
        "applications",
        "Applications without a grant, of calls that ended",
        _applications,
        _remove,
        _unset("applications_months", "applications"),
    ),
    Kind(
        "granted",
        "Applications with a grant, of calls that ended",
        _granted,
        _remove,
        _unset("granted_months", "granted"),
    ),
    Kind("ideas", "Ideas past the day that was promised", _ideas, acts.anonymise_idea),
    Kind("files", "Files without an application", _files, lambda _actor, name: leftovers.delete(name)),
]


# --- one person -------------------------------------------------------------------------------------

OPEN = "is still in the procedure of its call: it must be taken back or decided first"


def in_procedure(row: Application) -> bool:
    """Whether somebody still decides about it, or a grant runs."""
    if row.state in (ApplicationState.DRAFT, ApplicationState.WITHDRAWN):
        return False
    decided = row.state in (ApplicationState.OUT, ApplicationState.RESIGNED)
    return row.call.state not in (*ENDED, *((CallState.DECIDED,) if decided else ()))


def _traces(email: str) -> Iterator[Trace]:
    own = Q(email__iexact=email) | Q(user__email__iexact=email)
    for row in _with_people(Application.objects.filter(own)):
        if in_procedure(row):
            yield Trace(_named(row), stays=OPEN)
        else:
            yield Trace(_named(row), lambda actor, row=row: _remove(actor, row))  # type: ignore[misc]
    members = Member.objects.filter(own, is_contact=False, application__anonymised_at__isnull=True)
    for member in members.select_related("application__call"):
        name = f"member of {_named(member.application)}"
        yield Trace(name, lambda actor, member=member: acts.anonymise_member(actor, member))  # type: ignore[misc]
    for card in IdeaCard.objects.filter(own):
        yield Trace(f"idea {card.number}", lambda actor, card=card: acts.anonymise_idea(actor, card))  # type: ignore[misc]


TRACES = [_traces]
