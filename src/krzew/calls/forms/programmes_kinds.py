"""The stages of a programme: what can be changed in each by page, and which lists of parts it holds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.calls.forms import programmes_special as special
from krzew.calls.forms.programmes_entries import (
    Amounts,
    Data,
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
)
from krzew.calls.forms.programmes_kinds_parts import (
    BODY,
    CRITERIA,
    LOOKED_AT,
    NAMED,
    PARTS,
    THRESHOLDS,
    TOPICS,
    Kind,
    Listed,
)
from krzew.calls.present.programmes_scoring import COLUMNS, ROUNDS, RULES
from krzew.calls.present.programmes_testing import NEEDS
from krzew.calls.present.programmes_vote import VOTERS
from krzew.calls.programmes.paths import NoSuchPart
from krzew.calls.states import Outcome

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
REMIND = {
    14: _("14 days before the call closes"),
    7: _("7 days before the call closes"),
    3: _("3 days before the call closes"),
    1: _("a day before the call closes"),
}

REMIND_REPORT = {
    30: _("30 days before it is due"),
    14: _("14 days before it is due"),
    7: _("7 days before it is due"),
    3: _("3 days before it is due"),
}

STAGES: dict[str, Kind] = {
    "application": Kind(
        _("Application form"),
        (
            *NAMED,
            Whole("total_months", _("Longest plan, in months"), most=120),
            special.SomeDays(
                "remind_days",
                _("Authors of drafts that are not sent are reminded"),
                _("At most two letters. Nothing ticked: nobody is reminded."),
                choices=tuple(REMIND.items()),
                default=(7, 1),
            ),
        ),
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
        (CRITERIA, THRESHOLDS, TOPICS),
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
        (CRITERIA, THRESHOLDS, TOPICS),
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
    "vote": Kind(
        _("Public vote"),
        (
            *NAMED,
            OneOf(
                "who", _("Who may vote"), choices=tuple(VOTERS.items()), default="everybody", required=True
            ),
            Whole("choices", _("One person votes for at most so many applications"), least=1, most=10),
            Whole("least_days", _("The vote lasts at least so many days"), least=1, most=90),
            SomeOf(
                "shows",
                _("What voters read beside the title"),
                _(
                    "Applicants see it in the rules of the call. Answers that tell who applies cannot be chosen."
                ),
                choices=special.shown_to_voters,
            ),
            Number(
                "weight",
                _("Points in the ranking for the most votes"),
                _("Others get them in proportion. Empty: the count is only information for the committee."),
            ),
            Whole(
                "per_address",
                _("Most votes from one network address"),
                _("An office, a library or a school shares one, so keep it high. Empty: 300."),
                least=50,
                most=100_000,
            ),
        ),
        hint=_("The dates are given when the vote is announced, after the call has closed."),
    ),
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
            YesNo("de_minimis", _("The grantee declares de minimis aid")),
            special.SomeDays(
                "remind_days",
                _("The innovator is reminded of a report"),
                _("At most two letters. Nothing ticked: nobody is reminded."),
                choices=tuple(REMIND_REPORT.items()),
                default=(14, 3),
            ),
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


def kind_of(path: tuple[str, ...], part: Data) -> Kind:
    """The kind of the part at this path."""
    if path[:1] != ("stages",):
        raise NoSuchPart(path)
    return STAGES[part["kind"]] if len(path) == 2 else PARTS[LISTS[path[-2]]]


LISTS = {listed.name: listed.kind for kind in (*STAGES.values(), *PARTS.values()) for listed in kind.lists}
