"""The answer of a difference in differences, with its parts and its checks."""

from __future__ import annotations

from dataclasses import dataclass

from ..phrases import number
from ..record import FloatArray, IntArray, Provenance
from .balance import Finding, Gate
from .result import headline
from .staggered import GroupTime
from .words import chance, check_language, sentence


@dataclass(frozen=True, eq=False)
class EventStudy:
    """Mean effect by periods since adoption (negative before; the base period -1 is left out)."""

    event: IntArray
    effect: FloatArray
    se: FloatArray
    pretrend_p: float | None


@dataclass(frozen=True, eq=False)
class DidEffect:
    """The effect of the change on places that changed, in the outcome's units.

    `se` is clustered (CRV1 for "within"). `randomisation_p` comes from giving the change to other places;
    `inference` says whether `p_value` and `ci` come from it or from Student's t. `group_time` and
    `event_study` hold the parts.
    """

    method: str
    control: str
    estimate: float
    se: float
    df: float
    ci: tuple[float, float]
    level: float
    p_value: float
    randomisation_p: float | None
    permutations: int
    inference: str
    n: int
    units: int
    treated_units: int
    clusters: int
    treated_clusters: int
    group_time: GroupTime
    event_study: EventStudy
    gate: Gate
    findings: tuple[Finding, ...]
    provenance: Provenance

    @property
    def trusted(self) -> bool:
        """Whether a conclusion may be drawn."""
        return self.gate.passed

    @property
    def permutation_p(self) -> float | None:
        """The same as `randomisation_p`."""
        return self.randomisation_p

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything to know before using the number, in English."""
        return tuple(f.text("en") for f in self.findings)

    def explain(self, lang: str = "pl", *, unit: str = "") -> tuple[str, ...]:
        """Plain sentences; `unit` stands after figures. Raises `MethodError` unless pl or en."""
        check_language(lang)
        lines = [headline(self.estimate, self.ci, self.level, self.trusted, lang, unit, "did_")]
        lines += [f.text(lang) for f in self.findings if f.refuses]
        lines.append(sentence(f"did_method_{self.method}", lang))
        counts = {
            "treated": number(self.treated_units, lang),
            "untreated": number(self.units - self.treated_units, lang),
        }
        lines.append(sentence("did_units", lang, **counts))
        if self.randomisation_p is not None:
            lines.append(sentence("did_placebo", lang, share=chance(self.randomisation_p, lang)))
        return (*lines, *(f.text(lang) for f in self.findings if not f.refuses))
