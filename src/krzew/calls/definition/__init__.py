"""Programmes as data: a small closed set of stage kinds that a programme composes, in one readable file."""

from krzew.calls.definition.files import parse, plain, templates, written
from krzew.calls.definition.problems import BadDefinition, Problem, contradictions, read, worth_asking
from krzew.calls.definition.whole import Definition, Stage

__all__ = [
    "BadDefinition",
    "Definition",
    "Problem",
    "Stage",
    "contradictions",
    "parse",
    "plain",
    "read",
    "templates",
    "worth_asking",
    "written",
]
