"""What was measured: the questions with their moments, and one table for each."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krzew.trials.acts import measurements as acts
from krzew.trials.forms.testers import MeasureForm
from krzew.trials.models.test import Moment
from krzew.trials.present import measurements as present
from krzew.trials.queries import measurements as queries
from krzew.trials.queries import testers
from krzew.trials.small.questions import question
from krzew.trials.small.results import harm_reached, results
from krzew.trials.views.test_base import Side, kept, must_write, shown, typed
from krzew.ui.components import Crumb


@require_safe
def listing(request: HttpRequest, side: Side) -> HttpResponse:
    """Every question: when it is asked, how many have answered, what that says."""
    test = side.planned()
    found = results(test)
    context = {
        "rows": present.rows(side, test, found, queries.counts(test)),
        "harmed": harm_reached(found),
        "crumbs": side.crumbs(Crumb(_("Measurements"))),
        "questions_url": side.url("test_questions"),
        "stop_url": side.url("test_stop"),
    }
    return shown(request, side, "trials/measurements.html", context)


def measure(request: HttpRequest, side: Side, code: str, moment: str) -> HttpResponse:
    """One question at one moment: a row for each tester with a consent that holds."""
    must_write(side)
    test = side.planned()
    asked = question(test, code)
    if asked is None or moment not in asked.moments:
        raise Http404
    everybody = [t for t in testers.coded(test) if t.state in testers.IN_TEST]
    text = testers.newest_text(test)
    ready = [t for t in everybody if testers.is_ready(t, text)]
    form = MeasureForm(typed(request), asked, ready, queries.known(test, code, moment))

    def save() -> None:
        values = form.values()
        acts.measure(
            side.actor, test, code, moment, values, on=form.cleaned_data["on"], innovator=side.innovator
        )

    crumbs = side.crumbs(Crumb(_("Measurements"), side.url("measurements")), Crumb(asked.label))
    return kept(
        request,
        side,
        form,
        save,
        title=asked.label,
        lead=str(Moment(moment).label),
        done=side.url("measurements"),
        template="trials/measure.html",
        crumbs=crumbs,
        without=[t.code for t in everybody if t not in ready],
        nobody=not ready,
        testers_url=side.url("testers"),
    )
