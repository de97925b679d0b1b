"""The call: its money, thresholds, quotas and ties; and the ideas, with their points and costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from ..record import MethodError
from .draw import checked_seed, verify
from .money import Amount, exact_points, grosze, zloty

WALKS = ("strict", "skip", "partial")
RULES = (*WALKS, "snsf50")
TIE_FIELDS = ("cost", "score")


def _set(target: object, **values: object) -> None:
    for name, value in values.items():
        object.__setattr__(target, name, value)


def _made(kind: type, field: str, given: Any) -> Any:
    """A dataclass from itself or from a mapping of its fields."""
    if isinstance(given, kind):
        return given
    known = {f.name for f in fields(kind)}
    if not isinstance(given, Mapping):
        raise MethodError(field, f"must be a {kind.__name__} or a mapping of its fields")
    unknown = set(given) - known
    if unknown:
        raise MethodError(field, f"has no {min(map(str, unknown))}; known: {', '.join(sorted(known))}")
    return kind(**given)


@dataclass(frozen=True)
class Idea:
    """One assessed idea.

    `cost` is what it asks for, `minimum` the smallest amount it could do with (None: all or nothing), both in
    złoty. `score` is its total of points, by default the sum of `criteria`. `rank` and `interval` (low, high)
    come from a model of the scores. `excluded` gives the reason why it is out before points count.
    """

    code: str
    cost: Amount
    score: Any = None
    criteria: Mapping[str, Any] = field(default_factory=dict)
    groups: Iterable[str] = ()
    minimum: Amount | None = None
    rank: float | None = None
    interval: tuple[float, float] | None = None
    title: str = ""
    excluded: str = ""

    def __post_init__(self) -> None:
        code = str(self.code)
        points = {str(c): exact_points(f"criteria.{c}", x, code) for c, x in self.criteria.items()}
        if self.score is None and not points and self.rank is None:
            raise MethodError("score", "must be given where there are no criteria and no rank", code)
        total = sum(points.values(), Decimal(0)) if self.score is None else self.score
        cost = grosze("cost", self.cost, code)
        if cost == 0:
            raise MethodError("cost", "must be above zero", code)
        groups = (self.groups,) if isinstance(self.groups, str) else self.groups
        least = None if self.minimum is None else grosze("minimum", self.minimum, code)
        if least is not None and not 0 < least <= cost:
            raise MethodError("minimum", "must be above zero and not above the cost", code)
        _set(self, code=code, cost=zloty(cost), criteria=points, groups=frozenset(map(str, groups)))
        _set(self, score=exact_points("score", total, code), minimum=None if least is None else zloty(least))
        self._check_interval()

    def _check_interval(self) -> None:
        for name, value in (("rank", self.rank), *(("interval", x) for x in self.interval or ())):
            if value is not None:
                exact_points(name, value, self.code)
        if self.interval is None:
            return
        low, high = (float(x) for x in self.interval)
        if low > high:
            raise MethodError("interval", "must go from the lower to the higher rank", self.code)
        _set(self, interval=(low, high))

    @property
    def grosze(self) -> int:
        return int(Decimal(self.cost) * 100)

    @property
    def least(self) -> int:
        """The smallest amount it can be offered, in grosze."""
        return self.grosze if self.minimum is None else int(Decimal(self.minimum) * 100)

    @property
    def name(self) -> str:
        return self.title or self.code


@dataclass(frozen=True)
class Threshold:
    """The points in `criteria` together must reach `minimum`; without criteria, the score must."""

    minimum: Any
    criteria: Iterable[str] = ()
    name: str = ""

    def __post_init__(self) -> None:
        names = (self.criteria,) if isinstance(self.criteria, str) else tuple(self.criteria)
        _set(self, minimum=exact_points("thresholds", self.minimum, self.name), criteria=names)

    @property
    def kind(self) -> str:
        """total, criterion or compound."""
        return (
            ("total", "criterion")[len(tuple(self.criteria))] if len(tuple(self.criteria)) < 2 else "compound"
        )

    def value(self, idea: Idea) -> Decimal:
        """The points that count against it."""
        missing = [c for c in self.criteria if c not in idea.criteria]
        if missing:
            raise MethodError(
                "criteria", f"has no points in {missing[0]}, which a threshold needs", idea.code
            )
        chosen = [idea.criteria[c] for c in self.criteria]
        return sum(chosen, Decimal(0)) if chosen else Decimal(idea.score)


@dataclass(frozen=True)
class Quota:
    """At least or at most so many ideas (or so much money, `unit="money"`) for a group; groups may overlap."""

    group: str
    at_least: Any = None
    at_most: Any = None
    unit: str = "ideas"
    name: str = ""

    def __post_init__(self) -> None:
        if self.unit not in ("ideas", "money"):
            raise MethodError("quotas", "unit must be ideas or money", self.group)
        if self.at_least is None and self.at_most is None:
            raise MethodError("quotas", "needs at_least or at_most", self.group)
        least, most = (self._limit(x) for x in (self.at_least, self.at_most))
        if least is not None and most is not None and least > most:
            raise MethodError("quotas", "at_least must not be above at_most", self.group)
        shown = [None if x is None else zloty(x) if self.unit == "money" else x for x in (least, most)]
        _set(self, at_least=shown[0], at_most=shown[1], name=self.name or self.group)

    def _limit(self, value: Any) -> int | None:
        if value is None:
            return None
        if self.unit == "money":
            return grosze("quotas", value, self.group)
        exact = exact_points("quotas", value, self.group)
        if exact != exact.to_integral_value() or exact < 0:
            raise MethodError("quotas", "must be a whole number of ideas, not below zero", self.group)
        return int(exact)

    @property
    def limits(self) -> tuple[int | None, int | None]:
        """(at least, at most) in ideas or grosze."""
        scale = 100 if self.unit == "money" else 1
        low, high = (None if x is None else int(x * scale) for x in (self.at_least, self.at_most))
        return low, high

    def weight(self, amount: int) -> int:
        """What a grant of this many grosze uses up."""
        return amount if self.unit == "money" else 1


@dataclass(frozen=True)
class Rules:
    """What the call says. Everything that can change a decision is here and in the ideas.

    `rule`: how the list is walked. "strict" stops at the first idea that does not fit the money left; "skip"
    goes on to the next; "partial" offers what is left to the first that does not fit and could do with it;
    "snsf50" funds ideas whose rank interval is above the funding line, draws among those that cross it, and
    walks by `within`.

    `order`: "score" (higher first) or "rank" (lower first). `tie_break`: criteria (or "cost", "score") in the
    order in which they decide, higher first, lower first with a minus before the name. Ideas still equal are
    drawn: publish `commitment` before scores close, then give `seed` and `nonce` (and `public`, a figure that
    nobody could know in advance). `reserve`: length of the reserve list (None: everybody eligible).

    `line`: "last" (rank of the last idea that the money reaches) or "between" (halfway to the next). With
    `interval_type` "closed" an interval that only touches the line crosses it, with "open" it does not.
    """

    cap: Amount
    rule: str = "skip"
    minimum_total: Any = None
    minimum_criteria: Mapping[str, Any] = field(default_factory=dict)
    thresholds: Iterable[Threshold] = ()
    quotas: Iterable[Quota] = ()
    tie_break: Iterable[str] = ()
    order: str = ""
    seed: Any = None
    nonce: str = ""
    commitment: str = ""
    public: str = ""
    reserve: int | None = None
    within: str = "skip"
    line: str = "last"
    interval_type: str = "closed"

    def __post_init__(self) -> None:
        order = self.order or ("rank" if self.rule == "snsf50" else "score")
        _set(self, cap=zloty(grosze("cap", self.cap)), order=order)
        self._check_choices()
        minima = {
            str(c): exact_points("minimum_criteria", x, str(c)) for c, x in self.minimum_criteria.items()
        }
        least = None if self.minimum_total is None else exact_points("minimum_total", self.minimum_total)
        compound = tuple(_made(Threshold, "thresholds", t) for t in self.thresholds)
        quotas = tuple(_made(Quota, "quotas", q) for q in self.quotas)
        names = [q.name for q in quotas]
        if len(set(names)) != len(names):
            raise MethodError(
                "quotas", "must not repeat a name", next(x for x in names if names.count(x) > 1)
            )
        ties = (self.tie_break,) if isinstance(self.tie_break, str) else tuple(self.tie_break)
        _set(self, minimum_criteria=minima, minimum_total=least, thresholds=compound, quotas=quotas)
        _set(self, tie_break=ties, seed=None if self.seed is None else checked_seed(self.seed))
        self._check_commitment()

    def _check_choices(self) -> None:
        choices = {
            "rule": RULES,
            "within": WALKS,
            "order": ("score", "rank"),
            "line": ("last", "between"),
            "interval_type": ("closed", "open"),
        }
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                raise MethodError(name, f"must be one of {', '.join(allowed)}", str(getattr(self, name)))
        if self.rule == "snsf50" and self.order != "rank":
            raise MethodError("order", "must be rank where the rule is snsf50", self.order)
        if self.reserve is not None and self.reserve < 0:
            raise MethodError("reserve", "must not be below zero", str(self.reserve))

    def _check_commitment(self) -> None:
        if self.commitment and self.seed is not None and not verify(self.commitment, self.seed, self.nonce):
            raise MethodError("commitment", "does not belong to this seed and nonce")

    @property
    def walk(self) -> str:
        return self.within if self.rule == "snsf50" else self.rule

    @property
    def money(self) -> int:
        """The cap in grosze."""
        return int(Decimal(self.cap) * 100)

    def all_thresholds(self) -> tuple[Threshold, ...]:
        total = () if self.minimum_total is None else (Threshold(self.minimum_total),)
        single = tuple(Threshold(x, (c,), c) for c, x in self.minimum_criteria.items())
        return (*total, *single, *self.thresholds)


def checked_ideas(ideas: Iterable[Idea | Mapping[str, Any]]) -> tuple[Idea, ...]:
    """Ideas from themselves or from mappings; codes must differ."""
    made = tuple(_made(Idea, "ideas", idea) for idea in ideas)
    seen: set[str] = set()
    for idea in made:
        if idea.code in seen:
            raise MethodError("ideas", "must not repeat a code", idea.code)
        seen.add(idea.code)
    return made


def as_rules(rules: Rules | Mapping[str, Any]) -> Rules:
    made: Rules = _made(Rules, "rules", rules)
    return made
