"""The papers of a grant given to those who control it; the time-line keeps that they were."""

from __future__ import annotations

import hashlib

from krzew.accounts.actors import Actor
from krzew.timeline.acts import act, record
from krzew.trials import evidence
from krzew.trials.models import Innovation
from krzew.trials.queries.settlement import whole
from krzew.trials.rules import manage_innovation


def collect(actor: Actor, innovation: Innovation) -> bytes:
    """Put the archive together with nothing locked, then note its fingerprint."""
    manage_innovation.require(actor, innovation)
    made = evidence.archive(whole(innovation))
    _noted(actor, innovation, hashlib.sha256(made).hexdigest())
    return made


@act
def _noted(actor: Actor, innovation: Innovation, fingerprint: str) -> None:
    record(actor, "trials.evidence_collected", innovation, data={"sha256": fingerprint})
