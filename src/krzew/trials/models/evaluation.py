"""What the test taught: the final report, the evaluation, the mentor's opinion, the presentation."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.accounts.models import User
from krzew.trials.models.innovation import Innovation
from krzew.trials.states import PaperState


class FinalReport(models.Model):
    """The innovator's answers to the questions of the stage; `sent` keeps them as they were signed, each time:

    [{"at", "name", "fields", "answers", "hash"}].
    """

    innovation = models.OneToOneField(Innovation, on_delete=models.CASCADE, related_name="final_report")
    state = models.CharField(max_length=6, choices=PaperState, default=PaperState.DRAFT)
    answers = models.JSONField(default=dict, blank=True)
    sent = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    signed_at = models.DateTimeField(null=True, blank=True)
    reopened_why = models.TextField(blank=True, max_length=2000)

    def __str__(self) -> str:
        return str(self.innovation)


class Conclusion(models.TextChoices):
    WORKS = "works", pgettext_lazy("test", "it works")
    PARTLY = "partly", pgettext_lazy("test", "it works in part, or for some")
    NOT = "not", pgettext_lazy("test", "it does not work this way")
    UNCLEAR = "unclear", pgettext_lazy("test", "the test does not tell")


class Evaluation(models.Model):
    """What the evaluator says by criteria: {code: {"rating": "yes"|"partly"|"no"|"unknown", "text"}}."""

    innovation = models.OneToOneField(Innovation, on_delete=models.CASCADE, related_name="evaluation")
    state = models.CharField(max_length=6, choices=PaperState, default=PaperState.DRAFT)
    ratings = models.JSONField(default=dict, blank=True)
    conclusion = models.CharField(max_length=8, choices=Conclusion, blank=True)
    summary_pl = models.TextField(_("what the test showed (in Polish)"), blank=True, max_length=4000)
    summary_en = models.TextField(_("what the test showed (in English)"), blank=True, max_length=4000)
    level = models.PositiveSmallIntegerField(_("level of evidence"), null=True, blank=True)
    harm = models.TextField(_("harm seen"), blank=True, max_length=2000)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    reopened_why = models.TextField(blank=True, max_length=2000)

    def __str__(self) -> str:
        return str(self.innovation)


class Opinion(models.Model):
    """What the mentor says before the last gate. A later one replaces it; the earlier stays."""

    innovation = models.ForeignKey(Innovation, on_delete=models.CASCADE, related_name="opinions")
    recommends = models.BooleanField(_("recommends it for dissemination"))
    text = models.TextField(_("opinion"), max_length=6000)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.innovation_id}: {self.recommends}"


class Presentation(models.Model):
    """The innovation shown to the body that decides."""

    innovation = models.OneToOneField(Innovation, on_delete=models.CASCADE, related_name="presentation")
    on = models.DateField(_("when"))
    note = models.TextField(_("what was asked and answered"), blank=True, max_length=4000)
    took_place = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.innovation_id} {self.on}"
