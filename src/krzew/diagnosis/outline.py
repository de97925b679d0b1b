"""A result in the fixed keys that scripts and the API read: place, data, comparison_group, problems, solutions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from krzew.diagnosis.result import Need, Question, Result, Solution


def outline(result: Result) -> dict[str, Any]:
    """Plain values in the active language."""
    questions = {q.fact: q for q in result.questions}
    return {
        "place": _place(result),
        "data": _data(result),
        "comparison_group": [
            {"code": n.code, "name": n.name, "distance": n.distance, "pinned": n.pinned}
            for n in result.group.neighbours
        ],
        "problems": [_problem(need) for need in result.needs],
        "solutions": [_solution(s, questions) for s in result.solutions],
        "notes": [str(note) for note in result.notes],
    }


def _place(result: Result) -> dict[str, Any]:
    place = result.place
    words = {name: str(getattr(place, name)) for name in ("kind", "where", "settlement")}
    return {**asdict(place), **words}


def _data(result: Result) -> dict[str, Any]:
    data = result.data
    vintages = {v.indicator: {"name": str(v.name), "year": v.year, "source": v.source} for v in data.vintages}
    return {
        "version": data.version,
        "library": data.library,
        "method_version": data.method,
        "seed": data.seed,
        "draws": data.draws,
        "made_on": data.made_on,
        "vintages": vintages,
    }


def _problem(need: Need) -> dict[str, Any]:
    rows = [
        {
            "indicator": e.indicator,
            "name": str(e.name),
            "value": e.value,
            "unit": str(e.unit),
            "year": e.year,
            "source": e.source,
            "flag": e.flag,
            "group_median": e.group_median,
            "contribution": e.contribution,
        }
        for e in need.evidence
    ]
    interval = None if need.low is None else [need.low, need.high]
    return {
        "need": need.code,
        "name": str(need.name),
        "severity": need.severity,
        "interval": interval,
        "status": need.status,
        "evidence": rows,
    }


def _solution(solution: Solution, questions: dict[str, Question]) -> dict[str, Any]:
    return {
        "slug": solution.slug,
        "name": str(solution.name),
        "eligible": solution.eligible,
        "rank": solution.rank,
        "score": solution.score,
        "feasibility": solution.feasibility,
        "acceptability": solution.acceptability,
        "reasons": [str(reason) for reason in solution.reasons],
        "questions": [str(questions[fact].text) for fact in solution.questions if fact in questions],
        "failed": [str(c.text) for c in solution.failed],
    }
