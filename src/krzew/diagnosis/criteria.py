"""By what a solution is judged for a place. The list is open: each criterion says in one sentence what it measures.

Two axes are kept apart. *Need* asks how much the place needs the solution; its points rank the solutions. *Feasibility*
asks whether it can start here; it is shown beside the ranking and is never averaged with it.

Anchors are fixed for the whole country, so that no score moves when another solution joins the library. What nobody
knows is worth half of the points with the full range of doubt around it: lack of evidence widens, it does not lower.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from krzew.diagnosis.result import NONE, Text

Array = npt.NDArray[np.float64]

UNKNOWN = 50.0
"""Where a severity that nobody knows is put: in the middle of 0-100 ..."""
UNKNOWN_SPREAD = 100.0 / np.sqrt(12.0)
"""... with the standard deviation of "anything between 0 and 100 is as likely"."""
Z90 = 1.6448536269514722
EVIDENCE_SPREAD = {1: 1.0, 2: 0.8, 3: 0.6, 4: 0.5, 5: 0.3}
"""Standard error in levels: a measured effect is surer than a description [judgement]."""
SINGLE_CASE_SPREAD = 0.25
"""A number known from one place may differ by a quarter elsewhere (standard error, share of the number) [judgement]."""
CONCENTRATION = 20.0
"""How closely drawn weights keep to the stated ones: a weight of 25 % moves between 10 % and 42 % in 9 of 10 draws."""
INVESTMENT = {"low": 1.0, "medium": 2.0, "high": 3.0}

JUDGEMENT = Text(
    "Granice i waga: nasza ocena. Wagę może zmienić doradca.",
    "Anchors and weight: our judgement. The adviser may change the weight.",
)


@dataclass(frozen=True)
class Definition:
    code: str
    axis: str
    label: Text
    explanation: Text
    anchors: tuple[float, float]
    weight: float
    direction: int = 1
    unit: Text = NONE
    shared: bool = False
    basis: Text = field(default=JUDGEMENT)

    def points(self, values: Array) -> Array:
        """Values in natural units -> points 0-100; unknown is half."""
        low, high = self.anchors
        share = np.clip((values - low) / (high - low), 0.0, 1.0)
        return np.where(np.isnan(values), UNKNOWN, 100.0 * (share if self.direction > 0 else 1.0 - share))


POINTS = Text("punkty 0–100", "points 0–100")

DEFINITIONS = (
    Definition(
        "pressing",
        "need",
        Text("Jak poważny problem rozwiązuje", "How serious the problem it solves is"),
        Text(
            "Najpoważniejszy z problemów, na które odpowiada rozwiązanie: nasilenie (statystyka i głosy razem, według "
            "ustawionej wagi) razy to, na ile rozwiązanie powstało dla tego problemu: w całości, w dwóch trzecich albo "
            "w jednej trzeciej.",
            "The most serious of the problems that the solution answers: severity (statistics and voices together, by "
            "the weight that was set) times how far the solution was made for it: fully, two thirds or one third.",
        ),
        (0.0, 100.0),
        50.0,
        unit=POINTS,
    ),
    Definition(
        "breadth",
        "need",
        Text("Ile problemów tego miejsca obejmuje", "How many of the place's problems it touches"),
        Text(
            "Część wszystkich problemów miejsca (liczonych nasileniem), których rozwiązanie dotyka. "
            "Pełna punktacja od jednej piątej.",
            "Part of all problems of the place (counted by severity) that the solution touches. "
            "Full points from one fifth.",
        ),
        (0.0, 0.2),
        15.0,
        unit=Text("część wszystkich problemów", "part of all problems"),
        shared=True,
    ),
    Definition(
        "evidence",
        "need",
        Text("Jak dobrze jest sprawdzone", "How well it is tested"),
        Text(
            "Poziom dowodów z karty rozwiązania, od 1 (opisane) do 5 (zmierzony skutek). Poziom 0 znaczy: nie wiadomo.",
            "Level of evidence on the solution's card, from 1 (described) to 5 (measured effect). Level 0 means: unknown.",
        ),
        (0.0, 5.0),
        15.0,
        unit=Text("poziom 0–5", "level 0–5"),
    ),
    Definition(
        "jobs",
        "need",
        Text("Praca dla osób zagrożonych wykluczeniem", "Work for people at risk of exclusion"),
        Text(
            "Ile miejsc pracy dla osób zagrożonych wykluczeniem powstaje w jednym miejscu. Pełna punktacja od dziesięciu; "
            "pięć to tyle, ile w spółdzielni Równe Szanse i ile wymaga ustawa od spółdzielni osób prawnych.",
            "How many jobs for people at risk of exclusion one outlet brings. Full points from ten; five is what the "
            "cooperative Równe Szanse had and what the act asks of a cooperative of legal persons.",
        ),
        (0.0, 10.0),
        20.0,
        unit=Text("miejsca pracy", "jobs"),
        basis=Text(
            "Ustawa o spółdzielniach socjalnych, art. 5a ust. 1; karta rozwiązania.",
            "Act on social cooperatives, art. 5a(1); the solution's card.",
        ),
    ),
    Definition(
        "reach",
        "need",
        Text("Czy potrzebujących jest tu dość", "Whether there are enough people who need it"),
        Text(
            "Ilu mieszkańców na 10 tysięcy dotyczy problem, wobec liczb z karty: od ilu warto zaczynać i przy ilu "
            "rozwiązanie jest w pełni wykorzystane.",
            "How many residents per 10 thousand the problem concerns, against the card: from how many it is worth "
            "starting and at how many it is fully used.",
        ),
        (0.0, 1.0),
        10.0,
        unit=Text("część pełnego wykorzystania", "part of full use"),
        basis=Text("Karta rozwiązania.", "The solution's card."),
    ),
    Definition(
        "conditions",
        "feasibility",
        Text("Warunki spełnione na miejscu", "Conditions met on the spot"),
        Text(
            "Część warunków rozwiązania, które miejsce spełnia. Pytanie bez odpowiedzi liczy się jako połowa, z pełną "
            "niepewnością; warunek zalecany waży połowę koniecznego.",
            "Part of the solution's conditions that the place meets. A question without an answer counts half, with "
            "full doubt; a recommended condition weighs half of a necessary one.",
        ),
        (0.0, 1.0),
        50.0,
        unit=Text("część warunków", "part of conditions"),
    ),
    Definition(
        "money",
        "feasibility",
        Text("Pieniądze gminy", "Money of the gmina"),
        Text(
            "Dochody własne gminy na mieszkańca. Tam, gdzie gmina nie ma roli, nie są przeszkodą.",
            "The gmina's own revenue per resident. Where the gmina has no part to play, it is no obstacle.",
        ),
        (0.0, 1.0),
        20.0,
        unit=Text(
            "położenie między najsłabszymi a najmocniejszymi gminami",
            "position between the weakest and the strongest gminas",
        ),
        basis=Text("Granice: 5. i 95. percentyl gmin.", "Anchors: 5th and 95th percentile of gminas."),
    ),
    Definition(
        "investment",
        "feasibility",
        Text("Nakłady na start", "Money needed to start"),
        Text(
            "Klasa nakładów z karty: małe, średnie, duże.",
            "Class of investment on the card: low, medium, high.",
        ),
        (1.0, 3.0),
        15.0,
        direction=-1,
        unit=Text("klasa 1–3", "class 1–3"),
    ),
    Definition(
        "months",
        "feasibility",
        Text("Czas do otwarcia", "Time to opening"),
        Text(
            "Miesiące od pierwszej rozmowy do otwarcia. Trzy miesiące dają pełną punktację, dwa lata żadnej.",
            "Months from the first talk to the opening. Three months give full points, two years none.",
        ),
        (3.0, 24.0),
        15.0,
        direction=-1,
        unit=Text("miesiące", "months"),
    ),
    Definition(
        "partners",
        "feasibility",
        Text("Partnerzy na miejscu", "Partners on the spot"),
        Text(
            "Organizacje i firmy gotowe do współpracy, z danych wpisanych na miejscu.",
            "Organisations and firms ready to cooperate, from figures entered on the spot.",
        ),
        (0.0, 1.0),
        10.0,
        unit=Text("położenie między granicami wskaźnika", "position between the indicator's limits"),
    ),
)

BY_CODE = {definition.code: definition for definition in DEFINITIONS}
AXES = {
    "need": tuple(d.code for d in DEFINITIONS if d.axis == "need"),
    "feasibility": tuple(d.code for d in DEFINITIONS if d.axis == "feasibility"),
}


def weights_with(own: Mapping[str, float]) -> dict[str, float]:
    """Points of swing by criterion: the adviser's where she set them, otherwise those above."""
    return {d.code: float(own.get(d.code, d.weight)) for d in DEFINITIONS}


