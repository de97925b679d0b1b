"""An estimated effect with everything that says whether it may be believed."""

from __future__ import annotations

from dataclasses import dataclass

from ..phrases import number
from ..record import Provenance
from .balance import Balance, Finding, Gate, Overlap
from .words import chance, check_language, figure, interval, people, sentence


@dataclass(frozen=True, eq=False)
class Effect:
    """The effect of taking part on the outcome, in the outcome's units.

    `estimand` is ATE (everyone), ATT (those who took part) or a plain difference in means. `p_value` and
    `ci` come from a t distribution or from the permutation test, as `inference` says; `permutation_p` is
    None where chance did not divide the groups. `ess` is the effective size of the comparison group. When
    `trusted` is False the number stands here for checking only.
    """

    method: str
    estimand: str
    estimate: float
    se: float
    df: float
    ci: tuple[float, float]
    level: float
    p_value: float
    permutation_p: float | None
    permutations: int
    inference: str
    n: int
    n_treated: int
    n_untreated: int
    ess: float
    balance: Balance
    overlap: Overlap | None
    gate: Gate
    findings: tuple[Finding, ...]
    placebo: Effect | None
    provenance: Provenance

    @property
    def trusted(self) -> bool:
        """Whether a conclusion may be drawn."""
        return self.gate.passed

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything to know before using the number, in English; `explain` has it in both languages."""
        return tuple(f.text("en") for f in self.findings)

    def explain(self, lang: str = "pl", *, unit: str = "") -> tuple[str, ...]:
        """Plain sentences; `unit` stands after figures. Raises `MethodError` unless pl or en."""
        check_language(lang)
        lines = [headline(self.estimate, self.ci, self.level, self.trusted, lang, unit)]
        lines += [f.text(lang) for f in self.findings if f.refuses]
        if self.trusted:
            lines.append(sentence("chance", lang, share=chance(self.p_value, lang)))
        lines.append(sentence(f"method_{self.method}", lang))
        counts = {"treated": number(self.n_treated, lang), "untreated": number(self.n_untreated, lang)}
        lines.append(sentence("people", lang, **counts))
        if self.overlap is not None:
            lines.append(sentence(f"who_{self.estimand}", lang))
            lines.append(sentence("alike", lang, ess=people(self.ess, lang), smd=self.balance.worst_after))
        return (*lines, *(f.text(lang) for f in self.findings if not f.refuses))


def headline(
    value: float, ci: tuple[float, float], level: float, trusted: bool, lang: str, unit: str, kind: str = ""
) -> str:
    """The first sentence: up, down, unclear, or no conclusion."""
    words: dict[str, float | str] = {"level": 100 * level, "interval": interval(ci, lang, unit)}
    if not trusted:
        return sentence("refused", lang, value=figure(value, lang, unit))
    if ci[0] <= 0 <= ci[1]:
        return sentence("unclear", lang, value=figure(value, lang, unit), **words)
    return sentence(
        f"{kind}{'up' if value > 0 else 'down'}", lang, size=figure(abs(value), lang, unit), **words
    )
