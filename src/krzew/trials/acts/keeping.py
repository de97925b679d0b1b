"""What is forgotten of an innovation when its application is anonymised: persons, not what was tried and learned."""

from __future__ import annotations

from krzew.accounts.actors import Actor
from krzew.timeline.acts import act, record
from krzew.trials.models import Agreement, Innovation, Protocol, Signature
from krzew.trials.models.agreement import Side

KEPT = ("results", "language", "settings", "plan")
"""What stays of an agreement: the clauses go, because they name the parties."""


@act
def forget_innovator(actor: Actor, innovation: Innovation) -> None:
    """Take the innovator out: names, address, account, signatures, the words of agreements."""
    Innovation.objects.filter(pk=innovation.pk).update(
        innovator="", email="", user=None, shows_innovator=False
    )
    for agreement in innovation.agreements.all():
        left = {key: value for key, value in agreement.content.items() if key in KEPT}
        Agreement.objects.filter(pk=agreement.pk).update(content=left)
    theirs = Signature.objects.filter(agreement__innovation=innovation).exclude(side=Side.OPERATOR)
    theirs.update(name="", role="")
    Protocol.objects.filter(report__agreement__innovation=innovation).update(innovator_name="")
    innovation.remarks.all().delete()
    record(actor, "trials.innovator_forgotten", innovation)
