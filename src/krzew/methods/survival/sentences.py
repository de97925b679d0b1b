"""Results on time to an event as sentences in plain Polish and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..phrases import number, plural, share_of_100
from ..record import MethodError

if TYPE_CHECKING:
    from .competing import CumulativeIncidence
    from .cox import CoxFit
    from .curves import KaplanMeier, Rmst, RmstDifference
    from .hazards import ProportionalHazards
    from .log_rank import TestResult
    from .sample import Caution

SURE = 0.05
UNIT_FORMS = {
    "pl": {
        "day": ("dzień", "dni", "dni", "dnia"),
        "week": ("tydzień", "tygodnie", "tygodni", "tygodnia"),
        "month": ("miesiąc", "miesiące", "miesięcy", "miesiąca"),
        "year": ("rok", "lata", "lat", "roku"),
    },
    "en": {unit: (unit, f"{unit}s", f"{unit}s", f"{unit}s") for unit in ("day", "week", "month", "year")},
}
TEXT = {
    "pl": {
        "quote": "„{name}”",
        "event": "Zdarzenie{outcome} nastąpiło u {events} z nich.",
        "people": "Liczba osób: {n}.",
        "ci": "przedział ufności {level}%: od {low} do {high}",
        "open": "przedział ufności {level}%: od {low}, górnej granicy nie widać",
        "median": "Środkowy czas (mediana): {time} ({ci}). U połowy osób zdarzenie nastąpiło do tego czasu.",
        "no_median": "Do końca obserwacji zdarzenie nie nastąpiło u połowy osób, więc mediany nie da się podać.",
        "last": "Na końcu obserwacji ({time}) bez zdarzenia pozostaje {share} na 100 osób.",
        "rmst": "W okresie o długości {horizon} średni czas bez zdarzenia{outcome} to {time} ({ci}). "
        "Kto zdarzenia nie ma, liczy się z pełnym okresem.",
        "arm": "Grupa {group}: średni czas bez zdarzenia{outcome} to {time}.",
        "difference": "Różnica w okresie o długości {horizon}: {time} ({ci}), grupa {second} względem grupy "
        "{first}.",
        "zero_in": "Przedział obejmuje zero: różnica może być przypadkiem.",
        "zero_out": "Przedział nie obejmuje zera: przypadkiem trudno to wyjaśnić.",
        "group": "Grupa {group}: zdarzenia{outcome} widać u {observed}, a bez różnic między grupami byłoby ich "
        "około {expected}.",
        "chance": "Gdyby grupy się nie różniły, tak duża różnica zdarzałaby się {share}.",
        "differ": "Przypadkiem trudno to wyjaśnić.",
        "alike": "To może być przypadek. Brak dowodu różnicy nie jest dowodem, że różnicy nie ma.",
        "no_test": "Te dane nie pozwalają porównać grup.",
        "effect": "Gdy {name} wzrasta o 1, a reszta się nie zmienia, tempo zdarzeń{outcome} mnoży się przez "
        "{ratio} ({ci}).",
        "one_in": "Przedział obejmuje 1: to może być przypadek.",
        "concordance": "Z dwóch osób model trafnie wskazuje tę, u której zdarzenie nastąpi wcześniej, {share}.",
        "constant": "Nie widać, by wpływ którejś cechy zmieniał się w czasie.",
        "changing": "Wpływ cechy {name} zmienia się w czasie. Jedna liczba go nie opisuje: lepiej podzielić "
        "okres albo porównać średnie czasy (RMST).",
        "together": "Wszystkie cechy razem: wpływ nie wygląda na stały w czasie.",
        "causes": "Liczba osób: {n}. Stan na końcu obserwacji ({time}):",
        "cause": "{name}: {share} na 100 osób ({ci}).",
        "waiting": "Bez żadnego z tych zdarzeń: {share} na 100 osób.",
        "thin_start": "Na początku obserwowano bardzo mało osób (najmniej: {at_risk}), więc początek krzywej jest "
        "niepewny.",
        "few_events": "Zdarzeń jest za mało na tyle cech (zdarzenia: {events}, cechy: {covariates}; potrzeba co "
        "najmniej 10 na cechę). Wynik traktuj jako wskazówkę.",
        "few_clusters": "Grup, w których osoby są razem, jest mało ({clusters}). Przedziały mogą być za wąskie.",
        "few_expected": "W jednej z grup spodziewanych zdarzeń jest za mało ({expected}), by test był dokładny.",
        "immortal": "W grupie {group} nikt nie odchodzi przed czasem {time}, choć poza nią odeszło tak wiele osób: "
        "{earlier}. Jeśli do grupy trafia się dopiero po pewnym czasie, ten czas nie może się liczyć (entry).",
    },
    "en": {
        "quote": "“{name}”",
        "event": "The event{outcome} happened to {events} of them.",
        "people": "People: {n}.",
        "ci": "{level}% confidence interval: {low} to {high}",
        "open": "{level}% confidence interval: from {low}, no upper limit in sight",
        "median": "Median time: {time} ({ci}). Half of the people had the event by then.",
        "no_median": "By the end of the follow-up fewer than half had the event, so there is no median.",
        "last": "At the end of the follow-up ({time}) {share} of 100 people are without the event.",
        "rmst": "Over a period of {horizon} the mean time without the event{outcome} is {time} ({ci}). "
        "People without the event count with the whole period.",
        "arm": "Group {group}: the mean time without the event{outcome} is {time}.",
        "difference": "Difference over a period of {horizon}: {time} ({ci}), group {second} against group "
        "{first}.",
        "zero_in": "The interval includes zero: the difference may be chance.",
        "zero_out": "The interval does not include zero: chance hardly explains it.",
        "group": "Group {group}: {observed} had the event{outcome}; without differences between the groups it would "
        "be about {expected}.",
        "chance": "If the groups did not differ, a difference this large would come up {share}.",
        "differ": "Chance hardly explains it.",
        "alike": "This may be chance. No proof of a difference is not proof that there is none.",
        "no_test": "These data cannot tell the groups apart.",
        "effect": "When {name} rises by 1 and the rest stays the same, the pace of events{outcome} is multiplied by "
        "{ratio} ({ci}).",
        "one_in": "The interval includes 1: this may be chance.",
        "concordance": "Of two people, the model rightly points to the one who has the event first {share}.",
        "constant": "There is no sign that the effect of any covariate changes over time.",
        "changing": "The effect of {name} changes over time. One number does not describe it: better divide the "
        "period, or compare mean times (RMST).",
        "together": "All covariates together: the effects do not look constant over time.",
        "causes": "People: {n}. At the end of the follow-up ({time}):",
        "cause": "{name}: {share} of 100 people ({ci}).",
        "waiting": "Without any of these events: {share} of 100 people.",
        "thin_start": "Very few people were under observation at the start (at least {at_risk}), so the beginning of "
        "the curve is uncertain.",
        "few_events": "There are too few events for so many covariates (events: {events}, covariates: {covariates}; "
        "at least 10 per covariate are needed). Take the result as a hint.",
        "few_clusters": "There are few clusters of people ({clusters}). The intervals may be too narrow.",
        "few_expected": "One group has too few expected events ({expected}) for the test to be accurate.",
        "immortal": "Nobody leaves the group {group} before {time}, though outside it this many did: {earlier}. "
        "If people join the group only after some time, that time must not count (entry).",
    },
}


class Speaker:
    """Sentences about one result in one language."""

    def __init__(self, lang: str, *, unit: str = "month", outcome: str = "", level: float = 0.95) -> None:
        if lang not in TEXT:
            raise MethodError("lang", "must be pl or en", str(lang))
        self.lang, self.text, self.unit, self.level = lang, TEXT[lang], unit, level
        self.outcome = f" {self.quoted(outcome)}" if outcome else ""

    def say(self, key: str, **parts: str) -> str:
        return self.text[key].format(**parts)

    def quoted(self, name: object) -> str:
        return self.text["quote"].format(name=name)

    def figure(self, value: float, digits: int = 1) -> str:
        return number(value, self.lang, digits)

    def ratio(self, value: float) -> str:
        """A ratio with two figures that count."""
        digits = 2 if value >= 0.1 else 2 - int(np.floor(np.log10(max(value, 1e-12)))) - 1
        return self.figure(value, digits)

    def time(self, value: float) -> str:
        return f"{self.figure(value)} {plural(value, UNIT_FORMS[self.lang][self.unit])}"

    def interval(self, low: float, high: float, scale: float = 1.0, ratio: bool = False) -> str:
        shown = self.ratio if ratio else self.figure
        key = "ci" if np.isfinite(high) else "open"
        parts = {"low": shown(scale * low), "high": shown(scale * high) if key == "ci" else ""}
        return self.say(key, level=self.figure(100 * self.level), **parts)

    def cautions(self, found: tuple[Caution, ...]) -> list[str]:
        lines = []
        for caution in found:
            parts = {
                k: self.quoted(v) if isinstance(v, str) else self.figure(v)
                for k, v in caution.figures.items()
            }
            lines.append(self.say(caution.code, **parts))
        return lines


def explain_curve(curve: KaplanMeier, lang: str) -> tuple[str, ...]:
    to = Speaker(lang, unit=curve.unit, outcome=curve.outcome, level=curve.level)
    people = to.say("people", n=to.figure(curve.n))
    lines = [people + " " + to.say("event", outcome=to.outcome, events=to.figure(curve.n_events))]
    if np.isfinite(curve.median):
        lines.append(to.say("median", time=to.time(curve.median), ci=to.interval(*curve.median_ci)))
    else:
        lines.append(to.say("no_median"))
    share = to.figure(100 * float(curve.survival[-1]))
    return (
        *lines,
        to.say("last", time=to.time(float(curve.time[-1])), share=share),
        *to.cautions(curve.warnings),
    )


def explain_rmst(result: Rmst, lang: str) -> tuple[str, ...]:
    to = Speaker(lang, unit=result.unit, outcome=result.outcome, level=result.level)
    people = to.say("people", n=to.figure(result.n))
    happened = to.say("event", outcome=to.outcome, events=to.figure(result.n_events))
    parts = {"time": to.time(result.rmst), "ci": to.interval(*result.ci), "outcome": to.outcome}
    return (f"{people} {happened}", to.say("rmst", horizon=to.time(result.horizon), **parts))


def explain_rmst_difference(result: RmstDifference, lang: str) -> tuple[str, ...]:
    to = Speaker(lang, unit=result.unit, outcome=result.outcome, level=result.level)
    first, second = (to.quoted(label) for label in result.labels)
    arms = [
        to.say("arm", group=to.quoted(label), time=to.time(arm.rmst), outcome=to.outcome)
        for label, arm in zip(result.labels, result.arms, strict=True)
    ]
    parts = {"time": to.time(result.difference), "ci": to.interval(*result.ci)}
    told = to.say("difference", horizon=to.time(result.horizon), first=first, second=second, **parts)
    inside = result.ci[0] <= 0 <= result.ci[1]
    return (*arms, told, to.say("zero_in" if inside else "zero_out"))


def explain_test(result: TestResult, lang: str) -> tuple[str, ...]:
    to = Speaker(lang, outcome=result.outcome)
    rows = zip(result.labels, result.observed, result.expected, strict=True)
    lines = [
        to.say("group", group=to.quoted(g), observed=to.figure(o), expected=to.figure(e), outcome=to.outcome)
        for g, o, e in rows
    ]
    if not result.df:
        return (*lines, to.say("no_test"), *to.cautions(result.warnings))
    lines.append(to.say("chance", share=share_of_100(result.p_value, lang)))
    lines.append(to.say("differ" if result.p_value < SURE else "alike"))
    return (*lines, *to.cautions(result.warnings))


def explain_cox(fit: CoxFit, lang: str) -> tuple[str, ...]:
    to = Speaker(lang, outcome=fit.outcome, level=fit.level)
    people = to.say("people", n=to.figure(fit.n))
    lines = [people + " " + to.say("event", outcome=to.outcome, events=to.figure(fit.n_events))]
    for name, ratio, (low, high) in zip(fit.names, fit.hazard_ratio, fit.hazard_ratio_ci, strict=True):
        ci = to.interval(low, high, ratio=True)
        told = to.say("effect", name=to.quoted(name), ratio=to.ratio(ratio), ci=ci, outcome=to.outcome)
        lines.append(f"{told} {to.say('one_in')}" if low <= 1 <= high else told)
    lines.append(to.say("concordance", share=share_of_100(fit.concordance, lang)))
    return (*lines, *to.cautions(fit.warnings))


def explain_hazards(result: ProportionalHazards, lang: str) -> tuple[str, ...]:
    to = Speaker(lang)
    moving = [name for name, p in zip(result.names, result.p_value, strict=True) if p < SURE]
    lines = [to.say("changing", name=to.quoted(name)) for name in moving]
    if not moving and result.global_p_value < SURE:
        lines.append(to.say("together"))
    return tuple(lines) if lines else (to.say("constant"),)


def explain_incidence(result: CumulativeIncidence, lang: str) -> tuple[str, ...]:
    to = Speaker(lang, unit=result.unit, level=result.level)
    lines = [to.say("causes", n=to.figure(result.n), time=to.time(float(result.time[-1])))]
    for c, name in enumerate(result.outcomes):
        share = to.figure(100 * float(result.incidence[-1, c]))
        low, high = result.ci[-1, c].tolist()
        ci = to.interval(low, high, scale=100.0)
        lines.append(to.say("cause", name=to.quoted(name), share=share, ci=ci))
    return (*lines, to.say("waiting", share=to.figure(100 * float(result.survival[-1]))))
