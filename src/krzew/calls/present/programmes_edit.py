"""What the pages on which a programme is changed show: its parts, their order, and where one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from krzew.calls.definition import Definition
from krzew.calls.forms.programmes_kinds_parts import ROOT, Kind
from krzew.calls.forms.programmes_parts import PartForm
from krzew.calls.forms.programmes_special import said
from krzew.calls.models import Programme
from krzew.calls.present import programmes_words as words
from krzew.calls.present.programmes_base import KINDS, QUESTIONS, points
from krzew.calls.programmes import paths
from krzew.calls.programmes.minimal import ORDER
from krzew.calls.programmes.paths import Data, Path
from krzew.ui.components import Crumb, Fact, Link

WHAT_FOR = {
    "application": gettext_lazy("people write and send an application"),
    "formal": gettext_lazy("a yes/no list, with completing in working days"),
    "merit": gettext_lazy("assessors read and score, each on a card of her own"),
    "pitch": gettext_lazy("applicants speak before a panel that scores"),
    "talk": gettext_lazy("a commission talks with the authors and recommends"),
    "strategic": gettext_lazy("a council chooses among those who passed"),
    "vote": gettext_lazy("people vote; the count is published after the end"),
    "ranking": gettext_lazy("applications in the order of points, under the cap, with a reserve"),
    "decision": gettext_lazy("a person or body decides; letters; what is published"),
    "appeal": gettext_lazy("who may ask to look again, and until when"),
    "cooperation": gettext_lazy("an agreement on support, before any money"),
    "specification": gettext_lazy("a gate of the one living specification"),
    "agreement": gettext_lazy("results and tranches of the grant"),
    "test": gettext_lazy("months and testers of the small-scale test"),
    "settlement": gettext_lazy("results accepted by protocol, no invoices"),
    "evaluation": gettext_lazy("questions of the report"),
    "dissemination": gettext_lazy("the last gate: what is needed and who decides"),
}


@dataclass(frozen=True)
class Child:
    """One part in a list, with the addresses of what can be done to it."""

    name: str
    note: str
    edit: str
    move: str
    remove: str
    first: bool
    last: bool


@dataclass(frozen=True)
class Children:
    """A list of parts on the page of the part that holds it."""

    key: str
    title: str
    rows: list[Child]
    add: str
    add_label: str


def here(programme: Programme, path: Path) -> str:
    """The page of a part; of the programme's parts when the path is empty."""
    if not path:
        return reverse("calls:programme_edit", args=[programme.pk])
    return reverse("calls:programme_part", args=[programme.pk, "/".join(path)])


def back(programme: Programme, path: Path) -> str:
    return here(programme, path[:-2] if len(path) > 1 else ())


def name_of(part: Data) -> str:
    text = part.get("label") or part.get("text")
    return Truncator(said(text)).words(14, truncate=" …")


def new_title(kind: Kind) -> str:
    return _("New: %(what)s") % {"what": str(kind.title)[:1].lower() + str(kind.title)[1:]}


def trail(programme: Programme, data: Data, path: Path) -> list[Crumb]:
    """The way down to a part."""
    if len(path) == 1:
        return [Crumb(str(ROOT[path[0]].title))]
    found = []
    for depth in range(2, len(path) + 1, 2):
        place = paths.locate(data, path[:depth])
        found.append(Crumb(name_of(place.part), here(programme, path[:depth])))
    return found


def lists(programme: Programme, data: Data, kind: Kind, path: Path) -> list[Children]:
    if len(path) < 2:
        return []
    found = []
    for listed in kind.lists:
        rows = children(programme, data, (*path, listed.name))
        add = reverse("calls:programme_add", args=[programme.pk, "/".join((*path, listed.name))])
        found.append(Children(listed.name, str(listed.title), rows, add, str(listed.add)))
    return found


def children(programme: Programme, data: Data, path: Path) -> list[Child]:
    """The parts of one list, in their order."""
    _parent, rows = paths.rows_at(data, path)
    return [_child(programme, (*path, row["code"]), row, n, len(rows)) for n, row in enumerate(rows)]


def _child(programme: Programme, path: Path, row: Data, number: int, all_: int) -> Child:
    at = [programme.pk, "/".join(path)]
    return Child(
        name_of(row),
        _note(path[-2], row),
        reverse("calls:programme_part", args=at),
        reverse("calls:programme_move", args=at),
        reverse("calls:programme_remove", args=at),
        number == 0,
        number == all_ - 1,
    )


def _note(key: str, row: Data) -> str:
    """What tells one part from another at a glance."""
    if key == "stages":
        return str(KINDS[row["kind"]])
    if key == "sections":
        count = len(row.get("fields", ()))
        return ngettext("%(n)d question", "%(n)d questions", count) % {"n": count}
    if key in ("fields", "report"):
        return str(QUESTIONS[row["kind"]])
    return _number_note(key, row)


def _number_note(key: str, row: Data) -> str:
    if key == "criteria":
        least = row.get("least") or row.get("least_on_card")
        most = points(Decimal(row["most"]))
        if not least:
            return _("0–%(most)s points") % {"most": most}
        return _("0–%(most)s points, minimum %(least)s") % {"most": most, "least": points(Decimal(least))}
    if key == "thresholds":
        return _("at least %(n)s") % {"n": points(Decimal(row["least"]))}
    return ""


def stage_links(programme: Programme) -> list[Link]:
    """Kinds of stages that can be added."""
    add = reverse("calls:programme_add", args=[programme.pk, "stages"])
    return [Link(str(KINDS[kind]), f"{add}?kind={kind}", note=str(WHAT_FOR[kind])) for kind in ORDER]


def question_links(programme: Programme, path: Path) -> list[Link]:
    add = reverse("calls:programme_add", args=[programme.pk, "/".join(path)])
    return [Link(str(label), f"{add}?kind={kind}") for kind, label in QUESTIONS.items()]


def root_facts(programme: Programme) -> list[Fact]:
    """What stands in the parts of the programme itself, each with its way to change it."""
    rules = programme.rules
    values: dict[str, Sequence[str]] = {
        "about": [str(rules.name), str(rules.summary)],
        "applicants": words.applicants(rules),
        "grant": words.grant(rules),
        "themes": _themes(rules),
        "keeping": words.keeping(rules),
    }
    return [
        Fact(str(ROOT[name].title), value, change_url=here(programme, (name,)), change_label=_("Change it"))
        for name, value in values.items()
    ]


def _themes(rules: Definition) -> list[str]:
    return [str(theme.label) for theme in rules.themes] or [_("none: an idea may be about anything")]


def values(form: PartForm) -> list[Fact]:
    """What a part holds now, field by field."""
    rows = []
    for bound in form:
        value = bound.initial
        if bound.name == "seen" or value in (None, "", [], False):
            continue
        text = (
            ", ".join(map(str, value))
            if isinstance(value, list)
            else _("yes")
            if value is True
            else str(value)
        )
        rows.append(Fact(strip_tags(str(bound.label)), text))
    return rows


def inside(part: Data, kind: Kind) -> list[str]:
    """What goes together with a part."""
    return [name_of(row) for listed in kind.lists for row in part.get(listed.name, ())]
