"""What was measured: one table for a question and a moment. Nobody is measured without a consent that holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.timeline.acts import act, record
from krzew.trials.acts.test import must_write
from krzew.trials.models import Measurement, Test
from krzew.trials.models.test import Moment
from krzew.trials.queries.testers import ready
from krzew.trials.small.questions import Question, question
from krzew.trials.states import TestState

YES_NO = (Decimal(0), Decimal(1))


@act
def measure(
    actor: Actor,
    test: Test,
    code: str,
    moment: str,
    values: Mapping[str, Decimal | None],
    *,
    on: date,
    innovator: bool = False,
) -> int:
    """Keep the answers of these testers, by their codes; an empty one is taken out. Gives how many are kept."""
    must_write(actor, test.innovation, innovator)
    asked = question(test, code)
    if asked is None or moment not in asked.moments:
        raise ValidationError(_("The plan of the test has no such question."))
    _must_be_time(test, moment, on)
    people = {tester.code: tester for tester in ready(test)}
    without = sorted(set(values) - set(people))
    if without:
        text = _("Without a consent that holds nobody is measured: %(codes)s.")
        raise ValidationError(text % {"codes": ", ".join(without)})
    _must_fit(asked, values)
    rows = Measurement.objects.filter(test=test, question=code, moment=moment)
    rows.filter(tester__code__in=[name for name, value in values.items() if value is None]).delete()
    known = {name: value for name, value in values.items() if value is not None}
    for name, value in known.items():
        Measurement.objects.update_or_create(
            test=test,
            tester=people[name],
            question=code,
            moment=moment,
            defaults={"value": value, "on": on, "by": actor.user},
        )
    record(actor, "trials.measured", test, data={"question": code, "moment": moment, "people": len(known)})
    return len(known)


def _must_be_time(test: Test, moment: str, on: date) -> None:
    if test.state == TestState.PLANNED and moment != Moment.BEFORE:
        raise ValidationError(_("The test has not begun. Only what is measured before it may be noted now."))
    if on > timezone.localdate():
        raise ValidationError({"on": _("Choose today or an earlier day.")})


def _must_fit(asked: Question, values: Mapping[str, Decimal | None]) -> None:
    for name, value in values.items():
        if value is None:
            continue
        if asked.answer == "yes_no" and value not in YES_NO:
            raise ValidationError({name: _("Answer yes or no.")})
        if asked.measure == "events" and (value < 0 or value != value.to_integral_value()):
            raise ValidationError({name: _("Type a whole number, 0 or more.")})
