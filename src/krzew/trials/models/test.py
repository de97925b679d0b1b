"""The small-scale test: its plan, its testers with their consents, what was measured.

What a tester says about herself is encrypted and stands apart from every public text.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from krzew.accounts.models import User
from krzew.trials.models.innovation import Innovation
from krzew.trials.states import TesterState, TestState


class Test(models.Model):
    """`plan` holds what is to be learned and how:

    {"questions": [{"code", "label", "measure": "share"|"paired"|"events"|"harm", "answer": "yes_no"|"number",
    "baseline", "target", "acceptable_harm" (people in a hundred)}], "profile": [{"code", "label", "planned"}],
    "phases": [{"code", "label", "kind": "preparation"|"test", "from", "to"}], "where", "learned"}. Numbers are
    planned counts, never a named person. The dates of the test follow from its phases.
    """

    __test__ = False

    innovation = models.OneToOneField(Innovation, on_delete=models.CASCADE, related_name="test")
    state = models.CharField(max_length=10, choices=TestState, default=TestState.PLANNED)
    plan = models.JSONField(default=dict, blank=True)
    planned_testers = models.PositiveSmallIntegerField(_("testers planned"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    is_open = models.BooleanField(_("looks for testers"), default=False)
    call_pl = models.TextField(_("invitation (in Polish)"), blank=True, max_length=3000)
    call_en = models.TextField(_("invitation (in English)"), blank=True, max_length=3000)
    accessible = models.TextField(_("how accessible it is"), blank=True, max_length=1000)
    under_age = models.BooleanField(_("children or persons with a guardian take part"), default=False)
    keep_until = models.DateField(_("names and contacts of testers are kept until"), null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    stopped_why = models.TextField(blank=True, max_length=2000)
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.innovation)


class ConsentText(models.Model):
    """A version of what a tester agrees to, in plain words. Never changed; a new text is a new version."""

    test = models.ForeignKey(Test, on_delete=models.CASCADE, related_name="consent_texts")
    number = models.PositiveSmallIntegerField()
    text_pl = models.TextField(max_length=6000)
    text_en = models.TextField(blank=True, max_length=6000)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["test", "-number"]
        constraints = [models.UniqueConstraint(fields=["test", "number"], name="trials_consent_text_once")]

    def __str__(self) -> str:
        return f"{self.test_id} v{self.number}"


class Tester(models.Model):
    """One person in the test. Everywhere but on her own page she is a code such as T03."""

    __test__ = False

    test = models.ForeignKey(Test, on_delete=models.CASCADE, related_name="testers")
    code = models.CharField(max_length=6)
    state = models.CharField(max_length=10, choices=TesterState)
    token_hash = models.CharField(max_length=64, unique=True)
    name = EncryptedTextField(null=True, blank=True)
    email = EncryptedTextField(null=True, blank=True)
    phone = EncryptedTextField(null=True, blank=True)
    needs = EncryptedTextField(null=True, blank=True)
    guardian = EncryptedTextField(null=True, blank=True)
    has_guardian = models.BooleanField(default=False)
    decides_herself = models.BooleanField(default=True)  # beside a guardian; without one she always does
    profile = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=2, default="pl")
    at = models.DateTimeField(default=timezone.now)
    left_on = models.DateField(null=True, blank=True)
    left_why = models.CharField(max_length=300, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)  # name, contact and needs are gone since

    class Meta:
        ordering = ["test", "code"]
        constraints = [models.UniqueConstraint(fields=["test", "code"], name="trials_tester_once")]

    def __str__(self) -> str:
        return self.code


class Consent(models.Model):
    """A consent given, by herself or by her guardian, to one version of the text."""

    tester = models.ForeignKey(Tester, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    by_guardian = models.BooleanField(default=False)
    on_paper = models.BooleanField(default=False)
    noted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["tester", "-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tester", "text", "by_guardian"],
                condition=Q(withdrawn_at__isnull=True),
                name="trials_consent_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.tester_id} {self.text_id}"


class Moment(models.TextChoices):
    BEFORE = "before", _("before the test")
    DURING = "during", _("during the test")
    AFTER = "after", _("after the test")


class Measurement(models.Model):
    """One answer to a question of the plan: for one tester at one moment. Yes is 1, no is 0."""

    test = models.ForeignKey(Test, on_delete=models.CASCADE, related_name="measurements")
    tester = models.ForeignKey(Tester, on_delete=models.CASCADE, related_name="measurements")
    question = models.CharField(max_length=40)
    moment = models.CharField(max_length=6, choices=Moment)
    value = models.DecimalField(max_digits=12, decimal_places=3)
    on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["test", "question", "tester", "moment"]
        constraints = [
            models.UniqueConstraint(fields=["tester", "question", "moment"], name="trials_measured_once")
        ]

    def __str__(self) -> str:
        return f"{self.tester_id} {self.question} {self.moment}"
