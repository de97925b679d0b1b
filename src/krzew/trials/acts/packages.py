"""The package: written by the innovator and the team, with files that others may use."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.applications.files import MEGABYTE, Examined, examine
from krzew.timeline.acts import act, record
from krzew.trials.acts.steps import save_seen
from krzew.trials.models import Innovation, Licence, Package, PackageFile
from krzew.trials.publishing.answers import CODES, LANGUAGES, QUESTIONS, begun
from krzew.trials.publishing.answers import lacks as answers_lack
from krzew.trials.states import InnovationState

MOST_FILES = 30
MOST_BYTES = 200 * MEGABYTE
CHECKED = [value for value in PackageFile.Accessible.values if value != PackageFile.Accessible.UNCHECKED]
CLOSED = (InnovationState.RESIGNED, InnovationState.TERMINATED)


def package_of(innovation: Innovation) -> Package:
    """The package of an innovation, begun with what is already known."""
    row, _new = Package.objects.select_related("innovation__call__programme").get_or_create(
        innovation=innovation, defaults={"answers": begun(innovation)}
    )
    return row


@act
def save(actor: Actor, package: Package, answers: dict[str, Any], *, seen: int) -> Package:
    """Keep what is typed. Raises `Conflict` when somebody else saved first."""
    _must_be_writable(package)
    save_seen(package, seen, answers=_known(package.answers | answers))
    record(actor, "trials.package_saved", package)
    return package


def _known(answers: dict[str, Any]) -> dict[str, Any]:
    """Only what is asked, cut to its length: a page of our own never sends more."""
    texts = {
        lang: {q.code: str((answers.get(lang) or {}).get(q.code) or "")[: q.longest * 4] for q in QUESTIONS}
        for lang in LANGUAGES
    }
    codes = {name: [str(code) for code in answers.get(name) or []][:20] for name in CODES}
    return {**texts, **codes, "door": str(answers.get("door") or "")}


def _must_be_writable(package: Package) -> None:
    if package.version_id is not None:
        raise ValidationError(_("This package is in the library. The next version is written there."))
    if package.innovation.state in CLOSED:
        raise ValidationError(_("This innovation has ended, so nothing more is written here."))


def add_file(
    actor: Actor,
    package: Package,
    upload: Any,
    *,
    licence: str,
    authors: str,
    accessible: str,
    note: str = "",
) -> PackageFile:
    """Add a file. It is looked over before anything is written: by its content, never by its name."""
    _must_be_writable(package)
    if licence not in Licence.values:
        raise ValidationError({"licence": _("Say under which licence others may use this file.")})
    if accessible not in PackageFile.Accessible.values:
        raise ValidationError({"accessible": _("Say whether the file was checked for accessibility.")})
    said = {"licence": licence, "authors": authors.strip(), "accessible": accessible, "note": note.strip()}
    return _kept(actor, package, upload, examine(upload), said)


@act
def _kept(actor: Actor, package: Package, upload: Any, found: Examined, said: dict[str, str]) -> PackageFile:
    live = package.files.select_for_update().filter(removed_at=None)
    same = live.filter(sha256=found.sha256).first()
    if same is not None:
        return same
    if live.count() >= MOST_FILES:
        raise ValidationError(_("At most %(n)d files fit in a package.") % {"n": MOST_FILES})
    if (live.aggregate(sum=Sum("size"))["sum"] or 0) + found.size > MOST_BYTES:
        raise ValidationError(
            _("All files together may have at most %(n)d MB.") % {"n": MOST_BYTES // MEGABYTE}
        )
    row = PackageFile(
        package=package, name=found.name, kind=found.kind, size=found.size, sha256=found.sha256, **said
    )
    row.file.save(found.name, upload, save=False)
    row.save()
    record(actor, "trials.package_file_added", package, data={"sha256": found.sha256})
    return row


@act
def check_file(actor: Actor, row: PackageFile, accessible: str) -> PackageFile:
    """Note what somebody saw who looked whether everybody can read the file."""
    _must_be_writable(row.package)
    if accessible not in CHECKED:
        raise ValidationError({"accessible": _("Say what the check showed.")})
    row.accessible = accessible
    row.save(update_fields=["accessible"])
    data = {"sha256": row.sha256, "accessible": accessible}
    record(actor, "trials.package_file_checked", row.package, data=data)
    return row


def lacks(package: Package) -> list[str]:
    """What the package needs before it is published: answers, and every file looked over for accessibility."""
    rows = package.files.filter(removed_at=None, accessible=PackageFile.Accessible.UNCHECKED)
    text = _("Check whether everybody can read the file “%(name)s”")
    return [*answers_lack(package.answers), *(text % {"name": row.name} for row in rows)]


@act
def remove_file(actor: Actor, row: PackageFile) -> None:
    """Take a file out. It stays on the disk while the innovation does, so that a slip can be mended."""
    _must_be_writable(row.package)
    row.removed_at = timezone.now()
    row.save(update_fields=["removed_at"])
    record(actor, "trials.package_file_removed", row.package, data={"sha256": row.sha256})


@act
def bring_file_back(actor: Actor, row: PackageFile) -> None:
    """Undo taking a file out."""
    _must_be_writable(row.package)
    row.removed_at = None
    row.save(update_fields=["removed_at"])
    record(actor, "trials.package_file_added", row.package, data={"sha256": row.sha256})
