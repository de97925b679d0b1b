"""The result of a calibration in plain Polish and English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..phrases import SENTENCES as SHARED
from ..phrases import number, plural, points
from ..record import MethodError

if TYPE_CHECKING:
    from .links import Links
    from .opinion import ThirdOpinion
    from .ordinal import OrdinalCheck
    from .reliability import Reliability
    from .result import Calibration

NAMED = 8
SURE = 0.95
"""From here on an idea is surely on one side of the line."""
TELLING = 0.1
"""Severity below a tenth of a point is not worth a sentence."""

IDEAS = {
    "pl": ("pomysł", "pomysły", "pomysłów", "pomysłu"),
    "en": ("idea", "ideas", "ideas", "ideas"),
}

SENTENCES = {
    "pl": {
        "size": "Pomysły: {ideas}. Oceny: {scores}. Osoby oceniające: {assessors}.",
        "icc": "Jedna ocena mówi o pomyśle tyle: {share}% różnic między ocenami to różnice między "
        "pomysłami. Reszta to surowość osób i przypadek.",
        "severity": "Najsurowsze oceny daje {strict} (różnica od przeciętnej: {down}), najłagodniejsze "
        "{mild} ({up}). Te różnice są już odjęte.",
        "even": "Surowość osób oceniających prawie się nie różni.",
        "first": "Pierwszy jest pomysł {idea}. Jego prawdziwe miejsce, z pewnością 90 na 100, to {range}.",
        "from_to": "od {low} do {high}",
        "line": "Pieniędzy starczy na {places}.",
        "above": "Pewnie ponad linią: {ideas}.",
        "close": "Zbyt blisko linii, żeby rozstrzygnęły same oceny (w nawiasie szansa na miejsce ponad linią): "
        "{ideas}.",
        "more": "i jeszcze {count}",
        "chance": "{idea} ({share} na 100)",
        "ask": "Jeszcze jedna ocena może zmienić decyzję o tych pomysłach (w nawiasie szansa na to): {ideas}.",
        "rest": "Przy pozostałych pomysłach ({count}) jedna ocena więcej nie zmieni decyzji.",
        "nothing": "Jedna ocena więcej przy żadnym pomyśle nie zmieni decyzji: szansa na to jest zawsze "
        "mniejsza niż {limit} na 100.",
        "single": "Zgodność pojedynczych ocen wynosi {icc} (0 to przypadek, 1 to pełna zgoda), z pewnością "
        "{level} na 100 między {low} a {high}.",
        "average": "Średnia z {raters} ocen ma rzetelność {average}.",
        "needed": "Do rzetelności {target} potrzeba tylu ocen każdego pomysłu: {count}.",
        "hopeless": "Oceny zgadzają się nie lepiej niż przypadkowe, więc więcej ocen nie pomoże.",
        "firm": "Wynik nie zależy od tego, czy odstępy między ocenami są równe.",
        "soft": "Gdy odstępy między ocenami policzyć inaczej, wchodzą: {entering}; wypadają: {leaving}. "
        "Decyzja zależy od skali, nie od jakości pomysłów.",
        "one": "Pomysły i osoby oceniające są ze sobą powiązane: surowość da się oddzielić od jakości.",
        "apart": "Oceny rozpadają się na grupy bez wspólnych osób: {count}. Nie da się odróżnić surowości od "
        "jakości.",
        "link": "Niech {assessor} przeczyta pomysł {idea}.",
        "nobody": "żaden",
        "stopped": "Uwaga: obliczenia przerwano przed końcem, wynik jest mniej dokładny.",
        "not_converged": "Uwaga: obliczenia nie ustaliły się. Trzeba je powtórzyć z większą liczbą losowań.",
        "few_levels": "Uwaga: skala ma bardzo mało stopni. Warto sprawdzić, czy wynik nie zależy od odstępów "
        "między nimi.",
        "few_assessors": "Uwaga: oceniało mniej niż pięć osób, więc surowość każdej z nich jest mało pewna.",
        "single_score": "Uwaga: niektóre pomysły mają tylko jedną ocenę.",
        "thin_links": "Uwaga: osoby oceniające mają mało wspólnych pomysłów, surowość słabo da się oddzielić "
        "od jakości.",
    },
    "en": {
        "size": "Ideas: {ideas}. Scores: {scores}. Assessors: {assessors}.",
        "icc": "What one score says of an idea: {share}% of the differences between scores are differences "
        "between ideas. The rest is severity and chance.",
        "severity": "The strictest scores come from {strict} (away from the average: {down}), the mildest "
        "from {mild} ({up}). These differences have been taken out.",
        "even": "The assessors hardly differ in severity.",
        "first": "First is the idea {idea}. Its true place, at 90 in 100, is {range}.",
        "from_to": "from {low} to {high}",
        "line": "There is money for {places}.",
        "above": "Surely above the line: {ideas}.",
        "close": "Too close to the line for the scores alone to decide (chance to be above it): {ideas}.",
        "more": "and {count} more",
        "chance": "{idea} ({share} in 100)",
        "ask": "One more score could change the decision on these ideas (chance of that): {ideas}.",
        "rest": "For the other ideas ({count}) one more score makes no difference to the decision.",
        "nothing": "One more score makes no difference for any idea: the chance is below {limit} in 100 "
        "everywhere.",
        "single": "The agreement of single scores is {icc} (0 is chance, 1 is full agreement), at {level} in "
        "100 between {low} and {high}.",
        "average": "A mean of {raters} scores has the reliability {average}.",
        "needed": "For a reliability of {target} each idea needs this many scores: {count}.",
        "hopeless": "The scores agree no better than chance, so more scores will not help.",
        "firm": "The result does not depend on whether the steps between marks are equal.",
        "soft": "With other steps between the marks these come in: {entering}; these drop out: {leaving}. "
        "The decision depends on the scale, not on the quality of the ideas.",
        "one": "Ideas and assessors are linked: severity can be told from quality.",
        "apart": "The scores fall into groups without a common assessor: {count}. Severity cannot be told "
        "from quality.",
        "link": "Let {assessor} read the idea {idea}.",
        "nobody": "none",
        "stopped": "Note: the computation was stopped early, so the result is less exact.",
        "not_converged": "Note: the computation has not settled. Repeat it with more draws.",
        "few_levels": "Note: the scale has very few steps. Check that the result does not depend on the "
        "distance between them.",
        "few_assessors": "Note: fewer than five people scored, so the severity of each is uncertain.",
        "single_score": "Note: some ideas have one score only.",
        "thin_links": "Note: the assessors share few ideas, so severity is poorly told from quality.",
    },
}


class Speaker:
    """Sentences in one language. Raises `MethodError` for a language other than pl and en."""

    def __init__(self, lang: str) -> None:
        if lang not in SENTENCES:
            raise MethodError("lang", "must be pl or en", str(lang))
        self.lang, self.text = lang, SENTENCES[lang]

    def say(self, key: str, **parts: object) -> str:
        return self.text[key].format(**parts)

    def quoted(self, label: object) -> str:
        return SHARED[self.lang]["quote"].format(name=label)

    def chance(self, label: object, share: float) -> str:
        """A name with its chance in 100, never plain 0 or 100 where it was not quite so."""
        count = min(max(round(100 * share), int(share > 0)), 99 if share < 1 else 100)
        return self.say("chance", idea=self.quoted(label), share=count)

    def listed(self, items: Sequence[str]) -> str:
        shown = ", ".join(items[:NAMED]) or self.say("nobody")
        more = len(items) - NAMED
        return f"{shown} {self.say('more', count=more)}" if more > 0 else shown

    def named(self, labels: Iterable[object]) -> str:
        return self.listed([self.quoted(label) for label in labels])


def explain(result: Calibration, lang: str) -> tuple[str, ...]:
    """Size, reliability, severity, the first place, the line, and what to mind."""
    speak = Speaker(lang)
    sizes = {"ideas": result.ideas, "scores": result.scores.value, "assessors": result.assessors}
    lines = [speak.say("size", **{key: number(len(x), lang) for key, x in sizes.items()})]
    lines.append(speak.say("icc", share=number(100 * result.icc, lang, 0)))
    lines += [_severity(result, speak), _first(result, speak)]
    if result.fundable is not None:
        lines += _line(result, speak)
    return (*lines, *(speak.say(code) for code in result.cautions))


def _severity(result: Calibration, speak: Speaker) -> str:
    strict, mild = int(np.argmax(result.severity)), int(np.argmin(result.severity))
    if result.severity[strict] - result.severity[mild] < TELLING:
        return speak.say("even")
    return speak.say(
        "severity",
        strict=speak.quoted(result.assessors[strict]),
        mild=speak.quoted(result.assessors[mild]),
        down=points(abs(result.severity[strict]), speak.lang),
        up=points(abs(result.severity[mild]), speak.lang),
    )


def _first(result: Calibration, speak: Speaker) -> str:
    best = int(result.order[0])
    low, high = (int(x) for x in result.rank_90[best])
    reach = str(low) if low == high else speak.say("from_to", low=low, high=high)
    return speak.say("first", idea=speak.quoted(result.ideas[best]), range=reach)


def _line(result: Calibration, speak: Speaker) -> list[str]:
    assert result.fundable is not None
    assert result.fundable_probability is not None
    places = f"{result.fundable} {plural(result.fundable, IDEAS[speak.lang])}"
    lines = [speak.say("line", places=places)]
    chance = result.fundable_probability[result.order]
    ideas = [result.ideas[i] for i in result.order]
    above = [idea for idea, p in zip(ideas, chance, strict=True) if p >= SURE]
    close = [
        speak.chance(idea, float(p)) for idea, p in zip(ideas, chance, strict=True) if 1 - SURE < p < SURE
    ]
    lines += [speak.say("above", ideas=speak.named(above))] if above else []
    return lines + ([speak.say("close", ideas=speak.listed(close))] if close else [])


def explain_opinions(third: ThirdOpinion, lang: str) -> tuple[str, ...]:
    """Where to ask again, and that it makes no difference elsewhere."""
    speak = Speaker(lang)
    if not third.ask:
        return (speak.say("nothing", limit=number(100 * third.threshold, lang, 0)),)
    asked = [speak.chance(o.idea, o.probability) for o in third.ask]
    rest = len(third.opinions) - len(asked)
    lines = [speak.say("ask", ideas=speak.listed(asked))]
    return (*lines, speak.say("rest", count=rest)) if rest else tuple(lines)


def explain_reliability(found: Reliability, lang: str) -> tuple[str, ...]:
    """Agreement of single scores and what a mean of more of them is worth."""
    speak = Speaker(lang)
    shown = {k: number(getattr(found, k), lang, 2) for k in ("low", "high", "average")}
    level = number(100 * found.level, lang)
    lines = [speak.say("single", icc=number(found.single, lang, 2), level=level, **shown)]
    if found.single <= 0:
        return (*lines, speak.say("hopeless"))
    lines.append(speak.say("average", raters=number(found.raters, lang), **shown))
    target = number(0.7, lang)
    return (*lines, speak.say("needed", target=target, count=found.raters_for(0.7)))


def explain_ordinal(check: OrdinalCheck, lang: str) -> tuple[str, ...]:
    """Whether the steps between marks decide."""
    speak = Speaker(lang)
    if not check.sensitive:
        return (speak.say("firm"),)
    return (speak.say("soft", entering=speak.named(check.entering), leaving=speak.named(check.leaving)),)


def explain_links(found: Links, lang: str) -> tuple[str, ...]:
    """Whether severity can be told from quality, and which readings would make it so."""
    speak = Speaker(lang)
    if found.connected:
        return (speak.say("one"),)
    readings = tuple(
        speak.say("link", assessor=speak.quoted(r.assessor), idea=speak.quoted(r.idea))
        for r in found.readings
    )
    return (speak.say("apart", count=len(found.components)), *readings)
