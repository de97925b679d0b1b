"""An innovation on its way from the decision to the library, its diary and its risks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import User
from krzew.calls.models import Application, Call, IdeaCard
from krzew.library.models import Solution
from krzew.trials.states import InnovationState


class Innovation(models.Model):
    """It begins with a selected application, or in a network with an idea alone.

    `stage` repeats, for lists, the first stage of the call that is not done; acts keep it up to date.
    The innovator comes in by the link of her application or idea: one link for the whole way.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="innovations")
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="innovation"
    )
    idea = models.ForeignKey(
        IdeaCard, on_delete=models.PROTECT, null=True, blank=True, related_name="innovations"
    )
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=InnovationState, default=InnovationState.RUNNING)
    stage = models.CharField(max_length=40, blank=True)
    innovator = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="pl")
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="innovations"
    )
    mentor = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="accompanied"
    )
    granted = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    public_pl = models.TextField(blank=True, max_length=3000)
    public_en = models.TextField(blank=True, max_length=3000)
    shows_innovator = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    solution = models.ForeignKey(
        Solution, on_delete=models.PROTECT, null=True, blank=True, related_name="innovations"
    )
    ended_why = models.TextField(blank=True, max_length=4000)
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["call", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=False) | Q(idea__isnull=False), name="trials_begins_somewhere"
            )
        ]
        indexes = [models.Index(fields=["call", "state", "stage"], name="trials_innovation_stage")]

    def __str__(self) -> str:
        return self.title

    @property
    def organisation_id(self) -> int:
        return self.call.programme.organisation_id

    @property
    def link_of_chain(self) -> str:
        """Where in the chain it stands on the mark: at its test, or a solution in the library."""
        return "solution" if self.solution_id else "test"

    @property
    def public_text(self) -> str:
        pl = (get_language() or "pl").startswith("pl")
        return (self.public_pl or self.public_en) if pl else (self.public_en or self.public_pl)


class DiaryKind(models.TextChoices):
    OBSERVATION = "observation", pgettext_lazy("diary", "what was seen")
    CHANGE = "change", pgettext_lazy("diary", "what was changed")
    INCIDENT = "incident", pgettext_lazy("diary", "something went wrong")
    VISIT = "visit", pgettext_lazy("diary", "visit on the spot")
    SUPPORT = "support", pgettext_lazy("diary", "support by the mentor")
    WORKSHOP = "workshop", pgettext_lazy("diary", "workshop")


class Diary(models.Model):
    """One entry of the diary: by the innovator, her mentor or the team. Never public, never changed."""

    innovation = models.ForeignKey(Innovation, on_delete=models.CASCADE, related_name="diary")
    kind = models.CharField(_("what it is"), max_length=12, choices=DiaryKind)
    on = models.DateField(_("when"))
    text = models.TextField(_("what happened"), max_length=4000)
    why = models.TextField(_("why"), blank=True, max_length=2000)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2, null=True, blank=True)
    attended = models.PositiveSmallIntegerField(_("people of the team who came"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    by_innovator = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"


class Risk(models.Model):
    """What may go wrong, how likely and how bad (1 small, 2 middle, 3 large), and what is done about it."""

    innovation = models.ForeignKey(Innovation, on_delete=models.CASCADE, related_name="risks")
    text = models.CharField(_("what may go wrong"), max_length=300)
    likelihood = models.PositiveSmallIntegerField(_("how likely"), default=2)
    impact = models.PositiveSmallIntegerField(_("how bad"), default=2)
    answer = models.TextField(_("what we do about it"), max_length=1000, blank=True)
    happened_on = models.DateField(_("it happened on"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["closed_at", "-impact", "-likelihood", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 3), impact__range=(1, 3)), name="trials_risk_range"
            )
        ]

    def __str__(self) -> str:
        return self.text
