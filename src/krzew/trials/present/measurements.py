"""What was measured, in plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import ngettext

from krzew.trials.models import Test
from krzew.trials.models.test import Moment
from krzew.trials.small.questions import SHORT
from krzew.trials.small.results import Result
from krzew.ui.components import Link

if TYPE_CHECKING:
    from krzew.trials.views.test_base import Side


def rows(
    side: Side, test: Test, found: Sequence[Result], counts: Mapping[tuple[str, str], int]
) -> list[dict[str, Any]]:
    """A question with its result, and links to its tables."""
    return [
        {
            "result": result,
            "measure": SHORT[result.question.measure],
            "links": [_link(side, result, moment, counts) for moment in result.question.moments],
        }
        for result in found
    ]


def _link(side: Side, result: Result, moment: Moment, counts: Mapping[tuple[str, str], int]) -> Link:
    n = counts.get((result.question.code, moment), 0)
    note = ngettext("%(n)d answer", "%(n)d answers", n) % {"n": n}
    url = side.url("measure", result.question.code, moment) if side.writes else ""
    return Link(str(Moment(moment).label), url, note=note)
