"""A public vote in the words in which people read the rules."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from krzew.calls.definition import Definition
from krzew.calls.definition.vote import VoteStage
from krzew.calls.present.programmes_base import Said, listed, points

VOTERS = {
    "everybody": gettext_lazy("everybody, without an account: one vote from one browser"),
    "accounts": gettext_lazy("persons with an account: one vote from one account"),
}


def vote(stage: VoteStage, definition: Definition) -> Said:
    text = ngettext(
        "One person votes for at most %(n)d application.",
        "One person votes for at most %(n)d applications.",
        stage.choices,
    )
    lasts = ngettext(
        "The vote lasts at least %(n)d day.", "The vote lasts at least %(n)d days.", stage.least_days
    )
    return Said(
        [
            _("May vote: %(who)s.") % {"who": VOTERS[stage.who]},
            text % {"n": stage.choices},
            lasts % {"n": stage.least_days},
            _shown(stage, definition),
            meaning(stage),
            _("The count is published after the end, and nobody sees it before."),
        ]
    )


def _shown(stage: VoteStage, definition: Definition) -> str:
    labels = {f.code: str(f.label) for f in (definition.form.fields if definition.form else ())}
    asked = [_("“%(name)s”") % {"name": labels.get(code, code)} for code in stage.shows]
    if not asked:
        return _("Everybody reads the titles of the applications, and nothing else of them.")
    return _("Everybody reads the title and the answers to: %(questions)s.") % {"questions": listed(asked)}


def meaning(stage: VoteStage) -> str:
    """What the count does, and what it does not do."""
    if stage.weight is None:
        return _("The count is information for the committee. It decides nothing by itself.")
    text = _("In the ranking the most votes give %(points)s points, fewer votes give less in proportion.")
    return text % {"points": points(stage.weight)}
