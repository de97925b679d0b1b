"""Reading what people said: meetings of a place, and how strongly each need was voiced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from krzew.accounts.models import Organisation
from krzew.network.models import Attendance, Meeting, Method, Sector, Theme, Voice


@dataclass(frozen=True)
class Tally:
    """How strongly one need was voiced. `share` is its part of all voices, each meeting weighted by its people."""

    need: str
    share: float
    statements: int
    meetings: int
    sectors: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Heard:
    """What a set of meetings says together. `missing` are the sectors from which nobody came.

    `votes` says, by sector that raised a problem and by need, how many people's worth of points it was given: the
    points of one meeting always add up to the number of people there, whatever the method.
    """

    tallies: tuple[Tally, ...]
    votes: dict[str, dict[str, float]]
    people: dict[str, int]
    missing: tuple[str, ...]
    meetings: int
    statements: int
    unsorted: int

    @property
    def total_people(self) -> int:
        return sum(self.people.values())


def with_voices(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return rows.select_related("place", "organisation").prefetch_related("attendance", "voices__theme")


def meetings_about(
    organisation: Organisation | int, place_code: str, since: date | None = None, until: date | None = None
) -> QuerySet[Meeting]:
    """Meetings of one organisation about one place, latest first, within the dates when given."""
    rows = with_voices(Meeting.objects.filter(organisation=organisation, place__code=place_code))
    if since:
        rows = rows.filter(date__gte=since)
    return rows.filter(date__lte=until) if until else rows


def listed(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Rows for a list, with the number of people and of statements."""
    people = Attendance.objects.filter(meeting=OuterRef("pk")).values("meeting").annotate(n=Sum("people"))
    counted = rows.select_related("place").annotate(statements=Count("voices"))
    return counted.annotate(people=Subquery(people.values("n"))).order_by("-date", "-pk")


def themes_about(organisation: Organisation | int, place_code: str) -> QuerySet[Theme]:
    rows = Theme.objects.filter(organisation=organisation, place__code=place_code)
    return rows.prefetch_related("voices__meeting")


def points(meeting: Meeting, voices: Sequence[Voice]) -> list[int]:
    """Points of each statement of one meeting: its dots; or, in a ranking, one more than the statement after it."""
    if meeting.method == Method.DOTS and any(v.votes for v in voices):
        return [v.votes or 0 for v in voices]
    if meeting.method == Method.RANKING and any(v.rank for v in voices):
        last = max(v.rank or 0 for v in voices)
        return [last + 1 - v.rank if v.rank else 0 for v in voices]
    return [1] * len(voices)


def _spread(voice: Voice, came: Mapping[str, int]) -> dict[str, float]:
    """To which sectors a statement belongs: to the one that raised it; when not noted, to all who came."""
    if voice.sector:
        return {voice.sector: 1.0}
    total = sum(came.values())
    return {sector: n / total for sector, n in came.items()} if total else {Sector.RESIDENTS: 1.0}


@dataclass
class _Counted:
    """One statement with the number of people's worth of points that its meeting gave it."""

    meeting: Meeting
    voice: Voice
    worth: float
    sectors: dict[str, float]


def _counted(meeting: Meeting) -> list[_Counted]:
    voices = list(meeting.voices.all())
    came = {a.sector: a.people for a in meeting.attendance.all()}
    given = points(meeting, voices)
    scale = max(sum(came.values()), 1) / (sum(given) or 1)
    return [_Counted(meeting, v, n * scale, _spread(v, came)) for v, n in zip(voices, given, strict=True)]


def heard(meetings: Iterable[Meeting]) -> Heard:
    """Add up several meetings. A meeting of forty people counts four times one of ten."""
    rows = list(meetings)
    counted = [c for meeting in rows for c in _counted(meeting)]
    sorted_out = [c for c in counted if c.voice.counted_need]
    people = _people(rows)
    spoke = set(people) | {c.voice.sector for c in counted}
    return Heard(
        tallies=_tallies(sorted_out),
        votes=_votes(sorted_out),
        people=people,
        missing=tuple(s for s in Sector.values if s not in spoke),
        meetings=len(rows),
        statements=len(counted),
        unsorted=len(counted) - len(sorted_out),
    )


def _people(meetings: Iterable[Meeting]) -> dict[str, int]:
    people: dict[str, int] = {}
    for row in (a for m in meetings for a in m.attendance.all()):
        people[row.sector] = people.get(row.sector, 0) + row.people
    return people


def _votes(counted: Iterable[_Counted]) -> dict[str, dict[str, float]]:
    votes: dict[str, dict[str, float]] = {}
    for c in counted:
        for sector, part in c.sectors.items():
            row = votes.setdefault(sector, {})
            row[c.voice.counted_need] = row.get(c.voice.counted_need, 0.0) + c.worth * part
    return votes


def _tallies(counted: Sequence[_Counted]) -> tuple[Tally, ...]:
    total = sum(c.worth for c in counted) or 1.0
    needs = {c.voice.counted_need for c in counted}
    rows = [_tally(need, [c for c in counted if c.voice.counted_need == need], total) for need in needs]
    return tuple(sorted(rows, key=lambda t: (-t.share, t.need)))


def _tally(need: str, counted: Sequence[_Counted], total: float) -> Tally:
    raised = {c.voice.sector for c in counted}
    return Tally(
        need=need,
        share=sum(c.worth for c in counted) / total,
        statements=len(counted),
        meetings=len({c.meeting.pk for c in counted}),
        sectors=tuple(s for s in Sector.values if s in raised),
        quotes=tuple(c.voice.text for c in counted if c.voice.is_quote),
    )
