"""The table of a programme's parts: what can be changed in each by page, and which lists of parts it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.calls.forms import programmes_special as special
from krzew.calls.forms.programmes_entries import (
    Amounts,
    Data,
    Entry,
    Inner,
    Line,
    Number,
    OneOf,
    Ordered,
    Rows,
    SomeOf,
    Whole,
    Words,
    YesNo,
    money,
)
from krzew.calls.present.programmes_base import APPLICANTS, QUESTIONS
from krzew.calls.present.programmes_scoring import COLUMNS, ROUNDS, RULES
from krzew.calls.present.programmes_testing import NEEDS
from krzew.calls.programmes.paths import NoSuchPart
from krzew.calls.states import Outcome


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
}
LATE = {
    "left_without_consideration": Outcome.LEFT.label,
    "rejected": Outcome.REJECTED_FORMAL.label,
}
THIRD = {
    "decides": _("the third card decides"),
    "joins_mean": _("the mean of all three"),
    "nearest_two": _("the mean of the two nearest"),
}
ABSENCE = {
    "zero": _("no points"),
    "rejected": _("the application is rejected"),
    "new_date": _("another date, once"),
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
ROOT = {"about": ABOUT, "applicants": WHO_APPLIES, "grant": GRANT, "themes": THEMES}

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
        Whole("most", _("At most so many"), least=1, most=50, when=asks("choices", "file")),
        Rows(
            "phases",
            _("Phases of the plan"),
            entries=(
                Words("label", _("Phase"), longest=4000),
                Whole("months", _("Most months"), most=120),
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
STAGES: dict[str, Kind] = {
    "application": Kind(
        _("Application form"),
        (*NAMED, Whole("total_months", _("Longest plan, in months"), most=120)),
        (
            Listed("sections", "section", _("Sections"), _("Add a section")),
            Listed("declarations", "declaration", _("Declarations"), _("Add a statement")),
        ),
    ),
    "formal": Kind(
        _("Formal check"),
        (
            *NAMED,
            Inner(
                "completion",
                _("Completing an application"),
                _("Empty number of days: an application is not completed."),
                entries=(
                    Whole("working_days", _("Working days for it"), least=1, most=120),
                    Whole("rounds", _("How many times"), least=1, most=3),
                    OneOf(
                        "late",
                        _("Without it"),
                        choices=tuple(LATE.items()),
                        default="left_without_consideration",
                        required=True,
                    ),
                ),
            ),
        ),
        (Listed("checks", "check", _("What is checked"), _("Add a point")),),
    ),
    "merit": Kind(
        _("Assessment with points"),
        (
            *NAMED,
            Whole("assessors", _("Assessors of one application"), least=1, most=26, required=True),
            Inner(
                "divergence",
                _("When two cards differ"),
                _("Empty: a third assessor is not asked."),
                entries=(
                    Number("over", _("By more than so many points")),
                    OneOf(
                        "third",
                        _("What counts then"),
                        choices=tuple(THIRD.items()),
                        default="decides",
                        required=True,
                    ),
                ),
            ),
            Inner(
                "blind",
                _("What an assessor does not see"),
                entries=(
                    YesNo(
                        "others_until_own_is_done",
                        _("Cards of others before her own is signed"),
                        default=True,
                    ),
                    YesNo("applicant", _("Who applies")),
                    YesNo("names_of_assessors", _("The applicant does not learn the names of assessors")),
                ),
                always=True,
            ),
            Whole(
                "card_justification",
                _("Shortest justification of the whole card"),
                _("How many characters."),
                most=5000,
            ),
            YesNo("lived_experience", _("Somebody with experience of the matter assesses too")),
        ),
        (CRITERIA, THRESHOLDS),
    ),
    "pitch": Kind(
        _("Presentation before a panel"),
        (
            *NAMED,
            Whole("minutes", _("Minutes of speaking"), least=1, most=240, required=True),
            Whole("questions_minutes", _("Minutes of questions"), most=240),
            Whole("notice_days", _("The date is told so many days ahead"), most=60, required=True),
            Whole("panel", _("Persons in the panel"), least=1),
            OneOf("absence", _("Who does not come"), choices=tuple(ABSENCE.items()), required=True),
        ),
        (CRITERIA, THRESHOLDS),
    ),
    "talk": Kind(
        _("Talk without points"),
        (
            *NAMED,
            Words("body", _("Who talks with the authors"), required=True, longest=4000),
            SomeOf("rounds", _("Steps"), choices=tuple(ROUNDS.items()), default=tuple(ROUNDS), required=True),
            Rows(
                "questions",
                _("What is talked about"),
                entries=(Words("label", pgettext_lazy("form", "Question"), longest=4000),),
            ),
        ),
    ),
    "strategic": Kind(_("Choice by a council"), (*NAMED, BODY)),
    "ranking": Kind(
        _("Ranking list"),
        (
            *NAMED,
            OneOf(
                "rule",
                _("How money goes down the list"),
                choices=tuple(RULES.items()),
                default="strict",
                required=True,
            ),
            Ordered(
                "ties", _("Of two with equal points, first the one with more in"), choices=special.criteria
            ),
            YesNo("then_lottery", _("Those who are still equal are drawn")),
            OneOf(
                "separate_by",
                _("Separate lists by the answer to"),
                choices=special.choice_questions,
                none=_("no, one list"),
            ),
            Amounts("pools", _("Separate pools"), choices=special.options_of_lists),
            Whole("places", _("Number of places"), _("Empty: the money decides."), least=1),
            YesNo("reserve", _("There is a reserve list"), default=True),
            Whole("accept_working_days", _("Working days to accept an offer"), least=1, most=120),
        ),
        (Listed("quotas", "quota", _("Quotas"), _("Add a quota")),),
    ),
    "decision": Kind(
        _("Decision"),
        (
            *NAMED,
            BODY,
            SomeOf(
                "publish",
                _("What is published"),
                choices=tuple(COLUMNS.items()),
                default=("number", "title", "result"),
            ),
            special.PerOutcome("letters", _("Words of the letters"), _("Empty: Krzew's own words.")),
        ),
    ),
    "appeal": Kind(
        _("Appeal"),
        (
            *NAMED,
            SomeOf("against", _("Against"), choices=tuple(Outcome.choices), required=True),
            Whole("working_days", _("Working days to appeal"), least=1, most=120, required=True),
            Whole("decide_working_days", _("Working days to answer"), least=1, most=120),
            YesNo("another_assessor", _("Somebody who has not assessed it looks again"), default=True),
            YesNo("final", _("The second decision is final"), default=True),
        ),
    ),
    "cooperation": Kind(
        _("Cooperation agreement"), (*NAMED, Words("text", _("Text"), long=True, longest=4000))
    ),
    "specification": Kind(
        _("Specification"),
        (*NAMED, Words("decided_by", _("Who decides"), required=True, longest=4000), LOOKED_AT),
        (Listed("fields", "field", _("What must be written"), _("Add a question")),),
    ),
    "agreement": Kind(
        _("Grant agreement"),
        (
            *NAMED,
            Rows(
                "results",
                _("Results by which it is settled"),
                entries=(
                    Words("label", pgettext_lazy("agreement", "Result"), longest=4000),
                    YesNo("final", _("the final one")),
                ),
            ),
            Rows(
                "tranches",
                _("Tranches"),
                _("Their shares make 100 per cent."),
                entries=(
                    Words("label", _("Tranche"), longest=4000),
                    Number("share", _("Share"), unit="%"),
                    OneOf(
                        "after",
                        _("After the result"),
                        choices=lambda place: [
                            (row["code"], special.said(row["label"])) for row in place.part.get("results", ())
                        ],
                        none=_("at signing"),
                    ),
                ),
            ),
            Line("licence", _("Licence of the results")),
            YesNo("own_contribution", _("A contribution of one's own is needed")),
            Number("shift_without_consent", _("Part of a cost that may be moved without asking"), unit="%"),
        ),
    ),
    "test": Kind(
        _("Test on a small scale"),
        (
            *NAMED,
            Whole("preparation_months", _("Most months of preparation"), most=120),
            Whole("test_months", _("Most months of the test"), most=120),
            Whole("total_months", _("Most months together"), most=120),
            Whole("least_testers", _("Fewest testers"), least=1),
        ),
    ),
    "settlement": Kind(
        _("Settlement by results"),
        (
            *NAMED,
            Number("full_from", _("The whole grant is due from"), unit="%"),
            Number("none_below", _("Nothing is due below"), unit="%"),
            Whole("return_days", _("Days to pay back"), least=1),
            Rows(
                "not_eligible",
                _("Not paid for"),
                entries=(Words("label", _("What"), longest=4000),),
                bare=True,
            ),
        ),
        hint=_("Highest prices are kept in the file of the programme; this page leaves them as they are."),
    ),
    "evaluation": Kind(
        _("Evaluation and report"),
        (*NAMED, LOOKED_AT),
        (Listed("report", "field", _("Questions of the report"), _("Add a question")),),
    ),
    "dissemination": Kind(
        _("Dissemination"),
        (
            *NAMED,
            BODY,
            SomeOf("needs", _("Needed for it"), choices=tuple(NEEDS.items()), required=True),
            LOOKED_AT,
            Number("least_share", _("Smallest part of tested solutions to be chosen"), unit="%"),
            Whole("least_number", _("Fewest solutions to be chosen"), least=1),
        ),
    ),
}
PARTS: dict[str, Kind] = {
    "section": SECTION,
    "field": FIELD,
    "declaration": DECLARATION,
    "check": CHECK,
    "criterion": CRITERION,
    "threshold": THRESHOLD,
    "quota": QUOTA,
}


def kind_of(path: tuple[str, ...], part: Data) -> Kind:
    """The kind of the part at this path."""
    if path[:1] != ("stages",):
        raise NoSuchPart(path)
    return STAGES[part["kind"]] if len(path) == 2 else PARTS[LISTS[path[-2]]]


LISTS = {listed.name: listed.kind for kind in (*STAGES.values(), *PARTS.values()) for listed in kind.lists}
