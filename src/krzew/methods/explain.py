"""The result as sentences for a mayor, in plain Polish and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .phrases import OPERATORS, SENTENCES, number, percentage_points, points, share_of_100, shown
from .record import MethodError

if TYPE_CHECKING:
    from .criteria import Rule, Verdict
    from .fit import Fit, Scored
    from .what_if import Change

TELLING = 0.5
"""A difference under half a point decides nothing worth a sentence."""


@dataclass(frozen=True)
class Explanation:
    """Sentences: the result, what decided, what would change it; per alternative its reasons and
    questions."""

    lang: str
    headline: str
    decided: tuple[str, ...]
    change: tuple[str, ...]
    reasons: dict[str, tuple[str, ...]]
    questions: dict[str, tuple[str, ...]]


def explain(fit: Fit, lang: str = "pl") -> Explanation:
    """Explain a solved problem. Raises `MethodError` for a language other than pl and en."""
    if lang not in SENTENCES:
        raise MethodError("lang", "must be pl or en", lang)
    speaker = _Speaker(fit, lang)
    eligible = [row for row in fit.scored if row.eligible]
    return Explanation(
        lang,
        speaker.headline(eligible),
        speaker.decided(eligible),
        speaker.change(fit.what_would_change()),
        {row.code: speaker.reasons(row) for row in fit.scored},
        {row.code: speaker.questions(row) for row in fit.scored},
    )


class _Speaker:
    """Sentences about one result in one language."""

    def __init__(self, fit: Fit, lang: str) -> None:
        self.fit, self.lang, self.text = fit, lang, SENTENCES[lang]
        self.names = {a.code: a.label(lang) for a in fit.problem.alternatives}
        self.criteria = {c.code: c for c in fit.problem.criteria}

    def say(self, key: str, **parts: str) -> str:
        return self.text[key].format(**parts)

    def quoted(self, code: str) -> str:
        name = self.names[code] if code in self.names else self.criteria[code].label(self.lang)
        return self.say("quote", name=name)

    def listed(self, codes: tuple[str, ...]) -> str:
        quoted = [self.quoted(code) for code in codes]
        return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + self.text["and"] + quoted[-1]

    def headline(self, eligible: list[Scored]) -> str:
        if not eligible:
            return self.say("none")
        first = eligible[0]
        score = points(first.need_score, self.lang)
        return self.say("only" if len(eligible) == 1 else "first", first=self.quoted(first.code), score=score)

    def decided(self, eligible: list[Scored]) -> tuple[str, ...]:
        if len(eligible) < 2:
            return ()
        first, second = eligible[:2]
        gaps = {c: x - second.contributions[c] for c, x in first.contributions.items()}
        ordered = sorted(gaps.items(), key=lambda item: -item[1])
        plus = [self._gap(code, gap) for code, gap in ordered[:3] if gap >= TELLING]
        minus = [self._gap(code, -gap) for code, gap in ordered[::-1][:2] if gap <= -TELLING]
        names = {"first": self.quoted(first.code), "second": self.quoted(second.code)}
        lines = [self.say("ahead", parts=", ".join(plus), **names)] if plus else [self.say("close", **names)]
        lines += [self.say("behind", parts=", ".join(minus), **names)] if minus else []
        return (*lines, self._firmness(first), *self._rival(first, eligible))

    def _gap(self, code: str, gap: float) -> str:
        return self.say("gap", criterion=self.quoted(code), points=points(gap, self.lang))

    def _firmness(self, first: Scored) -> str:
        assert first.acceptability is not None
        assert self.fit.smaa is not None
        return self.say(
            "robust" if first.robust else "fragile",
            first=self.quoted(first.code),
            share=share_of_100(first.acceptability, self.lang),
            draws=number(self.fit.smaa.draws, self.lang),
        )

    def _rival(self, first: Scored, eligible: list[Scored]) -> tuple[str, ...]:
        """Who wins more often than the first, when weights and uncertain figures vary."""
        rival = max(eligible, key=lambda row: row.acceptability or 0.0)
        if (rival.acceptability or 0.0) <= (first.acceptability or 0.0):
            return ()
        share = share_of_100(rival.acceptability or 0.0, self.lang)
        return (self.say("rival", rival=self.quoted(rival.code), share=share),)

    def change(self, change: Change) -> tuple[str, ...]:
        if change.reason in ("none_eligible", "one_alternative"):
            return ()
        assert change.first is not None
        assert change.second is not None
        names = {"first": self.quoted(change.first), "second": self.quoted(change.second)}
        if change.reason == "tie":
            return (self.say("tie", **names),)
        lines = [self._weights(change) if change.possible else self.say("dominated", **names)]
        if change.datum is not None:
            lines.append(self._datum(change))
        return tuple(lines)

    def _weights(self, change: Change) -> str:
        return self.say(
            "weights",
            down=self.listed(change.moved_from),
            up=self.listed(change.moved_to),
            step=percentage_points(change.distance / 2, self.lang),
            second=self.quoted(change.second or ""),
        )

    def _datum(self, change: Change) -> str:
        datum = change.datum
        assert datum is not None
        return self.say(
            "datum",
            criterion=self.quoted(datum.criterion),
            alternative=self.quoted(datum.alternative),
            before=shown(datum.before, self.lang),
            after=shown(datum.after, self.lang),
            unit=f" {self.criteria[datum.criterion].unit}".rstrip(),
        )

    def reasons(self, row: Scored) -> tuple[str, ...]:
        lines = [self._rule("fails", v) for v in row.verdicts if v.outcome == "fail"]
        if row.eligible:
            lines += self._strengths(row)
        elif not lines and row.feasibility is not None:
            gate = points(self.fit.problem.feasibility_gate, self.lang)
            lines.append(self.say("gate", score=points(row.feasibility, self.lang), gate=gate))
        lines += [self._rule("passes", v) for v in row.verdicts if v.outcome == "pass"]
        lines += [self.say("unknown", criterion=self.quoted(code)) for code in row.unknown]
        return tuple(lines)

    def _strengths(self, row: Scored) -> list[str]:
        best = sorted(row.contributions.items(), key=lambda item: -item[1])[:3]
        parts = [self._gap(code, x) for code, x in best if x >= TELLING]
        score = points(row.need_score, self.lang)
        lines = [self.say("strong" if parts else "weak", score=score, parts=", ".join(parts))]
        if row.acceptability is not None:
            lines.append(self.say("wins", share=share_of_100(row.acceptability, self.lang)))
        if row.feasibility is not None:
            lines.append(self.say("feasible", score=points(row.feasibility, self.lang)))
        return lines

    def _rule(self, key: str, verdict: Verdict) -> str:
        rule = verdict.rule
        source = ", ".join(str(part) for part in (verdict.source, verdict.year) if part)
        return self.say(
            key,
            rule=rule.label(self.lang),
            value=shown(verdict.value, self.lang),
            wanted=f"{self._operator(rule)} {shown(rule.value, self.lang)}".strip(),
            source=f" ({source})" if source else "",
        )

    def _operator(self, rule: Rule) -> str:
        plain = rule.op == "==" and (isinstance(rule.value, bool | str))  # "yes", not "exactly yes"
        return "" if plain else OPERATORS[self.lang][rule.op]

    def questions(self, row: Scored) -> tuple[str, ...]:
        return tuple(v.question(self.lang) for v in row.verdicts if v.outcome == "unknown")
