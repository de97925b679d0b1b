"""What topics get wrong: answers that cannot be given, rules that replace nothing, sums that nobody can reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from krzew.calls.definition.assessment import Criterion, MeritStage, PitchStage, Threshold, Topic
from krzew.calls.definition.form import FormField
from krzew.calls.definition.selection import RankingStage
from krzew.calls.definition.topics import variants
from krzew.calls.definition.whole import Definition

Told = tuple[str, str]
"""Place and text of a fault."""


def faults(definition: Definition, fields: Mapping[str, FormField]) -> Iterator[Told]:
    for stage in definition.stages:
        if isinstance(stage, MeritStage | PitchStage):
            yield from _common(stage)
            yield from _doubled(stage)
            for topic in stage.topics:
                yield from _topic(stage, topic, fields)
    yield from _ties(definition)


def _common(stage: Any) -> Iterator[Told]:
    for rule in (*stage.criteria, *stage.thresholds):
        if rule.replaces:
            yield f"{stage.code}.{rule.code}", _("only a rule of a topic replaces another one")


def _doubled(stage: Any) -> Iterator[Told]:
    codes = Counter(topic.code for topic in stage.topics)
    answers = Counter((topic.field, topic.value) for topic in stage.topics)
    if codes and (max(codes.values()) > 1 or max(answers.values()) > 1):
        yield f"{stage.code}.topics", _("two topics have the same code or the same answer")


def _topic(stage: Any, topic: Topic, fields: Mapping[str, FormField]) -> Iterator[Told]:
    where = f"{stage.code}.{topic.code}"
    if not _can_be_said(fields.get(topic.field), topic.value):
        text = _("the form has no question “%(code)s” with the answer “%(value)s”")
        yield where, text % {"code": topic.field, "value": topic.value}
    if topic.instead and not topic.criteria:
        yield where, _("nothing stands instead of the common criteria: add the topic's own ones first")
    for own, common in ((topic.criteria, stage.criteria), (topic.thresholds, stage.thresholds)):
        yield from _replaced(where, topic, own, {rule.code for rule in common})


def _can_be_said(asked: FormField | None, value: str) -> bool:
    if asked is None:
        return False
    if asked.kind == "yes_no":
        return value.lower() in ("yes", "no", "true", "false")
    return value in {*(option.code for option in asked.options), *asked.solutions}


def _replaced(
    where: str, topic: Topic, own: tuple[Criterion, ...] | tuple[Threshold, ...], common: set[str]
) -> Iterator[Told]:
    for rule in own:
        if rule.replaces and (topic.instead or rule.replaces not in common):
            text = _("there is no common rule “%(code)s” to be replaced")
            yield f"{where}.{rule.code}", text % {"code": rule.replaces}


def _ties(definition: Definition) -> Iterator[Told]:
    """Equals of one list are told apart by what every one of them was judged by."""
    known = _judged_by(definition)
    ties = [(s.code, code) for s in definition.stages if isinstance(s, RankingStage) for code in s.ties]
    for _stage, topic, rules in variants(definition):
        for ranking, code in ties:
            if code in known and code not in _judged_by(rules):
                text = _("the topic “%(topic)s” is not judged by “%(code)s”, so it cannot tell equals apart")
                yield f"{ranking}.ties", text % {"topic": topic.label, "code": code}


def _judged_by(definition: Definition) -> set[str]:
    """Criteria with those that they stand for."""
    found = [c for s in definition.stages if isinstance(s, MeritStage | PitchStage) for c in s.criteria]
    return {c.code for c in found} | {c.replaces for c in found if c.replaces}


def uneven(definition: Definition) -> Iterator[str]:
    """Topics on one list although more points can be given in one than in another."""
    rankings = [s for s in definition.stages if isinstance(s, RankingStage)]
    most = _most(definition)
    for _stage, topic, rules in variants(definition):
        together = any(ranking.separate_by != topic.field for ranking in rankings)
        if together and _most(rules) != most:
            text = _(
                "Topic “%(topic)s” gives at most %(own)s points and the common rules %(most)s, but all stand on one list."
            )
            yield text % {"topic": topic.label, "own": _most(rules), "most": most}


def _most(definition: Definition) -> Any:
    return sum(s.most for s in definition.stages if isinstance(s, MeritStage | PitchStage))