@dataclass(frozen=True)
class Column:
    """Values of one criterion, and their standard errors, in natural units; NaN is unknown."""

    values: Array
    errors: Array


def known(severity: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Severities with the unknown put in the middle, and their standard errors."""
    missing = np.isnan(severity)
    spread = np.where(missing, UNKNOWN_SPREAD, (high - low) / (2 * Z90))
    return np.where(missing, UNKNOWN, severity), spread


def strongest(severity: Array, spread: Array, serves: Array) -> Column:
    """For every place (p, q) and solution (s, q): the most serious need it answers, weighted by how far -> (p, s)."""
    values = np.empty((severity.shape[0], serves.shape[0]))
    errors = np.empty_like(values)
    for s, row in enumerate(serves):
        answered = np.flatnonzero(row)
        weighted = severity[:, answered] * row[answered]
        best = weighted.argmax(axis=1)
        values[:, s] = np.take_along_axis(weighted, best[:, None], axis=1)[:, 0]
        errors[:, s] = spread[np.arange(len(best)), answered[best]] * row[answered[best]]
    return Column(values, errors)


def breadth(severity: Array, spread: Array, serves: Array) -> Column:
    """Part of the place's whole burden that each solution touches."""
    total = severity.sum(axis=1, keepdims=True)
    errors = np.sqrt(spread**2 @ (serves**2).T)
    return Column(severity @ serves.T / total, errors / total)


def evidence(levels: Array) -> Column:
    values = np.where(levels > 0, levels, np.nan)
    errors = np.array([EVIDENCE_SPREAD.get(int(level), 0.0) for level in levels])
    return Column(values, errors)


def ranged(low: Array, high: Array) -> Column:
    """A number stated as a range; one stated for a single case may differ elsewhere."""
    values = (low + high) / 2
    own = (high - low) / np.sqrt(12.0)
    return Column(values, np.fmax(own, SINGLE_CASE_SPREAD * values))


def share_met(outcomes: Mapping[str, int]) -> tuple[float, float]:
    """Counts of "pass", "fail", "unknown" (weighted) -> part met and its standard error; NaN without conditions."""
    total = sum(outcomes.values())
    if not total:
        return float("nan"), 0.0
    value = (outcomes.get("pass", 0) + 0.5 * outcomes.get("unknown", 0)) / total
    return value, outcomes.get("unknown", 0) / total / np.sqrt(12.0)
