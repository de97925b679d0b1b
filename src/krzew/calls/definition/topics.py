"""Criteria of one topic: what an application is judged by when a question of its form was answered so.

Rules without topics give back the very same stage, so that nothing changes for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from krzew.calls.definition.assessment import Criterion, MeritStage, PitchStage, Threshold, Topic
from krzew.calls.definition.whole import Definition

S = TypeVar("S")
Rule = TypeVar("Rule", Criterion, Threshold)
Answers = Mapping[str, Any]


def is_said(given: Any, value: str) -> bool:
    """Whether an answer, or one of several, is this one. Yes and no are kept as true and false."""
    said = given if isinstance(given, list) else [given]
    words = {value.lower(), {"yes": "true", "no": "false"}.get(value.lower(), value.lower())}
    return any(str(one).lower() in words for one in said if one is not None)


def has_topics(definition: Definition) -> bool:
    return any(topics_of(stage) for stage in definition.stages)


def topics_of(stage: Any) -> tuple[Topic, ...]:
    return stage.topics if isinstance(stage, MeritStage | PitchStage) else ()


def topic_of(stage: Any, answers: Answers) -> Topic | None:
    """The first topic of the stage to which the answers belong."""
    return next((t for t in topics_of(stage) if is_said(answers.get(t.field), t.value)), None)


def of_topic(stage: S, answers: Answers) -> S:
    """The stage with the criteria and thresholds of the topic; the same stage where the answers have none."""
    topic = topic_of(stage, answers)
    if topic is None:
        return stage
    found = {
        "criteria": _merged(() if topic.instead else stage.criteria, topic.criteria),  # type: ignore[attr-defined]
        "thresholds": _merged(() if topic.instead else stage.thresholds, topic.thresholds),  # type: ignore[attr-defined]
        "topics": (),
    }
    return stage.model_copy(update=found)  # type: ignore[attr-defined,no-any-return]


def _merged(common: Sequence[Rule], own: Sequence[Rule]) -> tuple[Rule, ...]:
    """Common rules, each in its place or replaced, and then those that the topic adds."""
    instead = {rule.replaces: rule for rule in own if rule.replaces}
    kept: list[Rule] = [instead.get(rule.code, rule) for rule in common]
    added: list[Rule] = [rule for rule in own if rule not in kept]
    return tuple(kept + added)


def rules_of_topic(definition: Definition, answers: Answers) -> Definition:
    """The rules as they hold for an application with these answers."""
    if not has_topics(definition):
        return definition
    stages = tuple(of_topic(stage, answers) for stage in definition.stages)
    return definition.model_copy(update={"stages": stages})


def variants(definition: Definition) -> Iterator[tuple[str, Topic, Definition]]:
    """Every topic with the stage that names it and the rules that hold for it."""
    for stage in definition.stages:
        for topic in topics_of(stage):
            yield stage.code, topic, rules_of_topic(definition, {topic.field: topic.value})
