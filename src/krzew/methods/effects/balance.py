"""Were the groups alike? Standardised differences, effective sample size, overlap, and the gate they keep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..record import FloatArray
from .sample import Sample
from .words import sentence

CAUTION_SMD, REFUSED_SMD = 0.1, 0.25
"""Standardised differences of means: worth a word, and too large to compare (Rubin 2001; Austin 2009)."""

ENOUGH_ESS, CAUTION_ESS = 30.0, 60.0
CAUTION_WEIGHT, REFUSED_WEIGHT = 0.1, 0.2
CAUTION_OFF, REFUSED_OFF = 0.02, 0.1
"""Share of participants without comparable people. All four limits are a judgement."""


@dataclass(frozen=True)
class Finding:
    """One thing to know about a result; with `refuses` no conclusion may be drawn."""

    code: str
    refuses: bool = False
    figures: tuple[tuple[str, float | str], ...] = ()

    def text(self, lang: str) -> str:
        return sentence(self.code, lang, **dict(self.figures))


def finding(code: str, *, refuses: bool = False, **figures: float | str) -> Finding:
    """A finding of one of two degrees: the sentence is that of "code_caution" or "code_refused"."""
    return Finding(f"{code}_{'refused' if refuses else 'caution'}", refuses, tuple(figures.items()))


@dataclass(frozen=True, eq=False)
class Balance:
    """Standardised differences of means (k,), treated less untreated, `before` and `after` weighting."""

    names: tuple[str, ...]
    before: FloatArray
    after: FloatArray

    @property
    def worst_before(self) -> float:
        return _worst(self.before)

    @property
    def worst_after(self) -> float:
        return _worst(self.after)

    def rows(self) -> list[tuple[str, float, float]]:
        """(name, before, after) of each covariate."""
        return list(zip(self.names, self.before.tolist(), self.after.tolist(), strict=True))


@dataclass(frozen=True)
class Overlap:
    """How far the groups cover each other, by the estimated probability of taking part (propensity).

    `off_support`: share of participants whose propensity no other person reaches, or that was trimmed;
    `trimmed`: participants left out; `largest_weight`: share of the heaviest comparison person.
    """

    off_support: float
    trimmed: int
    largest_weight: float
    propensity_treated: tuple[float, float]
    propensity_untreated: tuple[float, float]


@dataclass(frozen=True)
class Gate:
    """Whether a conclusion may be drawn: `passed`, or refused for `reasons`. True like `passed`."""

    passed: bool
    reasons: tuple[str, ...]
    checked: bool

    @property
    def status(self) -> str:
        if self.passed:
            return "passed"
        return "refused" if self.checked else "unchecked"

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        return self.status


def gate(findings: tuple[Finding, ...], *, checked: bool = True) -> Gate:
    """The gate closes on the first finding that refuses."""
    reasons = tuple(f.text("en") for f in findings if f.refuses)
    return Gate(not reasons, reasons, checked)


def balance(
    sample: Sample, x: FloatArray, names: tuple[str, ...], treated: FloatArray, others: FloatArray
) -> Balance:
    """Balance of `x` (n, k) before, and after weights of the `treated` and of the `others` (n,) each."""
    t = sample.treated
    even = t / t.sum(), ~t / (~t).sum()
    spread = np.sqrt((x[t].var(axis=0, ddof=1) + x[~t].var(axis=0, ddof=1)) / 2)
    before, after = even[0] @ x - even[1] @ x, treated @ x - others @ x
    return Balance(names, _over(before, spread), _over(after, spread))


def _over(gap: FloatArray, spread: FloatArray) -> FloatArray:
    level = np.where(np.abs(gap) < 1e-12, 0.0, np.copysign(np.inf, gap))
    return np.divide(gap, spread, out=level, where=spread > 1e-12)


def effective_size(weights: FloatArray) -> float:
    """Kish's effective sample size of weights (n,)."""
    return float(weights.sum() ** 2 / (weights @ weights))


def judge_balance(found: Balance, allowance: float = 0.0) -> list[Finding]:
    """Findings on what is left of the difference; `allowance` is what chance alone may have done."""
    if not len(found.after):
        return []
    worst = int(np.argmax(np.abs(found.after)))
    size = abs(float(found.after[worst]))
    if size <= CAUTION_SMD:
        return []
    refuses = size > REFUSED_SMD + allowance
    return [finding("balance", refuses=refuses, name=found.names[worst], smd=size, limit=REFUSED_SMD)]


def judge_overlap(overlap: Overlap, sizes: tuple[float, float], arms: tuple[int, int]) -> list[Finding]:
    """Findings on how many comparable people there are; `sizes` are the effective ones of both `arms`."""
    found = []
    for code, ess, people in zip(("ess_treated", "ess"), sizes, arms, strict=True):
        needed = min(ENOUGH_ESS, people / 2)
        if ess < min(CAUTION_ESS, people / 2):
            found.append(finding(code, refuses=ess < needed, ess=ess, people=float(people)))
    if overlap.largest_weight > CAUTION_WEIGHT:
        refuses = overlap.largest_weight > REFUSED_WEIGHT
        found.append(finding("weight", refuses=refuses, share=overlap.largest_weight))
    if overlap.off_support > CAUTION_OFF:
        refuses = overlap.off_support > REFUSED_OFF
        found.append(finding("support", refuses=refuses, share=overlap.off_support))
    return found


def _worst(values: FloatArray) -> float:
    return float(np.abs(values).max()) if len(values) else 0.0
