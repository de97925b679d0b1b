"""An honest conclusion from a small test: one of five, with what may and what may not be said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc
from scipy.stats import beta, fisher_exact

from ..record import MethodError, Provenance, data_hash, stamp
from .check import whole
from .plan import Plan, TestPlan
from .seen import Interval, interval, paired_change

WORKS = "works at least as well as planned"
PROMISE = "shows promise, not proven"
CANNOT_TELL = "cannot tell"
NO_EFFECT = "no effect of the size worth having"
HARM = "stop: harm"
VERDICTS = (WORKS, PROMISE, CANNOT_TELL, NO_EFFECT, HARM)


@dataclass(frozen=True)
class Observed:
    """What was seen at the end (or so far). One sample: `successes` among `people`. Two arms: also
    `control_successes` among `control_people`. Paired: `better` and `worse` among `people`. `harmed` counts
    people whom harm met."""

    people: int
    successes: int = 0
    control_successes: int | None = None
    control_people: int | None = None
    better: int | None = None
    worse: int | None = None
    harmed: int | None = None

    def __post_init__(self) -> None:
        whole("people", self.people, 1)
        whole("successes", self.successes, 0, self.people)
        if self.harmed is not None:
            whole("harmed", self.harmed, 0, self.people)
        if self.control_people is not None:
            whole("control_people", self.control_people, 1)
            whole("control_successes", self.control_successes or 0, 0, self.control_people)


@dataclass(frozen=True)
class Effect:
    """The share (one sample) or the difference in shares (other designs) with its interval, and the p-value
    of the one-sided test that there is no effect. `level` is that of the interval, 1 - 2 alpha, so that its
    end and the test agree."""

    estimate: float
    low: float
    high: float
    level: float
    p_value: float


@dataclass(frozen=True)
class Conclusion:
    """`verdict` is one of `VERDICTS`. `beats` says that the test rules chance out, `reaches` that the
    estimate is at least the target, `excludes` that the interval leaves no room for the target. `harm` is the
    share of people harmed with its interval, where it was counted."""

    verdict: str
    effect: Effect
    beats: bool
    reaches: bool
    excludes: bool
    harm: Interval | None
    observed: Observed
    plan: Plan
    provenance: Provenance

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """What was seen, the verdict, what may be said and what may not; Polish or English."""
        from .words import explain_conclusion

        return explain_conclusion(self, lang)


def conclusion(observed: Observed | int, plan: Plan | TestPlan) -> Conclusion:
    """The conclusion that n people allow; a plain number is the successes among all people planned.

    "stop: harm" when the rule of the plan says so. Else "no effect of the size worth having" when the
    interval excludes the target; "works at least as well as planned" when the test beats the baseline and the
    estimate reaches the target; "shows promise, not proven" when one of the two holds; else "cannot tell".
    Raises `MethodError` for counts that do not fit the design or exceed the plan.
    """
    solved = plan.solve() if isinstance(plan, TestPlan) else plan
    seen = observed if isinstance(observed, Observed) else _all(observed, solved.test)
    test = solved.test
    effect = {"one-sample": _share, "two-arm": _arms, "paired": _paired}[test.design](seen, test)
    goal = test.target if test.design == "one-sample" else test.target - test.baseline
    sign = 1.0 if test.upwards else -1.0
    beats = effect.p_value <= test.alpha
    reaches = sign * (effect.estimate - goal) >= -1e-12
    excludes = (effect.high if test.upwards else -effect.low) < sign * goal
    harm = None if seen.harmed is None else interval(seen.harmed, seen.people)
    verdict = _verdict(_harmful(seen, solved), beats, reaches, excludes)
    parts = data_hash(*vars(seen).values(), solved.provenance.data_hash)
    origin = stamp("test conclusion", None, parts, solved.provenance.parameters)
    return Conclusion(verdict, effect, beats, reaches, excludes, harm, seen, solved, origin)


def _all(successes: int, test: TestPlan) -> Observed:
    if test.design != "one-sample":
        raise MethodError("observed", f"a {test.design} test needs an Observed with both sides")
    return Observed(test.people, whole("observed", successes, 0, test.people))


def _harmful(seen: Observed, plan: Plan) -> bool:
    if plan.harm is None or seen.harmed is None:
        return False
    if seen.people > plan.harm.people:
        raise MethodError("people", f"are more than the {plan.harm.people} planned", str(seen.people))
    return plan.harm.stop(seen.harmed, seen.people)


def _verdict(harmful: bool, beats: bool, reaches: bool, excludes: bool) -> str:
    if harmful:
        return HARM
    if excludes:
        return NO_EFFECT
    if beats and reaches:
        return WORKS
    return PROMISE if beats or reaches else CANNOT_TELL


def _share(seen: Observed, test: TestPlan) -> Effect:
    """Exact binomial; people in groups are counted as the independent people they are worth (Korn and
    Graubard 1998), which the beta form of the binomial allows for parts of people."""
    part = 1.0 / test.setting.design_effect
    x, n = seen.successes * part, seen.people * part
    level = 1.0 - 2.0 * test.alpha
    low = float(beta.ppf(test.alpha, x, n - x + 1)) if x > 0 else 0.0
    high = float(beta.isf(test.alpha, x + 1, n - x)) if x < n else 1.0
    if test.upwards:
        p_value = float(betainc(x, n - x + 1, test.baseline)) if x > 0 else 1.0
    else:
        p_value = float(1.0 - betainc(x + 1, n - x, test.baseline)) if x < n else 1.0
    return Effect(seen.successes / seen.people, low, high, level, p_value)


def _arms(seen: Observed, test: TestPlan) -> Effect:
    """Fisher's exact test, and Newcombe's interval of the difference by Wilson's of both shares (1998)."""
    if seen.control_people is None or seen.control_successes is None:
        raise MethodError("control_people", "a two-arm test needs the successes and people of the other arm")
    part, level = 1.0 / test.setting.design_effect, 1.0 - 2.0 * test.alpha
    arms = ((seen.successes, seen.people), (seen.control_successes, seen.control_people))
    table = [[round(x * part), round(n * part) - round(x * part)] for x, n in arms]
    ours, theirs = (interval(x, x + rest, level=level, method="wilson") for x, rest in table)
    gap = ours.share - theirs.share
    low = gap - float(np.hypot(ours.share - ours.low, theirs.high - theirs.share))
    high = gap + float(np.hypot(ours.high - ours.share, theirs.share - theirs.low))
    side = "greater" if test.upwards else "less"
    estimate = seen.successes / seen.people - seen.control_successes / seen.control_people
    return Effect(estimate, low, high, level, float(fisher_exact(table, alternative=side).pvalue))


def _paired(seen: Observed, test: TestPlan) -> Effect:
    if seen.better is None or seen.worse is None:
        raise MethodError("better", "a paired test needs the people who changed for better and for worse")
    part, level = 1.0 / test.setting.design_effect, 1.0 - 2.0 * test.alpha
    people = max(round(seen.people * part), 1)
    up, down = (min(round(x * part), people) for x in (seen.better, seen.worse))
    found = paired_change(up, down, people, alternative="greater", level=level)
    gap = (seen.better - seen.worse) / seen.people
    if test.upwards:
        return Effect(gap, found.low, found.high, level, found.p_value)
    return Effect(-gap, -found.high, -found.low, level, found.p_value)  # better is a share that falls
