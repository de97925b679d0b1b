"""The last gate, the package for the library, and where the solution entered policy."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krzew.accounts.models import User
from krzew.library.models import Solution, SolutionVersion
from krzew.trials.models.innovation import Innovation
from krzew.trials.states import InnovationState


class Choice(models.Model):
    """Without points: an initial recommendation, the discussion, the final word and its reasons."""

    innovation = models.OneToOneField(Innovation, on_delete=models.PROTECT, related_name="choice")
    initial = models.CharField(max_length=10, choices=InnovationState, blank=True)
    initial_why = models.TextField(blank=True, max_length=4000)
    initial_at = models.DateTimeField(null=True, blank=True)
    discussion = models.TextField(blank=True, max_length=8000)
    criteria = models.JSONField(default=dict, blank=True)
    final = models.CharField(max_length=10, choices=InnovationState, blank=True)
    reason = models.TextField(blank=True, max_length=4000)
    members = models.TextField(_("who decided"), blank=True, max_length=2000)
    decided_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.innovation_id}: {self.final}"


class Package(models.Model):
    """What others need to do it again. `answers` holds the five questions of the library in each language:

    {"pl": {"what", "problems", "group", "who", "works", "authors"}, "en": {...}}.
    """

    innovation = models.OneToOneField(Innovation, on_delete=models.PROTECT, related_name="package")
    answers = models.JSONField(default=dict, blank=True)
    version = models.ForeignKey(
        SolutionVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="packages"
    )
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.innovation)


class Licence(models.TextChoices):
    CC_BY = "CC-BY-4.0", "CC BY 4.0"
    CC_BY_SA = "CC-BY-SA-4.0", "CC BY-SA 4.0"
    CC0 = "CC0-1.0", "CC0 1.0"
    TRANSFERRED = "transferred", _("rights handed over to the incubator")
    AGREEMENT = "agreement", _("use by a separate agreement")


def package_path(row: PackageFile, name: str) -> str:
    """A path of our own: nothing of what the uploader typed reaches the file system."""
    return f"packages/{row.package_id}/{row.sha256[:32]}.{row.kind}"


class PackageFile(models.Model):
    """A file that others may use: recognised by its content, with its licence, authors and accessibility."""

    class Accessible(models.TextChoices):
        YES = "yes", pgettext_lazy("accessible", "checked, accessible")
        PARTLY = "partly", pgettext_lazy("accessible", "accessible in part")
        NO = "no", pgettext_lazy("accessible", "checked, not accessible")
        UNCHECKED = "unchecked", pgettext_lazy("accessible", "not checked")

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=package_path, max_length=200)
    licence = models.CharField(max_length=30, choices=Licence)
    authors = models.CharField(max_length=300, blank=True)
    accessible = models.CharField(max_length=10, choices=Accessible, default=Accessible.UNCHECKED)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["package", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class PolicyKind(models.TextChoices):
    NATIONAL = "national", _("named in a national programme or strategy")
    HANDED_OVER = "handed_over", _("handed over as a model by a ministry")
    REGIONAL = "regional", _("built into a regional model of services")
    CLOSED_LIST = "closed_list", _("on the list on which a call may be based")
    CATALOGUE = "catalogue", _("in a public catalogue")
    LOCAL = "local", _("taken over by a local government")


class PolicyInclusion(models.Model):
    """One dated fact that a solution entered policy, with its source."""

    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="policy")
    kind = models.CharField(_("how"), max_length=12, choices=PolicyKind)
    title = models.CharField(_("where, for example the programme and page"), max_length=300)
    source = models.CharField(_("source"), max_length=300)
    url = models.URLField(_("address of the source"), blank=True, max_length=500)
    on = models.DateField(_("since when"))
    until = models.DateField(_("until when"), null=True, blank=True)
    note = models.TextField(blank=True, max_length=1000)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["solution", "-on", "-pk"]

    def __str__(self) -> str:
        return self.title
