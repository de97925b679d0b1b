"""The application form in words: what is asked, of whom, within which limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from krzew.calls.applications.solutions import linked_names
from krzew.calls.definition import Definition
from krzew.calls.definition.form import ApplicationStage, FormField, Phase
from krzew.calls.present.programmes_base import APPLICANTS, QUESTIONS, Group, Item, Said, listed, months
from krzew.ui.formats import number


def form(stage: ApplicationStage, _definition: Definition) -> Said:
    lines = []
    if stage.total_months:
        lines.append(_("The whole plan takes at most %(months)s.") % {"months": months(stage.total_months)})
    fields = {f.code: f for f in stage.fields}
    groups = [
        Group(str(s.label), tuple(question(f, fields) for f in s.fields), str(s.hint or ""))
        for s in stage.sections
    ]
    if stage.declarations:
        items = tuple(
            Item(
                str(d.text), notes=_declared(d.required, d.each_member, d.applicants, d.version), code=d.code
            )
            for d in stage.declarations
        )
        groups.append(Group(_("Statements, each ticked by itself"), items))
    return Said(lines, groups)


def _declared(required: bool, each: bool, kinds: Iterable[str], version: int) -> tuple[str, ...]:
    notes = [] if required else [pgettext("statement", "not obligatory")]
    if each:
        notes.append(_("every member makes it"))
    notes += _only_for(kinds)
    if version > 1:
        notes.append(_("version %(n)d") % {"n": version})
    return tuple(notes)


def question(asked: FormField, fields: dict[str, FormField]) -> Item:
    """A question of a form: what kind of answer, within which limits, when it is asked."""
    notes = [str(QUESTIONS[asked.kind])]
    if asked.longest:
        text = ngettext("at most %(n)s character", "at most %(n)s characters", asked.longest)
        notes.append(text % {"n": number(asked.longest)})
    if asked.most:
        notes.append(_("at most %(n)s") % {"n": asked.most})
    if not asked.required:
        notes.append(pgettext("question", "not obligatory"))
    notes += _only_for(asked.applicants)
    if asked.when:
        notes.append(_when(asked.when.field, asked.when.one_of, fields))
    if asked.solutions_why:
        notes.append(str(asked.solutions_why))
    if asked.redact:
        notes.append(_("hidden in a blind assessment"))
    if asked.public:
        notes.append(_("shown to the public with the results"))
    more = [str(line) for line in asked.guide] + [str(o.label) for o in asked.options]
    more += [_phase(p) for p in asked.phases]
    more += linked_names(asked.solutions).values() if asked.solutions else ()
    return Item(str(asked.label), str(asked.hint or ""), tuple(notes), tuple(more), asked.code)


def _phase(phase: Phase) -> str:
    limit = months_allowed(phase)
    return f"{phase.label}: {limit}" if limit else str(phase.label)


def months_allowed(phase: Phase) -> str:
    """How long a phase may take, in words; "" where the rules say nothing."""
    if phase.months is not None and phase.least_months is not None:
        words = {"least": phase.least_months, "months": months(phase.months)}
        return _("at least %(least)s, at most %(months)s") % words
    if phase.least_months is not None:
        return _("at least %(months)s") % {"months": months(phase.least_months)}
    return _("at most %(months)s") % {"months": months(phase.months)} if phase.months is not None else ""


def _only_for(kinds: Iterable[str]) -> list[str]:
    chosen = tuple(kinds)
    if len(chosen) == len(APPLICANTS):
        return []
    return [_("only for: %(who)s") % {"who": listed(str(APPLICANTS[kind]) for kind in chosen)}]


def _when(code: str, values: Iterable[str | bool], fields: dict[str, FormField]) -> str:
    asked = fields.get(code)
    names: dict[Any, Any] = {o.code: o.label for o in asked.options} if asked else {}
    names |= linked_names(asked.solutions) if asked else {}
    answers = [answer_words(value, names) for value in values]
    what = {"question": asked.label if asked else code, "answer": listed(answers)}
    return _("asked only when “%(question)s” is answered: %(answer)s") % what


def answer_words(value: str | bool, names: dict[Any, Any]) -> str:
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    return str(names.get(value, value))


def fields_group(title: str, asked: Iterable[FormField]) -> Group:
    rows = list(asked)
    by_code = {f.code: f for f in rows}
    return Group(title, tuple(question(f, by_code) for f in rows))
