"""Sentences about an answer in Polish and English."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..phrases import SENTENCES as COMMON
from ..phrases import number
from ..record import IntArray, MethodError

if TYPE_CHECKING:
    from .result import Location

NAMED = 7
"""So many names are said in one sentence; of more, only how many they are."""
TIGHT = 0.95

SENTENCES = {
    "pl": {
        "open": "Wybrane miejsca ({count}): {names}.",
        "p_median": "Średnia odległość od najbliższego z nich: {mean}.",
        "p_median_filled": "Średnia odległość do miejsca, które obsługuje: {mean}.",
        "far": "Najdalej jest „{client}”: {cost} do miejsca „{facility}”.",
        "max_covering": "W zasięgu {radius} jest {share} ({covered} z {total}).",
        "max_covering_filled": "Obsłużone w zasięgu {radius}: {share} ({covered} z {total}).",
        "uncovered": "Poza zasięgiem ({count}): {names}.",
        "uncovered_filled": "Bez obsługi ({count}): {names}.",
        "all_covered": "Poza zasięgiem nie zostaje nikt.",
        "set_covering": "Aby każdy miał usługę w zasięgu {radius}, wystarczą wybrane miejsca (ich liczba: {count}).",
        "fewest": "Mniej się nie da.",
        "not_fewest": "Być może wystarczy mniej, ale nie mniej niż {bound}.",
        "p_center": "Nikt nie ma dalej niż {cost}.",
        "weighted_center": "Największy koszt po zważeniu: {cost}.",
        "proved": "To najlepszy możliwy wybór. Sprawdzone z dowodem.",
        "gap": "Lepszego wyboru nie znaleziono. Jeśli istnieje, poprawi wynik najwyżej o {gap}.",
        "open_gap": "Lepszego wyboru nie znaleziono, ale nie wiadomo, ile mógłby poprawić.",
        "predefined": "Z góry ustalone: {names}.",
        "tight": "Najpełniejsze miejsce to „{name}”: zajęte {share}.",
        "full": "Miejsca zapełnione prawie do końca ({count}): {names}.",
        "percent": "{value}%",
    },
    "en": {
        "open": "Places chosen ({count}): {names}.",
        "p_median": "The mean distance to the nearest of them is {mean}.",
        "p_median_filled": "The mean distance to the place that serves is {mean}.",
        "far": "Farthest away is “{client}”: {cost} to “{facility}”.",
        "max_covering": "Within {radius} there are {share} ({covered} of {total}).",
        "max_covering_filled": "Served within {radius}: {share} ({covered} of {total}).",
        "uncovered": "Out of reach ({count}): {names}.",
        "uncovered_filled": "Not served ({count}): {names}.",
        "all_covered": "Nobody is left out of reach.",
        "set_covering": "For everybody to have the service within {radius}, the places chosen are enough "
        "(their number: {count}).",
        "fewest": "Fewer will not do.",
        "not_fewest": "Fewer may do, but not fewer than {bound}.",
        "p_center": "Nobody is farther away than {cost}.",
        "weighted_center": "The largest weighted cost is {cost}.",
        "proved": "This is the best choice there is. It has been proved.",
        "gap": "No better choice was found. If there is one, it improves the result by {gap} at most.",
        "open_gap": "No better choice was found, but it is not known how much better one could be.",
        "predefined": "Settled in advance: {names}.",
        "tight": "The fullest place is “{name}”: {share} taken.",
        "full": "Places filled almost to the brim ({count}): {names}.",
        "percent": "{value}%",
    },
}


def explain(
    answer: Location,
    lang: str = "pl",
    facility_names: Sequence[str] | None = None,
    client_names: Sequence[str] | None = None,
    unit: str = "",
) -> tuple[str, ...]:
    """See `Location.explain`. Raises MethodError for a language other than pl and en."""
    if lang not in SENTENCES:
        raise MethodError("lang", "must be pl or en", lang)
    return tuple(_Speaker(answer, lang, facility_names, client_names, unit).sentences())


class _Speaker:
    """Sentences about one answer in one language."""

    def __init__(
        self,
        answer: Location,
        lang: str,
        facilities: Sequence[str] | None,
        clients: Sequence[str] | None,
        unit: str,
    ) -> None:
        made = answer.problem
        self.answer, self.lang, self.text, self.unit = answer, lang, SENTENCES[lang], unit
        self.facilities = _names("facility_names", facilities, made.facilities)
        same = clients is None and made.clients == made.facilities
        self.clients = self.facilities if same else _names("client_names", clients, made.clients)

    def say(self, key: str, **parts: str) -> str:
        return self.text[key].format(**parts)

    def amount(self, value: float) -> str:
        """A number with its unit."""
        said = number(value, self.lang, 2 if abs(value) < 10 else 1)
        return f"{said} {self.unit}" if self.unit else said

    def percent(self, share: float) -> str:
        """A share of a hundred, never rounded to 0 or 100 where it is not so."""
        value = min(max(100 * share, 0.01), 99.9) if 0 < share < 1 else 100 * share
        return self.say("percent", value=number(value, self.lang, 1 if value >= 1 else 2))

    def listed(self, numbers: IntArray, names: Sequence[str]) -> str:
        quoted = [COMMON[self.lang]["quote"].format(name=names[int(j)]) for j in numbers[:NAMED]]
        if len(numbers) > NAMED:
            return ", ".join(quoted) + ", …"
        head = ", ".join(quoted[:-1])
        return head + COMMON[self.lang]["and"] + quoted[-1] if head else "".join(quoted)

    def sentences(self) -> list[str]:
        opened = self.answer.facilities
        fixed = np.flatnonzero(self.answer.problem.predefined)
        said = [self.say("open", count=str(len(opened)), names=self.listed(opened, self.facilities))]
        if len(fixed):
            said.append(self.say("predefined", names=self.listed(fixed, self.facilities)))
        said += getattr(self, f"_{self.answer.kind}")()
        return said + self._filled() + self._proof()

    def _key(self, key: str) -> str:
        return key if self.answer.problem.capacities is None else f"{key}_filled"

    def _p_median(self) -> list[str]:
        return [self.say(self._key("p_median"), mean=self.amount(self.answer.mean_dist)), *self._farthest()]

    def _p_center(self) -> list[str]:
        plain = bool((self.answer.problem.weights == 1).all())
        key = "p_center" if plain else "weighted_center"
        return [self.say(key, cost=self.amount(self.answer.objective)), *self._farthest()]

    def _farthest(self) -> list[str]:
        cost = self.answer.service_cost
        if not np.nanmax(cost) > 0:
            return []
        i = int(np.nanargmax(cost))
        facility = self.facilities[int(self.answer.assignment[i])]
        return [self.say("far", client=self.clients[i], facility=facility, cost=self.amount(float(cost[i])))]

    def _max_covering(self) -> list[str]:
        made, answer = self.answer.problem, self.answer
        total = float(made.weights.sum())
        figures = [number(x, self.lang) for x in (answer.objective, total)]
        share = self.percent(min(answer.objective / total, 1.0) if total else 1.0)
        radius = self.amount(made.radius or 0.0)
        said = self.say(
            self._key("max_covering"), radius=radius, share=share, covered=figures[0], total=figures[1]
        )
        missed = np.flatnonzero(answer.assignment < 0)
        if not len(missed):
            return [said] if made.capacities is not None else [said, self.say("all_covered")]
        names = self.listed(missed, self.clients)
        return [said, self.say(self._key("uncovered"), count=str(len(missed)), names=names)]

    def _set_covering(self) -> list[str]:
        radius, count = self.amount(self.answer.problem.radius or 0.0), len(self.answer.facilities)
        return [self.say("set_covering", radius=radius, count=str(count))]

    def _filled(self) -> list[str]:
        """The fullest place, or those that are full."""
        capacities = self.answer.problem.capacities
        if capacities is None:
            return []
        opened = self.answer.facilities
        room = np.maximum(capacities[opened], 1e-300)
        taken = np.where(np.isfinite(room), self.answer.load[opened] / room, 0.0)
        full = opened[taken >= TIGHT]
        if len(full):
            return [self.say("full", count=str(len(full)), names=self.listed(full, self.facilities))]
        k = int(taken.argmax())
        share = self.percent(float(taken[k]))
        return [self.say("tight", name=self.facilities[int(opened[k])], share=share)]

    def _proof(self) -> list[str]:
        answer = self.answer
        if answer.kind == "set_covering":
            key = "fewest" if answer.proved else "not_fewest"
            return [self.say(key, bound=number(math.ceil(answer.bound - 1e-6), self.lang))]
        if answer.proved:
            return [self.say("proved")]
        if not math.isfinite(answer.gap):
            return [self.say("open_gap")]
        return [self.say("gap", gap=self.percent(answer.gap))]


def _names(field: str, names: Sequence[str] | None, size: int) -> Sequence[str]:
    if names is None:
        return [str(k) for k in range(size)]
    if len(names) != size:
        raise MethodError(field, f"needs one name for each of {size}, not {len(names)}")
    return [str(name) for name in names]
