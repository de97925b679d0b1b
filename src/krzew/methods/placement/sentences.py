"""A match in sentences that a job coach and the person can both accept, in Polish and English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..phrases import number, plural
from ..record import MethodError

if TYPE_CHECKING:
    from .matching import Matching
    from .problem import Exclusion, Gap, Question
    from .stable import Stable

SHOWN = 5
"""Workplaces whose exclusions are told one by one; the others are counted."""
FORMS = {
    "pl": {
        "person": ("osoba", "osoby", "osób", "osoby"),
        "hour": ("godzina", "godziny", "godzin", "godziny"),
        "min": ("minuta", "minuty", "minut", "minuty"),
        "km": ("km", "km", "km", "km"),
        "pair": ("para", "pary", "par", "pary"),
    },
    "en": {
        "person": ("person", "people", "people", "people"),
        "hour": ("hour", "hours", "hours", "hours"),
        "min": ("minute", "minutes", "minutes", "minutes"),
        "km": ("km", "km", "km", "km"),
        "pair": ("pair", "pairs", "pairs", "pairs"),
    },
}
TEXT = {
    "pl": {
        "quote": "„{name}”",
        "and": " i ",
        "proposal": "To propozycja do rozmowy. Decyzja należy do osoby i trenera pracy.",
        "plan": "Miejsca proponujemy dla: {placed} z {all} (osoby, które szukają pracy).",
        "stable": "Nie ma osoby i miejsca pracy, które wolałyby siebie nawzajem od tego, co mają w planie.",
        "unstable": "Są osoby i miejsca pracy, które wolałyby siebie nawzajem od tego planu: {pairs}.",
        "price": "Gdyby liczyło się tylko najlepsze łączne dopasowanie, byłoby ono wyższe o {share}%.",
        "coach": "Trener „{coach}”: potrzeba {used} w tygodniu, jest {all}.",
        "coach_one": "Trener pracy: potrzeba {used} w tygodniu, jest {all}.",
        "over": "To więcej godzin trenera niż jest. Metoda „coach” ułoży plan w tych granicach.",
        "proved": "W tych granicach nie da się umieścić większej liczby osób, a najsłabsze dopasowanie i suma są "
        "najlepsze z możliwych (z dokładnością {gap}%).",
        "unproved": "Zabrakło czasu na dowód, że plan jest najlepszy. Do najlepszej sumy brakuje najwyżej {gap}%.",
        "ask": "Przed decyzją trzeba zapytać. Liczba pytań: {count}.",
        "lottery": "Równe szanse rozstrzyga losowanie. Odcisk losowania: {commitment}.",
        "stable_plan": "Pary: {pairs}. Bez pary: {left}.",
        "place": "Dla osoby {person} proponujemy miejsce {place}.",
        "fit": "Dopasowanie do wymagań: {fit} na 100.",
        "fit_range": "Dopasowanie do wymagań: od {low} do {high} na 100. Nie wszystko jeszcze wiadomo.",
        "all_met": "Wszystkie wymagania są spełnione.",
        "supported": "{dimension}: pomoże wsparcie ({hours} trenera w tygodniu).",
        "supported_free": "{dimension}: pomoże wsparcie.",
        "gap": "{dimension}: do wymagań brakuje {steps} w skali do {scale}.",
        "hours": "Wsparcie trenera razem: najwyżej {hours} w tygodniu.",
        "travel": "Droga do pracy: {travel}.",
        "wish_first": "To miejsce jest pierwsze na liście życzeń.",
        "wish": "To miejsce jest na liście życzeń.",
        "no_wish": "Tego miejsca nie ma na liście życzeń.",
        "none": "Dla osoby {person} nie ma w tym planie miejsca. To nie jest ocena tej osoby.",
        "excluded": "Żadne z miejsc nie spełnia warunków, które podano.",
        "no_slots": "Odpowiednie miejsca nie mają teraz wolnych stanowisk.",
        "preferred_others": "Odpowiednie miejsca są zajęte przez osoby, które lepiej pasują do ich wymagań albo "
        "wygrały losowanie.",
        "full": "Odpowiednich miejsc jest za mało dla wszystkich. Plan liczy łączne dopasowanie.",
        "coach_hours": "Wolne miejsce jest, ale brakuje godzin trenera.",
        "together": "Nie ma miejsca, w którym zmieściłyby się obie osoby, które chcą pracować razem.",
        "more": "Innych miejsc, które z takich powodów odpadają: {count}.",
        "other": "Inna możliwość: {place}, dopasowanie {fit} na 100. {state}",
        "free": "Jest tam wolne stanowisko.",
        "welcome": "Nie ma tam wolnego stanowiska, ale to dopasowanie jest lepsze od najsłabszego z obecnych.",
        "taken": "Nie ma tam wolnego stanowiska.",
        "question_ability": "Zapytaj osobę {about}: jak jest z tą umiejętnością: {what}?",
        "question_requirement": "Zapytaj w miejscu {about}: ile potrzeba tam tej umiejętności: {what}?",
        "question_permit": "Zapytaj osobę {about}: czy ma ten dokument: {what}?",
        "question_travel": "Sprawdź dla osoby {about}: ile trwa droga do miejsca {what}?",
        "medical": "{place}: tych warunków trzeba unikać ze względu na zdrowie: {what}.",
        "legal": "{place}: nie pozwalają na to przepisy albo brak dokumentu: {what}.",
        "personal": "{place}: {what}.",
        "commuting": "{place}: droga to {value}, a granica to {limit}.",
        "requirement": "{place}: konieczne jest {what} (stopień {limit}, a ze wsparciem nie da się go osiągnąć).",
    },
    "en": {
        "quote": "“{name}”",
        "and": " and ",
        "proposal": "This is a proposal for a talk. The person and the job coach decide.",
        "plan": "Places are proposed for {placed} of {all} who look for work.",
        "stable": "No person and workplace would rather have each other than what the plan gives them.",
        "unstable": "Some persons and workplaces would rather have each other than this plan: {pairs}.",
        "price": "If only the best total fit counted, it would be {share}% higher.",
        "coach": "Coach “{coach}”: {used} a week are needed, {all} are there.",
        "coach_one": "Job coach: {used} a week are needed, {all} are there.",
        "over": "These are more coach hours than there are. The method “coach” plans within them.",
        "proved": "Within these limits no more people can be placed, and the lowest fit and the total are the best "
        "possible (to within {gap}%).",
        "unproved": "Time was too short to prove the plan best. The best total is at most {gap}% away.",
        "ask": "Questions to ask before deciding: {count}.",
        "lottery": "A lottery decides between equal claims. Its fingerprint: {commitment}.",
        "stable_plan": "Pairs: {pairs}. Without a pair: {left}.",
        "place": "For {person} we propose {place}.",
        "fit": "Fit with the requirements: {fit} out of 100.",
        "fit_range": "Fit with the requirements: {low} to {high} out of 100. Not everything is known yet.",
        "all_met": "All requirements are met.",
        "supported": "{dimension}: support will help ({hours} of a coach a week).",
        "supported_free": "{dimension}: support will help.",
        "gap": "{dimension}: {steps} short of what is needed, on a scale up to {scale}.",
        "hours": "Coach support in all: at most {hours} a week.",
        "travel": "Way to work: {travel}.",
        "wish_first": "This place is first on the list of wishes.",
        "wish": "This place is on the list of wishes.",
        "no_wish": "This place is not on the list of wishes.",
        "none": "There is no place for {person} in this plan. That says nothing about the person.",
        "excluded": "No workplace meets the conditions that were given.",
        "no_slots": "Suitable workplaces have no vacancy now.",
        "preferred_others": "Suitable workplaces are taken by people who fit their requirements better or won the "
        "lottery.",
        "full": "There are too few suitable places for all. The plan counts the total fit.",
        "coach_hours": "There is a free place, but coach hours are short.",
        "together": "No workplace has room for both people who want to work together.",
        "more": "Other workplaces ruled out for such reasons: {count}.",
        "other": "Another possibility: {place}, fit {fit} out of 100. {state}",
        "free": "It has a vacancy.",
        "welcome": "It has no vacancy, but this fit is better than the lowest one there.",
        "taken": "It has no vacancy.",
        "question_ability": "Ask {about}: how is it with {what}?",
        "question_requirement": "Ask at {about}: how much {what} is needed there?",
        "question_permit": "Ask {about}: is there this document: {what}?",
        "question_travel": "Check for {about}: how long is the way to {what}?",
        "medical": "{place}: for health reasons this must be avoided: {what}.",
        "legal": "{place}: the law or a missing document stands against it: {what}.",
        "personal": "{place}: {what}.",
        "commuting": "{place}: the way is {value}, the limit is {limit}.",
        "requirement": "{place}: {what} is a must (step {limit}, out of reach even with support).",
    },
}


class Speaker:
    """Sentences about one match in one language."""

    def __init__(self, lang: str) -> None:
        if lang not in TEXT:
            raise MethodError("lang", "must be pl or en", str(lang))
        self.lang, self.text = lang, TEXT[lang]

    def say(self, key: str, **parts: str) -> str:
        return self.text[key].format(**parts)

    def quoted(self, name: object) -> str:
        return self.text["quote"].format(name=name)

    def figure(self, value: float) -> str:
        return number(value, self.lang)

    def points(self, share: float) -> str:
        return number(100 * share, self.lang, 0)

    def counted(self, value: float, what: str) -> str:
        return f"{self.figure(value)} {plural(value, FORMS[self.lang][what])}"


class _About(Speaker):
    """Sentences with the names of one match."""

    def __init__(self, matching: Matching, lang: str) -> None:
        super().__init__(lang)
        self.matching, self.problem = matching, matching.problem

    def person(self, code: str) -> str:
        return self.quoted(self.problem.persons[self.problem.row[code]].label)

    def place(self, code: str) -> str:
        return self.quoted(self.problem.workplaces[self.problem.column[code]].label)

    def word(self, code: str) -> str:
        """The name of a dimension, a condition or a paper."""
        known = self.problem.labels.get(code)
        return self.quoted(code if known is None else known[0 if self.lang == "pl" else 1])

    def plan(self) -> list[str]:
        m = self.matching
        every = len(m.problem.persons)
        lines = [self.say("plan", placed=self.figure(m.placed), all=self.counted(every, "person"))]
        if self.lang == "pl":
            lines = [self.say("plan", placed=self.counted(m.placed, "person"), all=self.figure(every))]
        count = len(m.blocking_pairs)
        lines.append(self.say("unstable", pairs=self.counted(count, "pair")) if count else self.say("stable"))
        if m.method == "stable" and m.price_of_stability > 0.0005:
            over = m.price_of_stability / (1 - m.price_of_stability)
            lines.append(self.say("price", share=self.figure(100 * over)))
        return lines

    def coaches(self) -> list[str]:
        lines, hours = [], self.matching.hours
        for coach, all_ in self.problem.coaches.items():
            used, there = self.counted(hours[coach], "hour"), self.counted(all_, "hour")
            key = "coach" if coach else "coach_one"
            lines.append(self.say(key, coach=coach, used=used, all=there))
        return lines + ([self.say("over")] if "coach_hours" in self.matching.warnings else [])

    def proof(self) -> list[str]:
        if self.matching.method != "coach":
            return []
        gap = number(100 * self.matching.gap, self.lang, 2)
        return [self.say("proved" if self.matching.proved else "unproved", gap=gap)]

    def gaps(self, gaps: Sequence[Gap]) -> list[str]:
        lines = []
        for g in gaps:
            if g.supported > 0 and g.known:
                key = "supported" if g.hours > 0 else "supported_free"
                lines.append(
                    self.say(key, dimension=self.word(g.dimension), hours=self.counted(g.hours, "hour"))
                )
            if g.gap > 0 and g.known:
                steps, scale = self.figure(g.gap), self.figure(self.problem.scale)
                lines.append(self.say("gap", dimension=self.word(g.dimension), steps=steps, scale=scale))
        return lines

    def proposal(self, person: str, place: str) -> list[str]:
        pair = self.matching.fit(person, place)
        lines = [self.say("place", person=self.person(person), place=self.place(place))]
        if round(100 * pair.low) == round(100 * pair.high):
            lines.append(self.say("fit", fit=self.points(pair.fit)))
        else:
            lines.append(self.say("fit_range", low=self.points(pair.low), high=self.points(pair.high)))
        told = self.gaps(pair.gaps)
        lines += told if told or pair.low < 1 else [self.say("all_met")]
        if pair.hours > 0:
            lines.append(self.say("hours", hours=self.counted(pair.hours, "hour")))
        return lines + self.way(person, place)

    def way(self, person: str, place: str) -> list[str]:
        i, j = self.problem.index(person, place)
        lines, travel, wish = [], self.problem.distance[i, j], self.problem.wish[i]
        if not np.isnan(travel):
            lines.append(self.say("travel", travel=self.counted(float(travel), self.problem.travel_unit)))
        if wish.any():
            lines.append(self.say("wish_first" if wish[j] == 1 else "wish" if wish[j] > 0 else "no_wish"))
        return lines

    def without(self, person: str) -> list[str]:
        told = self.matching.unmatched[person]
        lines = [self.say("none", person=self.person(person)), self.say(told.reason)]
        shown = list(told.exclusions.items())[:SHOWN]
        lines += [self.excluded(w, e) for w, found in shown for e in found]
        more = len(told.exclusions) - len(shown)
        return lines + ([self.say("more", count=self.figure(more))] if more else [])

    def excluded(self, place: str, exclusion: Exclusion) -> str:
        unit = self.problem.travel_unit
        figures = {"value": exclusion.value, "limit": exclusion.limit}
        shown = {
            k: "" if v is None else self.counted(v, unit) if exclusion.kind == "commuting" else self.figure(v)
            for k, v in figures.items()
        }
        plain = exclusion.kind == "personal" and exclusion.what not in self.problem.labels
        what = exclusion.what if plain else self.word(exclusion.what)
        return self.say(exclusion.kind, place=self.place(place), what=what, **shown)

    def others(self, person: str) -> list[str]:
        lines = []
        for other in self.matching.alternatives(person, 2):
            state = self.say("free" if other.free else "welcome" if other.welcome else "taken")
            lines.append(
                self.say("other", place=self.place(other.workplace), fit=self.points(other.fit), state=state)
            )
        return lines

    def question(self, asked: Question) -> str:
        about = self.place(asked.about) if asked.kind == "requirement" else self.person(asked.about)
        what = self.place(asked.what) if asked.kind == "travel" else self.word(asked.what)
        return self.say(f"question_{asked.kind}", about=about, what=what)


def explain_match(matching: Matching, lang: str) -> tuple[str, ...]:
    to = _About(matching, lang)
    lines = [*to.plan(), *to.coaches(), *to.proof()]
    if matching.questions:
        lines.append(to.say("ask", count=to.figure(len(matching.questions))))
    return (*lines, to.say("lottery", commitment=matching.lottery.commitment[:16]), to.say("proposal"))


def explain_person(matching: Matching, person: str, lang: str) -> tuple[str, ...]:
    to = _About(matching, lang)
    j = int(matching.assignment[matching.problem.row[person]])
    own = to.without(person) if j < 0 else to.proposal(person, matching.problem.workplaces[j].code)
    asked = [to.question(q) for q in matching.problem.questions(person)]
    return (*own, *asked, *to.others(person), to.say("proposal"))


def explain_stable(result: Stable, lang: str) -> tuple[str, ...]:
    to = Speaker(lang)
    left = len(result.unmatched)
    plan = to.say("stable_plan", pairs=to.figure(len(result.pairs)), left=to.counted(left, "person"))
    count = len(result.blocking_pairs)
    return (plan, to.say("unstable", pairs=to.counted(count, "pair")) if count else to.say("stable"))
