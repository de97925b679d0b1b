"""The place for a model of the installer's choice: KRZEW_MATCHER = "package.module:function".

The function gets the text and the solutions (slug and texts) and gives back scores, {slug: 0 to 1}. They are
added; a solution that it names may appear, none disappears. A failing function is logged without the text, and the
answer is as without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module

import numpy as np
from django.conf import settings

from krzew.door.finding.index import Index
from krzew.door.finding.reading import Floats

log = logging.getLogger(__name__)
Card = Mapping[str, str]
Plugin = Callable[[str, Sequence[Card]], Mapping[str, float]]
SHARE = 0.5
"""How much of the score is the model's where it is surer than we are."""


def added(scores: Floats, text: str, index: Index) -> Floats:
    """The scores, raised where the installer's model is surer than the rules."""
    name = str(getattr(settings, "KRZEW_MATCHER", "") or "")
    if not name:
        return scores
    try:
        given = _function(name)(text, _cards(index))
        model = np.array([float(given.get(entry.slug, 0.0)) for entry in index.entries])
        if not np.isfinite(model).all():
            raise ValueError("a score is not a number")
    except Exception as error:
        log.error("The matcher of this installation failed: %s", type(error).__name__)  # never the text
        return scores
    sure = np.clip(model, 0.0, 1.0) * index.factors
    raised: Floats = np.maximum(scores, (1 - SHARE) * scores + SHARE * sure)
    return raised


@lru_cache(maxsize=4)
def _function(name: str) -> Plugin:
    module, _, function = name.partition(":")
    found: Plugin = getattr(import_module(module), function)
    return found


def _cards(index: Index) -> list[dict[str, str]]:
    return [{"slug": entry.slug, **entry.texts} for entry in index.entries]
