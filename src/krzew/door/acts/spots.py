"""From a white spot to the topic of a call, in one step."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.acts import programmes
from krzew.calls.definition import plain, read
from krzew.calls.models import Programme
from krzew.calls.rules import manage_programme
from krzew.door.rules import see_spots
from krzew.door.spots import by_code
from krzew.timeline.acts import act, record


@act
def make_topic(actor: Actor, programme: Programme, concept: str) -> Programme:
    """Add the need as a theme of a programme; calls that were announced keep theirs."""
    see_spots.require(actor)
    manage_programme.require(actor, programme)
    found = by_code().get(concept)
    if found is None:
        raise ValidationError(_("This need is not in the thesaurus any more."))
    data = plain(programme.rules)
    code = found.code.replace("-", "_")[:40]
    if any(theme["code"] == code for theme in data.get("themes", ())):
        raise ValidationError(_("This programme has this topic already."))
    theme = {"code": code, "label": {"pl": found.label("pl"), "en": found.label("en")}}
    data["themes"] = [*data.get("themes", ()), theme]
    programmes.change_programme(actor, programme, read(data), seen=programme.revision)
    record(actor, "door.topic_made", programme, data={"concept": concept})
    return programme
