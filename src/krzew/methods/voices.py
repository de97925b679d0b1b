"""What people said at meetings, as a figure with its uncertainty, and the shown rule that joins it with
statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .record import FloatArray, MethodError, Provenance, data_hash, stamp

Z90 = 1.6448536269514722
UNHEARD_SPREAD = 0.15
"""Assumed spread of shares between sectors when only one was heard [judgement]."""


@dataclass(frozen=True)
class Estimate:
    """A figure 0-100 with the interval that should hold it in 90 % of cases."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.value <= self.high <= 100.0:
            raise MethodError("estimate", "must hold 0 <= low <= value <= high <= 100", str(self))


@dataclass(frozen=True)
class VoicesResult:
    """Strength of each need in what people said; `shares` are the plain shares behind it."""

    scores: dict[str, Estimate]
    shares: dict[str, float]
    people: int
    sectors: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True)
class Combined:
    """A need after statistics and voices are joined."""

    need: str
    severity: float
    low: float
    high: float
    statistics: Estimate | None
    voices: Estimate | None
    source: str
    disagreement: bool
    higher: str


def voices_score(
    votes: Mapping[str, Mapping[str, float]],
    people: Mapping[str, int],
    *,
    needs: Sequence[str] | None = None,
    dots: float = 1.0,
    sectors_total: int = 4,
    prior_people: float = 5.0,
) -> VoicesResult:
    """Votes by sector and need into scores.

    In each sector the share of people who pointed at the need (votes / people / `dots` that one person may
    put on it, at most 1) is drawn towards the average share as if `prior_people` average people more had
    come; then sectors count equally, however many came. A need named as often as the average one scores 50,
    three times as often 75, by nobody (in the limit) 0: 100 r / (1 + r), where r is the share over the
    average share.
    """
    heard = tuple(s for s in votes if people.get(s, 0) > 0)
    _check_votes(votes, people, dots, prior_people)
    listed = tuple(needs) if needs is not None else tuple(dict.fromkeys(n for s in heard for n in votes[s]))
    raw, size = _shares(votes, people, heard, listed, dots)
    origin = stamp(
        "voices", None, data_hash(votes, people, listed), {"dots": dots, "prior_people": prior_people}
    )
    if not heard or not listed or not raw.any():
        return VoicesResult({}, {}, int(size.sum()), heard, origin)
    scores = _scores(raw, size, sectors_total, prior_people)
    shares = dict(zip(listed, raw.mean(axis=0).tolist(), strict=True))
    return VoicesResult(dict(zip(listed, scores, strict=True)), shares, int(size.sum()), heard, origin)


def _check_votes(
    votes: Mapping[str, Mapping[str, float]], people: Mapping[str, int], dots: float, prior_people: float
) -> None:
    if not dots > 0 or not prior_people >= 0:
        raise MethodError(
            "dots", "must be above zero, and prior_people not below it", f"{dots}, {prior_people}"
        )
    for sector, count in people.items():
        if count < 0:
            raise MethodError("people", "must not be negative", sector)
    for sector, row in votes.items():
        for need, given in row.items():
            if not np.isfinite(given) or given < 0:
                raise MethodError("votes", "must be a number not below zero", f"{sector}, {need}")
            if given > 0 and people.get(sector, 0) <= 0:
                raise MethodError("people", "votes without people", sector)


def _shares(
    votes: Mapping[str, Mapping[str, float]],
    people: Mapping[str, int],
    heard: tuple[str, ...],
    needs: tuple[str, ...],
    dots: float,
) -> tuple[FloatArray, FloatArray]:
    unknown = {n for s in heard for n in votes[s]} - set(needs)
    if unknown:
        raise MethodError("votes", "is not in the list of needs", sorted(unknown)[0])
    size = np.array([float(people[s]) for s in heard])
    raw = np.array([[votes[s].get(n, 0.0) / people[s] / dots for n in needs] for s in heard])
    return np.minimum(raw.reshape(len(heard), len(needs)), 1.0), size


def _scores(raw: FloatArray, size: FloatArray, sectors_total: int, prior: float) -> list[Estimate]:
    average = raw.mean()
    heard = len(size)
    drawn = (raw * size[:, None] + average * prior) / (size + prior)[:, None]
    share = drawn.mean(axis=0)
    within = (drawn * (1 - drawn) / (size + prior + 1)[:, None]).sum(axis=0) / heard**2
    between = drawn.var(axis=0, ddof=1) if heard > 1 else np.full(raw.shape[1], UNHEARD_SPREAD**2)
    unheard = max(0.0, 1.0 - heard / max(sectors_total, heard))
    error = Z90 * np.sqrt(within + between * unheard / heard)

    def score(x: FloatArray) -> FloatArray:
        ratio: FloatArray = np.clip(x, 0.0, 1.0) / average
        return 100.0 * ratio / (1.0 + ratio)

    rows = zip(score(share), score(share - error), score(share + error), strict=True)
    return [Estimate(float(v), float(lo), float(hi)) for v, lo, hi in rows]


def combine(
    statistics: Mapping[str, Estimate],
    voices: Mapping[str, Estimate],
    weight: float = 0.5,
    *,
    threshold: float = 20.0,
) -> dict[str, Combined]:
    """Join both sides: severity = (1 - weight) x statistics + weight x voices.

    They disagree when their intervals do not meet and the figures differ by `threshold` or more: the number
    still stands, but this is where the talk should be. A need known to one side keeps that side's figure.
    """
    if not 0.0 <= weight <= 1.0:
        raise MethodError("weight", "must lie between 0 (statistics only) and 1 (voices only)", str(weight))
    listed = dict.fromkeys([*statistics, *voices])
    return {need: _join(need, statistics.get(need), voices.get(need), weight, threshold) for need in listed}


def _join(
    need: str, stats: Estimate | None, said: Estimate | None, weight: float, threshold: float
) -> Combined:
    if stats is None or said is None:
        only = stats or said
        assert only is not None
        side = "voices" if stats is None else "statistics"
        return Combined(need, only.value, only.low, only.high, stats, said, side, False, "")
    value = (1 - weight) * stats.value + weight * said.value
    down = np.hypot((1 - weight) * (stats.value - stats.low), weight * (said.value - said.low))
    up = np.hypot((1 - weight) * (stats.high - stats.value), weight * (said.high - said.value))
    apart = stats.high < said.low or said.high < stats.low
    differ = bool(apart and abs(stats.value - said.value) >= threshold)
    higher = ("voices" if said.value > stats.value else "statistics") if differ else ""
    return Combined(
        need,
        value,
        max(0.0, value - float(down)),
        min(100.0, value + float(up)),
        stats,
        said,
        "both",
        differ,
        higher,
    )
