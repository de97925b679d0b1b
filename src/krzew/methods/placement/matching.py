"""Who where: one call, three methods, and a result that says why and what else there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..record import FloatArray, IntArray, MethodError, Provenance, stamp
from ..work import Progress, Stop, Work
from .coach import Stage, solve_coach, spent
from .kernels import blocking
from .lottery import Lottery
from .optimum import best_total, by_lottery
from .problem import ANSWERS, Exclusion, PairFit, Placement, Question
from .profiles import Person, Workplace
from .sentences import explain_match, explain_person
from .stable import solve_stable

METHODS = ("stable", "assignment", "coach")
HOURS = 1e-6


@dataclass(frozen=True)
class Pair:
    """One person at one workplace; `wish` is 1 for the first wish and 0 for none, `travel` None if not known."""

    person: str
    workplace: str
    fit: float
    hours: float
    wish: float
    travel: float | None


@dataclass(frozen=True)
class Unmatched:
    """Why a person has no place: `excluded` (nothing is open), `no_slots`, `preferred_others` (every open place
    is full with persons it puts first), `full`, `coach_hours`, `together`. `exclusions` by workplace."""

    person: str
    reason: str
    exclusions: Mapping[str, tuple[Exclusion, ...]]


@dataclass(frozen=True)
class Alternative:
    """Another open workplace: `free` a slot is left in the plan, `welcome` the workplace would take the person
    for one it has."""

    workplace: str
    fit: float
    hours: float
    wish: float
    travel: float | None
    free: bool
    welcome: bool


@dataclass(frozen=True, eq=False)
class Matching:
    """A proposal for a talk, not a decision. `assignment` (n,) is each person's workplace by row, -1 for none;
    `stages` are the aims of the method "coach" with their bounds."""

    problem: Placement
    method: str
    assignment: IntArray
    stages: tuple[Stage, ...]
    lottery: Lottery
    warnings: tuple[str, ...]
    provenance: Provenance

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(self._pair(int(i)) for i in np.flatnonzero(self.assignment >= 0))

    def _pair(self, i: int) -> Pair:
        p, j = self.problem, int(self.assignment[i])
        who, where = p.persons[i].code, p.workplaces[j].code
        figures = float(p.fit[i, j]), float(p.hours[i, j]), float(p.wish[i, j])
        return Pair(who, where, *figures, _known(p.distance[i, j]))

    @property
    def placed(self) -> int:
        return int((self.assignment >= 0).sum())

    @property
    def total(self) -> float:
        """Sum of the values (fit and wish) of the pairs."""
        return _total(self.problem.value, self.assignment)

    @property
    def worst_fit(self) -> float:
        """The lowest fit of a pair; NaN without pairs."""
        return min((pair.fit for pair in self.pairs), default=float("nan"))

    @property
    def hours(self) -> dict[str, float]:
        """Coach hours a week by coach, as the plan takes them at most."""
        return spent(self.problem, self.assignment)

    @property
    def bound(self) -> float:
        """No plan of the same number and worst fit has a higher total ("coach"); else the total itself."""
        return self.stages[-1].bound if self.method == "coach" else self.total

    @property
    def gap(self) -> float:
        return self.stages[-1].gap if self.method == "coach" else 0.0

    @property
    def proved(self) -> bool:
        return all(stage.proved for stage in self.stages)

    @cached_property
    def blocking_pairs(self) -> tuple[tuple[str, str], ...]:
        """Persons and workplaces that would rather have each other; coach hours are left aside."""
        found = blocking(
            self.problem.person_worth, self.problem.workplace_worth, self.assignment, self.problem.slots
        )
        return tuple((self.problem.persons[i].code, self.problem.workplaces[j].code) for i, j in found)

    @cached_property
    def price_of_stability(self) -> float:
        """Share of the best total that the stable plan gives up (0 to 1), coach hours left aside. It may be below
        zero where the best total places more persons at a lower sum."""
        value, open_ = self.problem.value, self.problem.open
        tickets = _tickets(self.problem, self.lottery)
        best = _total(value, best_total(value, open_, self.problem.slots, tickets))
        stable = self.assignment if self.method == "stable" else _stable(self.problem, self.lottery)
        return (best - _total(value, stable)) / best if best > 0 else 0.0

    @cached_property
    def unmatched(self) -> dict[str, Unmatched]:
        """Persons without a place, with the reason."""
        rows = np.flatnonzero(self.assignment < 0)
        return {self.problem.persons[i].code: self._unmatched(int(i)) for i in rows}

    def _unmatched(self, i: int) -> Unmatched:
        p, who = self.problem, self.problem.persons[i].code
        out = {w.code: p.exclusions(who, w.code) for j, w in enumerate(p.workplaces) if not p.open[i, j]}
        return Unmatched(who, self._reason(i), out)

    def _reason(self, i: int) -> str:
        p = self.problem
        open_ = np.flatnonzero(p.open[i])
        if not len(open_):
            return "excluded"
        open_ = open_[p.slots[open_] > 0]
        if not len(open_):
            return "no_slots"
        if any(p.persons[i].code in pair for pair in p.together):
            return "together"
        if (self.filled[open_] < p.slots[open_]).any():
            return "coach_hours"
        return "preferred_others" if self.method == "stable" else "full"

    @cached_property
    def filled(self) -> IntArray:
        """Persons placed at each workplace, (m,)."""
        held = self.assignment[self.assignment >= 0]
        return np.bincount(held, minlength=len(self.problem.workplaces))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Everything to ask before deciding, person by person."""
        found = [q for person in self.problem.persons for q in self.problem.questions(person.code)]
        return tuple(dict.fromkeys(found))

    def depends_on_answers(self) -> tuple[str, ...]:
        """Persons whose place differs when all that is not known is at its lowest, or at its highest."""
        if self.method == "coach":
            raise MethodError(
                "method", "answers are varied for stable and assignment only; match again instead"
            )
        changed = np.zeros(len(self.assignment), dtype=bool)
        for end in ANSWERS[1:]:
            changed |= _solved(_answered(self.problem, end), self.method, self.lottery) != self.assignment
        return tuple(self.problem.persons[i].code for i in np.flatnonzero(changed))

    def fit(self, person: str, workplace: str) -> PairFit:
        """Fit of any pair, dimension by dimension."""
        return self.problem.pair(person, workplace)

    def alternatives(self, person: str, k: int = 3) -> tuple[Alternative, ...]:
        """The k open workplaces that the person would like best, besides the one proposed."""
        if person not in self.problem.row:
            raise MethodError("person", "is not in this match", person)
        if k < 1:
            raise MethodError("k", "must be at least 1", str(k))
        i = self.problem.row[person]
        order = np.argsort(-self.problem.person_worth[i], kind="stable")
        found = [j for j in order if self.problem.open[i, j] and j != self.assignment[i]][:k]
        return tuple(self._alternative(i, int(j)) for j in found)

    def _alternative(self, i: int, j: int) -> Alternative:
        p = self.problem
        here = np.flatnonzero(self.assignment == j)
        worst = p.workplace_worth[j, here].min() if len(here) else -np.inf
        free = bool(self.filled[j] < p.slots[j])
        figures = float(p.fit[i, j]), float(p.hours[i, j]), float(p.wish[i, j])
        welcome = free or bool(p.slots[j] and p.workplace_worth[j, i] > worst)
        return Alternative(p.workplaces[j].code, *figures, _known(p.distance[i, j]), free, welcome)

    def check(self) -> tuple[str, ...]:
        """What breaks a rule, found from the profiles and not from the solver: empty when nothing does."""
        p = self.problem
        said = [
            f"{pair.person} at {pair.workplace}: {e.kind} {e.what}"
            for pair in self.pairs
            for e in p.exclusions(pair.person, pair.workplace)
        ]
        said += [
            f"{w.code}: over its slots" for w, f in zip(p.workplaces, self.filled, strict=True) if f > w.slots
        ]
        said += [f"{c}: over the coach hours" for c, h in self.hours.items() if h > p.coaches[c] + HOURS]
        for j, place in enumerate(p.workplaces):
            used = float(p.hours[self.assignment == j, j].sum())
            if place.coach_budget is not None and used > place.coach_budget + HOURS:
                said.append(f"{place.code}: over its coach hours")
        for a, b in p.together:
            if self.assignment[p.row[a]] != self.assignment[p.row[b]]:
                said.append(f"{a} and {b}: not together")
        return tuple(said)

    def explain(self, person: str = "", lang: str = "pl") -> tuple[str, ...]:
        """The plan in plain sentences, or with `person` the proposal for one person, for a talk with a job coach.

        `explain("en")` is the plan in English, unless a person has that code.
        """
        if person in ("pl", "en") and person not in self.problem.row:
            person, lang = "", person
        if not person:
            return explain_match(self, lang)
        if person not in self.problem.row:
            raise MethodError("person", "is not in this match", person)
        return explain_person(self, person, lang)


