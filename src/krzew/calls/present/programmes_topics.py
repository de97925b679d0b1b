"""Topics of a stage in words: by what an application is judged when its form says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from krzew.calls.definition import Definition
from krzew.calls.definition.topics import of_topic, rules_of_topic
from krzew.calls.present.programmes_base import points
from krzew.ui.components import Table


def each(stage: Any, definition: Definition) -> Iterator[tuple[str, Any, Definition]]:
    """Every topic: its name, the stage and the rules as they hold for it."""
    for topic in stage.topics:
        answers = {topic.field: topic.value}
        yield str(topic.label), of_topic(stage, answers), rules_of_topic(definition, answers)


def tables(
    stage: Any,
    definition: Definition,
    draw: Callable[[Any, Any], Table],
    said: Callable[[Any, Any], list[str]],
) -> list[Table]:
    """One table of criteria for each topic, with what must be reached under it."""
    return [
        _named(name, own, draw(own.criteria, own.most), said(own, rules))
        for name, own, rules in each(stage, definition)
    ]


def _named(name: str, own: Any, table: Table, said: list[str]) -> Table:
    words = {"topic": name, "most": points(own.most)}
    title = _("Topic “%(topic)s”: %(most)s points at most") % words
    return Table(title, table.columns, table.rows, note=" ".join(said))


def lines(stage: Any) -> list[str]:
    if not stage.topics:
        return []
    return [
        _("Some topics have criteria of their own; the other applications are judged by the common ones.")
    ]
