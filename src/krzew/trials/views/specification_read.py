"""Versions of a specification and what changed between them: the same pages for the innovator and for the team."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.trials.models import Innovation, SpecificationVersion
from krzew.trials.present import specification as present
from krzew.trials.queries import specification as queries
from krzew.trials.written.changes import changes
from krzew.trials.written.content import content
from krzew.trials.written.printing import pdf
from krzew.trials.written.questions import gates
from krzew.ui.components import Crumb
from krzew.ui.pdf import pdf_answer


@dataclass(frozen=True)
class Side:
    """Who reads: the innovator by her link, or with an empty `token` the team and the mentor."""

    innovation: Innovation
    token: str = ""

    def address(self, name: str, *args: Any) -> str:
        """The page of the specification for this side; "" is the page of a gate."""
        base = "specification" if self.token else "team_specification"
        key = self.token or self.innovation.pk
        return reverse(f"trials:{base}_{name}" if name else f"trials:{base}", args=[key, *args])

    @property
    def home(self) -> str:
        if self.token:
            return reverse("trials:innovation", args=[self.token])
        return reverse("trials:team_innovation", args=[self.innovation.pk])

    @cached_property
    def labels(self) -> dict[str, str]:
        return {gate.code: str(gate.label) for gate in gates(self.innovation)}

    def crumbs(self, *more: Crumb) -> list[Crumb]:
        team = [] if self.token else [Crumb(_("Innovations"), reverse("trials:innovations"))]
        return [*team, Crumb(self.innovation.title, self.home), *more]

    def context(self, title: str, *before: Crumb) -> dict[str, Any]:
        return {
            "innovation": self.innovation,
            "token": self.token,
            "crumbs": self.crumbs(*before, Crumb(title)),
        }

    def gate_crumb(self, version: SpecificationVersion) -> list[Crumb]:
        if version.stage not in self.labels:
            return []
        return [Crumb(self.labels[version.stage], self.address("", version.stage))]


def version_page(request: HttpRequest, side: Side, number: int) -> HttpResponse:
    """One version as it was sent, and what the gate said; made to be printed too."""
    version = queries.version(side.innovation, number)
    if version is None:
        raise Http404
    title = _("Version %(number)s") % {"number": number}
    stage = next((gate for gate in gates(side.innovation) if gate.code == version.stage), None)
    context = side.context(title, *side.gate_crumb(version)) | {
        "title": title,
        "kicker": side.labels.get(version.stage, version.stage),
        "tags": [present.tag(version.state)],
        "version": version,
        "facts": present.answers(version),
        "head": present.version_facts(version),
        "verdict": present.verdict(
            side.innovation, getattr(version, "gate", None), stage.criteria if stage else ()
        ),
        "copy_url": side.address("copy", number),
        "changes_url": side.address("changes"),
    }
    return render(request, "trials/specification_version.html", context)


def changes_page(request: HttpRequest, side: Side) -> HttpResponse:
    """What changed: since the last gate by itself, or between any two versions that are chosen."""
    rows = list(queries.versions(side.innovation))
    if not rows:
        raise Http404
    old, new = _chosen(request, side, rows)
    by_number = {str(row.number): row for row in rows}
    writable = _last_gate(side)
    was = by_number[old].content
    now = by_number[new].content if new in by_number else _written_now(side, writable)
    title = _("What changed")
    context = side.context(title) | {
        "title": title,
        "changes": changes(was, now),
        "choices": present.choices(rows, side.labels, now=True),
        "old": old,
        "new": new,
    }
    return render(request, "trials/specification_changes.html", context)


def _chosen(request: HttpRequest, side: Side, rows: list[SpecificationVersion]) -> tuple[str, str]:
    """Which two: those that were asked for, else from the last decision to the newest words."""
    known = [str(row.number) for row in rows]
    decided = queries.last_decided(side.innovation)
    new = request.GET.get("to", "")
    if new not in (*known, present.NOW):
        waits = decided is None or rows[-1].number != decided.number
        new = known[-1] if waits else present.NOW
    old = request.GET.get("from", "")
    if old not in known:
        old = str(decided.number) if decided else known[0]
    return old, new


def _last_gate(side: Side) -> Any:
    """The gate for which it is written now: the first that is not passed, else the last."""
    every = gates(side.innovation)
    return next((g for g in every if queries.standing(side.innovation, g).writable), every[-1])


def _written_now(side: Side, stage: Any) -> dict[str, Any]:
    row = queries.specification(side.innovation)
    return content(side.innovation, stage, queries.document(side.innovation, stage, row))


def copy_file(side: Side, number: int) -> HttpResponse:
    """One version as PDF, in the language of the innovator."""
    version = queries.version(side.innovation, number)
    if version is None:
        raise Http404
    with override(side.innovation.language):
        made = pdf(version)
    name = f"{side.innovation.slug}-v{number}.pdf"
    return pdf_answer(made, name)
