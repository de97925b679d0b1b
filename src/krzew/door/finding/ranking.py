"""How well each card of a library answers one need of a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from krzew.door.finding.heard import Heard
from krzew.door.finding.index import Floats, Index
from krzew.door.thesaurus.concepts import AREA, GROUP, OTHER, PROBLEM, SERVICE, SETTING

SHARES = {"cover": 0.33, "proof": 0.17, "fit": 0.11, "words": 0.10, "sense": 0.17, "starts": 0.12}
"""Shares of the score: how much of what is asked for the card speaks of, how much there is to go by at all, whether it
is for these people, plain words in common, and the two rough likenesses (`likeness.py`). From bench/door/calibrate.py."""
HALF_PROOF, HALF_WORDS = 0.6, 6.0
GONE, CONTEXT = 0.3, 0.2
STRANGER, HALF_STRANGER = 0.72, 0.92
"""A card made for a group of its own of which the text says nothing."""
_NARROW = """
deaf blind autism intellectual mental_group dementia_group homeless_group prison_group addict_group foreign_group
care_leavers mobility_group
"""
NARROW, BROAD = (
    frozenset(_NARROW.split()),
    frozenset({"older", "families", "children", "youth", "women", "carers"}),
)
SURE = 0.5


@dataclass(frozen=True)
class Asked:
    """What is asked for: concepts still without an answer, those that a need before has taken, matters that no
    solution answers, places and groups."""

    own: Mapping[int, float]
    gone: Mapping[int, float]
    other: Mapping[int, float]
    places: Mapping[int, float]
    groups: Mapping[int, float]


def asked_of(heard: Heard, index: Index, own: Mapping[int, float]) -> Asked:
    looked_for = heard.of_kind(index, AREA, PROBLEM, SERVICE)
    return Asked(
        own=own,
        gone={c: w for c, w in looked_for.items() if c not in own},
        other=heard.of_kind(index, OTHER),
        places=heard.of_kind(index, SETTING),
        groups={c: w for c, w in heard.of_kind(index, GROUP).items() if c not in own},
    )


def scores(heard: Heard, index: Index, asked: Asked) -> Floats:
    """0 to 1 for every card; what trials say is in it."""
    signs = likenesses(heard, index, asked)
    whole: Floats = _stranger(index, asked) * index.factors
    whole *= sum(SHARES[name] * values for name, values in signs.items())
    return whole


def likenesses(heard: Heard, index: Index, asked: Asked) -> dict[str, Floats]:
    """The parts of the score, each 0 to 1 for every card."""
    got = _sum(index, asked.own)
    cover = _cover(got, asked)
    proof = got + CONTEXT * (_sum(index, asked.places) + _sum(index, asked.gone))
    if not heard.plain:  # the same for every need of a text
        words = lexical(heard, index)
        heard.plain["words"] = words / (words + HALF_WORDS)
        heard.plain["starts"] = index.likeness.roughly(heard.telling())
    plain = {c: w for c, w in asked.own.items() if c not in heard.implied}
    return {
        "cover": cover,
        "proof": proof / (proof + HALF_PROOF),
        # the right person with another problem is no answer
        "fit": _fit(index, asked.groups) * np.minimum(1.0, cover * 2 + 0.2),
        "words": heard.plain["words"],
        "sense": index.likeness.sense(heard.telling(), {**plain, **asked.groups}),
        "starts": heard.plain["starts"],
    }


def _cover(got: Floats, asked: Asked) -> Floats:
    """Which part of what is asked for a card speaks of."""
    total = sum(asked.own.values()) + GONE * sum(asked.gone.values()) + sum(asked.other.values())
    return np.minimum(got / max(total, 1e-9), 1.0)


def covered(index: Index, own: Mapping[int, float]) -> Floats:
    """Which part of one need a card speaks of."""
    return _sum(index, own) / max(sum(own.values()), 1e-9)


def _sum(index: Index, weights: Mapping[int, float]) -> Floats:
    if not weights:
        return np.zeros(len(index))
    columns = list(weights)
    total: Floats = index.spoken[:, columns] @ np.array([weights[c] for c in columns])
    return total


def _fit(index: Index, groups: Mapping[int, float]) -> Floats:
    if not groups:
        return np.full(len(index), 0.5)
    return _sum(index, groups) / sum(groups.values())


def _stranger(index: Index, asked: Asked) -> Floats:
    """Less than 1 where a card is made for a narrow group and the text speaks of nobody like that."""
    narrow = [i for i, c in enumerate(index.concepts) if c.code in NARROW]
    broad = [i for i, c in enumerate(index.concepts) if c.code in BROAD]
    wanted = {*asked.groups, *asked.own, *asked.gone}
    near = wanted | {n for c in wanted for n in index.related[c]}
    made_for = (index.said[:, narrow] >= SURE).any(axis=1)
    meant = (index.said[:, [n for n in narrow if n in near]] >= SURE).any(axis=1)
    wide = (index.said[:, broad] >= SURE).any(axis=1)
    return np.where(made_for & ~meant, np.where(wide, HALF_STRANGER, STRANGER), 1.0).astype(float)


def lexical(heard: Heard, index: Index) -> Floats:
    """BM25 of the whole text over the words of the cards."""
    total = np.zeros(len(index))
    seen = set()
    for token in heard.telling():
        if token.key in seen:
            continue
        seen.add(token.key)
        rows, values = index.lexical(token)
        total[rows] += values
    return total
