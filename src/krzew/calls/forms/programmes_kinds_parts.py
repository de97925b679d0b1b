"""Parts inside a programme and its stages: what can be changed in each by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.calls.forms import programmes_special as special
from krzew.calls.forms.programmes_entries import (
    Entry,
    Line,
    Number,
    OneOf,
    Rows,
    SomeOf,
    Whole,
    Words,
    YesNo,
    money,
)
from krzew.calls.present.programmes_base import APPLICANTS, QUESTIONS


@dataclass(frozen=True)
class Listed:
    """A list of parts, each with a page of its own."""

    name: str
    kind: str
    title: Any
    add: Any


@dataclass(frozen=True)
class Kind:
    title: Any
    entries: tuple[Entry, ...]
    lists: tuple[Listed, ...] = ()
    hint: Any = ""


NAME = pgettext_lazy("part", "Name")
LABEL = Words("label", NAME, required=True, longest=4000)
HINT = Words("hint", _("Explanation"), long=True, longest=4000)
BODY = Words("body", _("Who decides"), required=True, longest=4000)
NAMED = (LABEL, HINT)
ALL_KINDS = tuple(APPLICANTS)
WHO = SomeOf("applicants", _("For whom"), choices=tuple(APPLICANTS.items()), default=ALL_KINDS, required=True)
CRITERIA = Listed("criteria", "criterion", _("Criteria"), _("Add a criterion"))
THRESHOLDS = Listed("thresholds", "threshold", _("Thresholds"), _("Add a threshold"))
TOPICS = Listed("topics", "topic", _("Topics with criteria of their own"), _("Add a topic"))
LOOKED_AT = Rows(
    "criteria", _("What is looked at, without points"), entries=(Words("label", NAME, longest=4000),)
)
AUTOMATIC = {
    "in_time": _("that it came in time"),
    "complete": _("that nothing is missing"),
    "limit": _("the number of applications per applicant"),
    "amount": _("the amount"),
    "months": _("the length of the plan"),
    "declarations": _("the statements"),
    "solution": _("that the solution is on the list of the call"),
}


def asks(*kinds: str) -> Any:
    """Only questions of these kinds have it."""
    return lambda part: part.get("kind") in kinds


ABOUT = Kind(
    _("Name and summary"),
    (
        Words("name", NAME, required=True, longest=200),
        Words("summary", _("Summary"), required=True, long=True, longest=4000),
        Line("source", _("Source"), _("Where the rules come from.")),
        YesNo(
            "network",
            _("A network"),
            _("Ideas are looked for together: one may write with an idea or with only the wish to join."),
        ),
    ),
)
WHO_APPLIES = Kind(
    _("Who may apply"),
    (
        SomeOf("kinds", _("Who"), choices=tuple(APPLICANTS.items()), required=True),
        Whole("group_least", _("Smallest informal group"), _("How many persons."), least=2, most=50),
        Whole(
            "group_most",
            _("Largest informal group"),
            _("How many persons. Empty: no limit."),
            least=2,
            most=50,
        ),
        Whole("limit", _("Applications per applicant in one call"), _("Empty: no limit."), least=1),
        YesNo("limit_counts_members", _("Members of groups and partners count too"), default=True),
        YesNo("different_ideas", _("The ideas of one applicant must differ")),
    ),
)
GRANT = Kind(
    _("Money"),
    (
        money("pool", _("Pool"), _("Each call may have its own. Empty: not said.")),
        money("least", _("Lowest grant")),
        money("most", _("Highest grant")),
        YesNo("equals_plan", _("The amount equals the sum of the plan of action")),
        Whole("grants", _("Planned number of grants"), least=1),
    ),
)
THEMES = Kind(
    _("Themes"),
    (Rows("themes", _("Themes"), entries=(Words("label", _("Theme"), longest=4000),), blank=4),),
    hint=_("Empty both languages of a theme to remove it."),
)
KEEPING = Kind(
    _("How long data are kept"),
    (
        Whole(
            "drafts_days",
            _("Drafts that were never sent"),
            _("Days after the call closed. Empty: they stay."),
            least=1,
        ),
        Whole(
            "withdrawn_days",
            _("Applications that were taken back"),
            _("Days after that. Empty: they stay."),
            least=1,
        ),
        Whole(
            "applications_months",
            _("Applications without a grant"),
            _("Months after the end of the call. Empty: they stay."),
            least=1,
            most=600,
        ),
        Whole(
            "granted_months",
            _("Applications with a grant"),
            _("Months after the end of the call. Empty: they stay."),
            least=1,
            most=600,
        ),
        YesNo("from_end_of_year", _("Months count from the last day of the year in which the call ended")),
    ),
    hint=_(
        "Take the periods from your contract and your archive rules; Krzew knows none. When one is over, names, "
        "addresses, texts and files can be removed; numbers, amounts and decisions stay. A call that was announced "
        "without a period takes the one that you write here."
    ),
)
ROOT = {
    "about": ABOUT,
    "applicants": WHO_APPLIES,
    "grant": GRANT,
    "themes": THEMES,
    "keeping": KEEPING,
}

FIELD = Kind(
    pgettext_lazy("form", "Question"),
    (
        Words("label", pgettext_lazy("form", "Question"), required=True, longest=4000),
        HINT,
        OneOf("kind", _("Kind of answer"), choices=tuple(QUESTIONS.items()), required=True),
        YesNo("required", _("It must be answered"), default=True),
        Whole("longest", _("Most characters"), least=1, most=20_000, when=asks("line", "text")),
        Rows(
            "guide",
            _("Helping questions"),
            _("Shown beside the field, at most 12."),
            entries=(Words("label", _("Helping question"), longest=4000),),
            bare=True,
            when=asks("line", "text", "plan", "file"),
        ),
        Rows(
            "options",
            _("Options"),
            _("At least two. Empty both languages of an option to remove it."),
            entries=(Words("label", _("Option"), longest=4000),),
            least=2,
            when=asks("choice", "choices"),
        ),
        special.ClosedList(
            "solutions",
            _("Only these solutions may be chosen"),
            _("One in a line: the name or the address in the library. Empty: any published solution."),
            when=asks("solution"),
        ),
        Words(
            "solutions_why",
            _("Why only these"),
            _("Shown to whoever chooses another one."),
            long=True,
            longest=1000,
            when=asks("solution"),
        ),
        Whole("most", _("At most so many"), least=1, most=50, when=asks("choices", "file")),
        Rows(
            "phases",
            _("Phases of the plan"),
            entries=(
                Words("label", _("Phase"), longest=4000),
                Whole("months", _("Most months"), most=120),
                Whole("least_months", _("Fewest months"), most=120),
            ),
            when=asks("plan"),
        ),
        WHO,
        special.Condition(
            "when", _("Asked only after these answers"), _("Nothing chosen: it is always asked.")
        ),
        YesNo("redact", _("Hidden from assessors where the assessment is blind")),
        YesNo("public", _("Shown to the public with the results")),
    ),
)
SECTION = Kind(
    _("Section of the form"), NAMED, (Listed("fields", "field", _("Questions"), _("Add a question")),)
)
DECLARATION = Kind(
    _("Statement"),
    (
        Words("text", _("Text"), required=True, long=True, longest=4000),
        YesNo("required", _("It must be made"), default=True),
        YesNo("each_member", _("Every member makes it")),
        WHO,
    ),
    hint=_("A changed text becomes a new version: whoever ticked the old one ticked the old text."),
)
CHECK = Kind(
    _("Point of the formal check"),
    (
        *NAMED,
        OneOf(
            "automatic",
            _("Krzew checks it by itself"),
            choices=tuple(AUTOMATIC.items()),
            none=_("no, a person does"),
        ),
        YesNo("can_be_completed", _("It can be completed later"), default=True),
    ),
)
CRITERION = Kind(
    _("Criterion"),
    (
        *NAMED,
        special.Replaces(
            "replaces", _("It stands instead of"), none=_("none: it is added"), rules="criteria"
        ),
        Number("most", _("Most points"), required=True),
        Number("step", _("In steps of")),
        Number("least", _("Minimum of the mean"), _("Empty: none.")),
        Number("least_on_card", _("Minimum on every card"), _("Empty: none.")),
        Number("weight", _("Weight"), _("Points are multiplied by it.")),
        Whole("justification", _("Shortest justification"), _("How many characters."), most=5000),
        Rows(
            "levels",
            _("What points mean"),
            entries=(Number("points", _("Points")), Words("label", _("Meaning"), longest=4000)),
            coded=False,
        ),
    ),
)
THRESHOLD = Kind(
    _("Threshold"),
    (
        Words("label", NAME, required=True, longest=4000),
        special.Replaces(
            "replaces", _("It stands instead of"), none=_("none: it is added"), rules="thresholds"
        ),
        Number("least", _("Points needed"), required=True),
        SomeOf(
            "stages",
            _("Points of these stages together"),
            _("Nothing chosen: of this stage."),
            choices=special.scored_stages,
        ),
        YesNo("on_card", _("On every card by itself, not of the mean")),
    ),
)
TOPIC = Kind(
    _("Topic with criteria of its own"),
    (
        Words("label", NAME, required=True, longest=4000),
        special.AnswerOf("answer", _("For applications with this answer"), required=True),
        YesNo(
            "instead",
            _("Only the criteria and thresholds of the topic count"),
            _("Otherwise they are added to the common ones. Add the criteria first, then tick it."),
        ),
    ),
    (CRITERIA, THRESHOLDS),
)
QUOTA = Kind(
    _("Quota"),
    (
        Words("label", NAME, required=True, longest=4000),
        special.AnswerOf("answer", _("For applications with this answer"), required=True),
        Whole("at_least", _("At least so many")),
        Whole("at_most", _("At most so many")),
        money("money_at_least", _("At least so much money")),
        money("money_at_most", _("At most so much money")),
    ),
)
PARTS: dict[str, Kind] = {
    "section": SECTION,
    "field": FIELD,
    "declaration": DECLARATION,
    "check": CHECK,
    "criterion": CRITERION,
    "threshold": THRESHOLD,
    "topic": TOPIC,
    "quota": QUOTA,
}
