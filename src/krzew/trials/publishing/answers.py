"""What a package asks: the five questions of the library, what must stay when it is repeated, and where it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krzew.trials.models import Innovation

LANGUAGES = ("pl", "en")


@dataclass(frozen=True)
class Question:
    """One question of the package; `needed` ones must be answered before it is published."""

    code: str
    label: Any
    hint: Any = ""
    longest: int = 1200
    rows: int = 5
    needed: bool = True


QUESTIONS = (
    Question("name", gettext_lazy("Name of the solution"), longest=140, rows=1),
    Question("summary", gettext_lazy("What it is, in one or two sentences"), longest=600, rows=3),
    Question("what", gettext_lazy("What does the solution consist in?")),
    Question("problems", gettext_lazy("Which problems does it answer?")),
    Question("group", gettext_lazy("Whom is it for?"), rows=3),
    Question(
        "who",
        gettext_lazy("Who can use it?"),
        gettext_lazy("An institution, an organisation, a family?"),
        rows=3,
    ),
    Question(
        "works",
        gettext_lazy("Does it work?"),
        gettext_lazy("Honestly, also what did not. Prepared from the evaluation; you may change it."),
    ),
    Question(
        "core",
        gettext_lazy("What must not be changed when it is repeated?"),
        gettext_lazy("One thing in each line."),
        rows=4,
    ),
    Question(
        "adaptable",
        gettext_lazy("What may each place decide for itself?"),
        gettext_lazy("One thing in each line."),
        rows=4,
        needed=False,
    ),
    Question(
        "authors",
        gettext_lazy("Authors"),
        gettext_lazy("Organisations; names of persons only where they want it."),
        longest=300,
        rows=2,
        needed=False,
    ),
    Question(
        "unknown",
        gettext_lazy("What is not known yet?"),
        gettext_lazy("What should those who repeat it tell us? One question in each line."),
        rows=3,
    ),
)
CODES = ("groups", "domains", "needs")


def said(answers: Mapping[str, Any], language: str, code: str) -> str:
    """The answer in this language."""
    return str((answers.get(language) or {}).get(code) or "").strip()


def lines(answers: Mapping[str, Any], language: str, code: str) -> list[str]:
    """An answer of one thing in each line."""
    rows = (row.strip(" \t-•*") for row in said(answers, language, code).splitlines())
    return [row for row in rows if row]


def lacks(answers: Mapping[str, Any]) -> list[str]:
    """What the package still needs before it is published, in words."""
    found = []
    names = {"pl": _("in Polish"), "en": _("in English")}
    for language in LANGUAGES:
        for question in QUESTIONS:
            if question.needed and not said(answers, language, question.code):
                found.append(f"{question.label} ({names[language]})")
    for code in ("core", "adaptable", "unknown"):
        if len(lines(answers, "pl", code)) != len(lines(answers, "en", code)):
            label = next(str(q.label) for q in QUESTIONS if q.code == code)
            found.append(_("%(question)s: as many lines in English as in Polish") % {"question": label})
    if not answers.get("needs"):
        found.append(_("Problem of the library under which it is found"))
    if not answers.get("groups") and not answers.get("domains"):
        found.append(_("Group or area of services under which it is found"))
    return found


def begun(innovation: Innovation) -> dict[str, Any]:
    """What is already known when the package is opened: nothing is typed twice."""
    evaluation = getattr(innovation, "evaluation", None)
    answers: dict[str, Any] = {"pl": {"name": innovation.title}, "en": {}}
    if innovation.public_pl:
        answers["pl"]["summary"] = innovation.public_pl[:600]
    if innovation.public_en:
        answers["en"]["summary"] = innovation.public_en[:600]
    if evaluation is not None:
        answers["pl"]["works"], answers["en"]["works"] = evaluation.summary_pl, evaluation.summary_en
    return answers
