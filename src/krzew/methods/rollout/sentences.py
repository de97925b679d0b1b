"""Words for plans in Polish and English; names stand in quotes, so nothing has to be inflected."""

from __future__ import annotations

from typing import Any

from ..phrases import number, plural
from ..record import MethodError

PEOPLE = {"pl": ("osoba", "osoby", "osób", "osoby"), "en": ("person", "people", "people", "people")}
STARTS = {
    "pl": ("uruchomienie", "uruchomienia", "uruchomień", "uruchomienia"),
    "en": ("start", "starts", "starts", "starts"),
}
PERSON_YEARS = {
    "pl": ("osoborok", "osobolata", "osobolat", "osoboroku"),
    "en": ("person-year", "person-years", "person-years", "person-years"),
}

SENTENCES: dict[str, dict[str, str]] = {
    "pl": {
        "quote": "„{name}”",
        "and": " i ",
        "none": "Plan nie przewiduje żadnych uruchomień.",
        "total": "Plan na lata {first}–{last}: {starts}. Koszt: {spend}.",
        "total_one": "Plan na rok {first}: {starts}. Koszt: {spend}.",
        "year": "{year}: {starts}, koszt {spend}.",
        "reach": "W ostatnim roku w zasięgu: {people}. Wszystkich, którzy tego potrzebują: {needing}.",
        "optimal": "Lepszego planu w tych warunkach nie ma: to udowodnione.",
        "gap": "W tych warunkach żaden plan nie da o więcej niż {gap} większego zasięgu.",
        "unknown_gap": "To pierwszy plan, ułożony od ręki. Nie wiadomo jeszcze, ile da się poprawić.",
        "equity": "Do najsłabszych miejsc trafia {share} wydatków, a wymagane jest co najmniej {wanted}.",
        "dear": "Najbardziej ogranicza: {limits}.",
        "starts_here": "{model} rusza tutaj w roku {year}. W zasięgu: {people}.",
        "alone": "Bez innego punktu w zasięgu: {people}.",
        "alone_none": "Każda z tych osób ma w zasięgu także inny punkt z planu.",
        "served": "{model}: to miejsce obsłuży punkt w: {from_}.",
        "rule": "{model}: warunek niespełniony – {rule}.",
        "rule_unnamed": "{model}: to miejsce nie spełnia warunków tego rozwiązania.",
        "nobody": "{model}: w zasięgu nie ma osób, które tego potrzebują.",
        "too_dear": "{model}: koszt {cost} przekracza budżet każdego roku.",
        "all_served": "{model}: każdą osobę w zasięgu obsłuży inny punkt z planu.",
        "lacks": "{model}: nie starcza – {limits}.",
        "fits": "{model}: zmieści się jeszcze w roku {year}. Zysk: {gain}.",
        "lacking": "{limit} (potrzeba {need}, zostaje {left})",
        "reduced": "Zysk tutaj: {gain}. Te same środki dają gdzie indziej: {price}.",
        "pays": "Zysk tutaj: {gain}. Te same środki dają gdzie indziej: {price}. To prawie remis.",
        "budget": "budżet roku {year}",
        "hours": "godziny doradców w regionie {region} w roku {year}",
        "capacity": "możliwości franczyzodawcy rozwiązania {model} w roku {year}",
        "place": "liczba rozwiązań w miejscu {place}",
        "equity_limit": "udział najsłabszych miejsc",
        "equity_lack": "udział najsłabszych miejsc (bez dalszych wydatków w nich)",
        "compared": "Wspólne: {common}. Tylko w pierwszym planie: {only_a}. Tylko w drugim: {only_b}. "
        "W innym roku: {moved}.",
        "same_reach": "Oba plany docierają do tylu samo osób.",
        "more_reach": "Drugi plan dociera do większej liczby osób (o {share}).",
        "less_reach": "Drugi plan dociera do mniejszej liczby osób (o {share}).",
        "price_equity": "Wymóg, by {share} wydatków trafiało do najsłabszych miejsc, kosztuje {effect} zasięgu.",
        "price_budget": "Budżet większy o {step} daje {effect} więcej zasięgu.",
        "price_hours": "O {step} więcej godzin doradców daje {effect} więcej zasięgu.",
        "price_capacity": "Bez granicy możliwości franczyzodawców zasięg rośnie o {effect}.",
        "price_place": "Jedno rozwiązanie więcej w każdym miejscu daje {effect} więcej zasięgu.",
        "between": "{middle} (na pewno od {low} do {high})",
        "alternatives": "Inne znalezione plany, które dają co najmniej {within} zasięgu: {plans}.",
        "always": "W każdym z nich powtarza się część pierwszego planu: {starts} (razem jest ich {all}). To jego pewna część.",
        "never_always": "Żadne uruchomienie nie powtarza się w każdym z nich. O wyborze mogą zdecydować inne względy.",
    },
    "en": {
        "quote": "“{name}”",
        "and": " and ",
        "none": "The plan has no starts.",
        "total": "Plan for {first}–{last}: {starts}. Cost: {spend}.",
        "total_one": "Plan for {first}: {starts}. Cost: {spend}.",
        "year": "{year}: {starts}, cost {spend}.",
        "reach": "Within reach in the last year: {people}. All who need it: {needing}.",
        "optimal": "No better plan exists under these conditions: this is proved.",
        "gap": "No plan under these conditions gives more than {gap} above what this one gives.",
        "unknown_gap": "This is a first plan, made at once. How much it can be improved is not known yet.",
        "equity": "The weakest places get {share} of the spending; at least {wanted} is required.",
        "dear": "What limits most: {limits}.",
        "starts_here": "{model} starts here in {year}. Within reach: {people}.",
        "alone": "With no other point within reach: {people}.",
        "alone_none": "Each of them has another point of the plan within reach too.",
        "served": "{model}: this place is served from {from_}.",
        "rule": "{model}: condition not met – {rule}.",
        "rule_unnamed": "{model}: this place does not meet the conditions of this solution.",
        "nobody": "{model}: nobody within reach needs it.",
        "too_dear": "{model}: the cost {cost} is above the budget of every year.",
        "all_served": "{model}: everybody within reach is served by other points of the plan.",
        "lacks": "{model}: there is not enough – {limits}.",
        "fits": "{model}: would still fit in {year}. Gain: {gain}.",
        "lacking": "{limit} (needs {need}, {left} left)",
        "reduced": "Gain here: {gain}. The same means give elsewhere: {price}.",
        "pays": "Gain here: {gain}. The same means give elsewhere: {price}. Almost a tie.",
        "budget": "budget of {year}",
        "hours": "hours of advisers in the region {region} in {year}",
        "capacity": "capacity of the franchisor of {model} in {year}",
        "place": "number of models in {place}",
        "equity_limit": "share of the weakest places",
        "equity_lack": "share of the weakest places (without further spending there)",
        "compared": "In both: {common}. Only in the first plan: {only_a}. Only in the second: {only_b}. "
        "In another year: {moved}.",
        "same_reach": "Both plans reach equally many people.",
        "more_reach": "The second plan reaches more people (by {share}).",
        "less_reach": "The second plan reaches fewer people (by {share}).",
        "price_equity": "The rule that {share} of the spending goes to the weakest places costs {effect} of the reach.",
        "price_budget": "A budget larger by {step} gives {effect} more reach.",
        "price_hours": "Hours of advisers larger by {step} give {effect} more reach.",
        "price_capacity": "Without the limit of franchisors' capacity the reach grows by {effect}.",
        "price_place": "One more model in every place gives {effect} more reach.",
        "between": "{middle} (certainly from {low} to {high})",
        "alternatives": "Other plans found that give at least {within} of the reach: {plans}.",
        "always": "In all of them: {starts} of the {all} of the first plan. This part is firm.",
        "never_always": "No start is in all of them. Other considerations may decide.",
    },
}