def match(
    persons: Iterable[Person],
    workplaces: Iterable[Workplace],
    method: str = "stable",
    *,
    scale: float = 4.0,
    travel: npt.ArrayLike | None = None,
    travel_unit: str = "min",
    coaches: Mapping[str, float] | float | None = None,
    together: Sequence[tuple[str, str]] = (),
    wish_share: float = 0.3,
    unknown: str = "middle",
    labels: Mapping[str, tuple[str, str]] | None = None,
    lottery: Lottery | None = None,
    gap: float = 1e-4,
    time_limit: float | None = 30.0,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Matching:
    """Propose a workplace for each person.

    "stable": deferred acceptance, proposed by persons; no pair would rather have each other, and nobody gains by
    stating other wishes. "assignment": most persons placed, then the best total of fit and wishes. "coach": the
    same within hours of coaches a week (`coaches`, a number for one coach of all workplaces) and with friends
    `together`; most placed, then the best worst fit, then the best total, within `gap` or `time_limit` seconds.
    `labels` are names of dimensions, conditions and papers, (Polish, English). Equal claims are decided by the
    `lottery`, see there how to draw it. See `Placement` for the rest. Raises `MethodError`.
    """
    if method not in METHODS:
        raise MethodError("method", f"must be one of {', '.join(METHODS)}", str(method))
    if together and method != "coach":
        raise MethodError("together", "friends can be kept together with method='coach' only")
    if not 0 <= gap < 1:
        raise MethodError("gap", "must lie between 0 and 1", str(gap))
    places = tuple(workplaces)
    problem = Placement(
        tuple(persons),
        places,
        float(scale),
        None if travel is None else np.asarray(travel, dtype=np.float64),
        travel_unit,
        _coaches(coaches, places),
        tuple((str(a), str(b)) for a, b in together),
        float(wish_share),
        unknown,
        dict(labels or {}),
    )
    draw, work = lottery or Lottery(), Work(time_limit, progress, stop)
    stages: tuple[Stage, ...] = ()
    if method == "coach":
        held, stages = _coached(problem, draw, gap, work)
    else:
        held = _solved(problem, method, draw)
    parameters = {"method": method, "commitment": draw.commitment, "public": draw.public, "gap": gap}
    origin = stamp("placement.match", None, problem.hash, parameters)
    return Matching(problem, method, held, stages, draw, _cautions(problem, held, stages), origin)


def _coaches(coaches: Mapping[str, float] | float | None, places: tuple[Workplace, ...]) -> dict[str, float]:
    if coaches is None:
        return {}
    if isinstance(coaches, Mapping):
        return {str(c): float(h) for c, h in coaches.items()}
    named = {w.coach for w in places}
    if len(named) > 1:
        raise MethodError("coaches", f"give hours for each of the coaches {', '.join(sorted(named))}")
    return {next(iter(named), ""): float(coaches)}


def _solved(problem: Placement, method: str, draw: Lottery) -> IntArray:
    if method == "stable":
        return _stable(problem, draw)
    tickets = _tickets(problem, draw)
    held = best_total(problem.value, problem.open, problem.slots, tickets)
    return by_lottery(problem, held, tickets)


def _coached(problem: Placement, draw: Lottery, gap: float, work: Work) -> tuple[IntArray, tuple[Stage, ...]]:
    """Solved in the order of the draw, so that the order of entry cannot matter."""
    row = np.argsort(_tickets(problem, draw))
    column = np.argsort(draw.places([w.code for w in problem.workplaces]))
    drawn = replace(
        problem,
        persons=tuple(problem.persons[i] for i in row),
        workplaces=tuple(problem.workplaces[j] for j in column),
        travel=None if problem.travel is None else problem.distance[np.ix_(row, column)],
    )
    found, stages = solve_coach(drawn, np.arange(len(row)), gap, work)
    found = by_lottery(drawn, found, np.arange(len(row)))
    held = np.full(len(row), -1)
    held[row] = np.where(found >= 0, column[found], -1)
    return held, stages


def _stable(problem: Placement, draw: Lottery) -> IntArray:
    persons, places = [p.code for p in problem.persons], [w.code for w in problem.workplaces]
    worth = problem.person_worth, problem.workplace_worth
    return solve_stable(*worth, problem.slots, persons, places, draw)[0]


def _tickets(problem: Placement, draw: Lottery) -> IntArray:
    return draw.places([p.code for p in problem.persons])


def _answered(problem: Placement, end: str) -> Placement:
    return replace(problem, unknown=end)


def _cautions(problem: Placement, held: IntArray, stages: tuple[Stage, ...]) -> tuple[str, ...]:
    over = any(h > problem.coaches[c] + HOURS for c, h in spent(problem, held).items())
    unproved = any(not s.proved for s in stages)
    return (*(["coach_hours"] if over else []), *(["not_proved"] if unproved else []))


def _total(value: FloatArray, held: IntArray) -> float:
    rows = np.flatnonzero(held >= 0)
    return float(value[rows, held[rows]].sum())


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
