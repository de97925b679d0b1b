"""The plan of a small test: what it can show, when to stop, and what n people are enough for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..record import MethodError, Provenance, data_hash, stamp
from .check import choice, share, whole
from .harm import HarmRule, harm_rule
from .power import Detectable, Needed, Setting, detectable, needed, power_of
from .seen import chance_to_see
from .stages import LARGEST, TwoStage, two_stage

COMMON_PROBLEM = 0.1
"""A difficulty that every tenth person meets: the size that a small test should not miss."""


@dataclass(frozen=True)
class TestPlan:
    """What is known before the test: `people` (per arm in two arms), the share of success without the
    innovation (`baseline`), the share that is worth having (`target`).

    `design` is "one-sample", "two-arm" or "paired"; a target below the baseline looks for less. People come
    in groups of `group_size` that are alike by `icc`; a share `attrition` leaves before the end.
    `acceptable_harm` is the share of people whom harm may meet. Raises `MethodError` naming the field.
    """

    __test__ = False

    people: int
    baseline: float
    target: float
    design: str = "one-sample"
    alpha: float = 0.05
    power: float = 0.8
    group_size: float = 1.0
    icc: float = 0.0
    attrition: float = 0.0
    acceptable_harm: float | None = None
    changing: float | None = None

    def __post_init__(self) -> None:
        whole("people", self.people, 1)
        share("baseline", self.baseline)
        share("target", self.target)
        if self.target == self.baseline:
            raise MethodError("target", "must differ from the baseline", str(self.target))
        if self.acceptable_harm is not None:
            share("acceptable_harm", self.acceptable_harm)
        if self.setting.counted(self.people) < 1:
            raise MethodError("people", "grouping and attrition leave less than one independent person")

    @property
    def upwards(self) -> bool:
        """Whether more is better."""
        return self.target > self.baseline

    @property
    def setting(self) -> Setting:
        """The test that goes with the plan: one-sided, towards the target."""
        choice("design", self.design, ("one-sample", "two-arm", "paired"))
        side = "greater" if self.upwards else "less"
        method = "fisher" if self.design == "two-arm" and self.people <= 200 else "arcsine"
        return Setting(
            self.design,
            side,
            self.alpha,
            self.power,
            self.group_size,
            self.icc,
            self.attrition,
            method,
            self.changing,
        )

    def solve(self) -> Plan:
        """What this plan can show, and its rules to stop."""
        return plan(self)


@dataclass(frozen=True)
class Plan:
    """What the plan can show. `power` is the chance to see the target with these people; `enough` whether it
    reaches the one wanted; `detectable` what they show, `needed` how many the target takes (None when no
    number within reach does); `two_stage` and `harm` are the rules to stop."""

    test: TestPlan
    counted: int
    power: float
    detectable: Detectable
    needed: Needed | None
    two_stage: TwoStage | None
    harm: HarmRule | None
    common_problem_seen: float
    provenance: Provenance

    @property
    def enough(self) -> bool:
        return self.power >= self.test.power - 1e-9

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences, Polish or English."""
        from .words import explain_plan

        return explain_plan(self, lang)


def plan(test: TestPlan) -> Plan:
    """Solve a plan. Raises `MethodError` when a rule to stop for harm is impossible with so few people."""
    setting = test.setting
    counted = setting.counted(test.people)
    low, high = _upward(test)
    parameters = {name: getattr(test, name) for name in test.__dataclass_fields__}
    origin = stamp("test plan", None, data_hash(*parameters.values()), parameters)
    harm = None if test.acceptable_harm is None else harm_rule(test.people, test.acceptable_harm)
    return Plan(
        test,
        counted,
        power_of(counted, low, high, setting),
        detectable(test.people, test.baseline, **_options(setting)),
        _needed(test, setting),
        _stages(test),
        harm,
        chance_to_see(COMMON_PROBLEM, counted),
        origin,
    )


def _upward(test: TestPlan) -> tuple[float, float]:
    """Baseline and target as shares that rise."""
    if test.upwards:
        return test.baseline, test.target
    return 1.0 - test.baseline, 1.0 - test.target


def _options(setting: Setting) -> dict[str, Any]:
    return {name: getattr(setting, name) for name in setting.__dataclass_fields__}


def _needed(test: TestPlan, setting: Setting) -> Needed | None:
    try:
        return needed(test.baseline, test.target, **_options(setting))
    except MethodError as error:
        if error.field == "target":  # so near that no number within reach shows it
            return None
        raise


def _stages(test: TestPlan) -> TwoStage | None:
    """Simon's design for independent people and more as the better; none where its search would be long."""
    if test.design != "one-sample" or not test.upwards or test.setting.design_effect > 1:
        return None
    single = _needed(test, test.setting)
    if single is None or single.counted > LARGEST // 4:
        return None
    return two_stage(test.baseline, test.target, alpha=test.alpha, power=test.power)