class Voice:
    """Sentences and figures in one language. Raises `MethodError` for one other than pl and en."""

    def __init__(self, lang: str) -> None:
        if lang not in SENTENCES:
            raise MethodError("lang", "must be pl or en", str(lang))
        self.lang, self.text = lang, SENTENCES[lang]

    def say(self, key: str, **parts: str) -> str:
        return self.text[key].format(**parts)

    def quoted(self, name: Any) -> str:
        return self.text["quote"].format(name=name)

    def listed(self, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + self.text["and"] + parts[-1]

    def amount(self, value: float) -> str:
        """Whole units from 10 on; two decimals below."""
        return number(value, self.lang, 0 if abs(value) >= 10 else 2)

    def percent(self, share: float) -> str:
        return f"{number(100 * share, self.lang, 2 if abs(share) < 0.1 else 1)}%"

    def people(self, value: float) -> str:
        return self._counted(value, PEOPLE)

    def starts(self, value: int) -> str:
        return self._counted(value, STARTS)

    def person_years(self, value: float) -> str:
        return self._counted(value, PERSON_YEARS)

    def _counted(self, value: float, forms: dict[str, tuple[str, str, str, str]]) -> str:
        rounded = round(value) if abs(value) >= 10 else round(value, 1)
        return f"{number(rounded, self.lang)} {plural(rounded, forms[self.lang])}"
