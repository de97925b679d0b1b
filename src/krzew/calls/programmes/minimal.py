"""The smallest sensible part of each kind, from which a new one begins."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from krzew.calls.programmes.paths import Data, field_codes, free_code

ORDER = (
    "application",
    "formal",
    "merit",
    "pitch",
    "talk",
    "vote",
    "ranking",
    "strategic",
    "decision",
    "appeal",
    "cooperation",
    "specification",
    "agreement",
    "test",
    "settlement",
    "evaluation",
    "dissemination",
)
"""Where a new stage usually stands."""

TEAM = {"pl": "Zespół inkubatora", "en": "The team of the incubator"}
QUESTION: Data = {"code": "title", "kind": "line", "longest": 200, "label": {"pl": "Tytuł", "en": "Title"}}
TEXT: Data = {"code": "description", "kind": "text", "label": {"pl": "Opis", "en": "Description"}}
CRITERION: Data = {"code": "quality", "label": {"pl": "Jakość", "en": "Quality"}, "most": "10"}
CHECK: Data = {
    "code": "complete",
    "label": {"pl": "Wniosek jest kompletny.", "en": "The application is complete."},
    "automatic": "complete",
}
RESULT: Data = {"code": "final", "label": {"pl": "Rezultat końcowy", "en": "Final result"}, "final": True}
WHOLE: Data = {"code": "whole", "label": {"pl": "Całość", "en": "Whole"}, "share": "100"}
SECTION: Data = {"code": "main", "label": {"pl": "Pomysł", "en": "The idea"}, "fields": [QUESTION]}

_STAGES: dict[str, Data] = {
    "application": {"label": {"pl": "Wniosek", "en": "Application"}, "sections": [SECTION]},
    "formal": {"label": {"pl": "Ocena formalna", "en": "Formal check"}, "checks": [CHECK]},
    "merit": {
        "label": {"pl": "Ocena merytoryczna", "en": "Merit assessment"},
        "assessors": 2,
        "criteria": [CRITERION],
    },
    "pitch": {
        "label": {"pl": "Prezentacja", "en": "Presentation"},
        "minutes": 10,
        "notice_days": 14,
        "absence": "new_date",
        "criteria": [CRITERION],
    },
    "talk": {"label": {"pl": "Rozmowa", "en": "Talk"}, "body": TEAM},
    "strategic": {
        "label": {"pl": "Ocena strategiczna", "en": "Strategic assessment"},
        "body": {"pl": "Rada", "en": "Council"},
    },
    "vote": {"label": {"pl": "Głosowanie publiczne", "en": "Public vote"}},
    "ranking": {"label": {"pl": "Lista rankingowa", "en": "Ranking list"}},
    "decision": {"label": {"pl": "Rozstrzygnięcie", "en": "Decision"}, "body": TEAM},
    "appeal": {
        "label": {"pl": "Odwołanie", "en": "Appeal"},
        "against": ["rejected_merit", "rejected_formal"],
        "working_days": 7,
    },
    "cooperation": {"label": {"pl": "Porozumienie o współpracy", "en": "Cooperation agreement"}},
    "specification": {
        "label": {"pl": "Specyfikacja innowacji", "en": "Specification of the innovation"},
        "fields": [TEXT],
        "decided_by": TEAM,
    },
    "agreement": {
        "label": {"pl": "Umowa o powierzenie grantu", "en": "Grant agreement"},
        "results": [RESULT],
        "tranches": [WHOLE],
    },
    "test": {"label": {"pl": "Test w małej skali", "en": "Small-scale test"}},
    "settlement": {"label": {"pl": "Rozliczenie przez rezultaty", "en": "Settlement by results"}},
    "evaluation": {"label": {"pl": "Sprawozdanie", "en": "Report"}, "report": [TEXT]},
    "dissemination": {
        "label": {"pl": "Upowszechnianie", "en": "Dissemination"},
        "body": TEAM,
        "needs": ["final_report"],
    },
}
_PARTS: dict[str, Data] = {
    "section": {"fields": [QUESTION]},
    "field": {"kind": "text"},
    "declaration": {},
    "check": {},
    "criterion": {"most": "10"},
    "threshold": {},
    "topic": {},
    "quota": {},
}


def stage(kind: str, data: Data) -> Data:
    """A stage of this kind that fits into the programme. Raises `KeyError` for an unknown kind."""
    made: Data = {"kind": kind, **deepcopy(_STAGES[kind])}
    grant: Any = data.get("grant") or {}
    if kind == "ranking" and not (grant.get("pool") or grant.get("grants")):
        made["places"] = 10  # something has to limit the list
    _unlike(made, data)
    return made


def _unlike(made: Data, data: Data) -> None:
    """Ties name criteria by their codes, so a second criterion of the same code would be ambiguous."""
    taken = {c["code"] for s in data.get("stages", ()) for c in s.get("criteria", ())}
    for row in made.get("criteria", ()):
        if row["code"] in taken:
            row["code"] = next(
                f"quality_{n}" for n in range(2, len(taken) + 3) if f"quality_{n}" not in taken
            )


def part(kind: str, parent: Data) -> Data:
    """A part to be put into `parent`. Questions of one form have codes of their own in all its sections."""
    made = deepcopy(_PARTS[kind])
    if kind == "section":
        made["fields"][0]["code"] = free_code("title", field_codes(parent))
    return made


def place_of(kind: str, stages: list[Data]) -> int:
    """Where a new stage of this kind goes: after the last one that usually comes before it."""
    before = ORDER[: ORDER.index(kind) + 1]
    return max((n + 1 for n, row in enumerate(stages) if row.get("kind") in before), default=0)
