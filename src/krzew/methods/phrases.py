"""Sentences and numbers in Polish and English; names stand in quotes, so nothing has to be inflected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SENTENCES = {
    "pl": {
        "quote": "„{name}”",
        "and": " i ",
        "none": "Żadne rozwiązanie nie spełnia warunków. Przy każdym widać, którego warunku brakuje.",
        "only": "Warunki spełnia jedno rozwiązanie: {first} ({score} na 100).",
        "first": "Na pierwszym miejscu jest rozwiązanie {first} ({score} na 100).",
        "gap": "{criterion} ({points})",
        "ahead": "Rozwiązanie {first} wyprzedza rozwiązanie {second}. Decyduje o tym: {parts}.",
        "behind": "Za rozwiązaniem {second} przemawia: {parts}.",
        "close": "Rozwiązania {first} i {second} dzieli bardzo mało: żadne kryterium nie daje wyraźnej "
        "przewagi.",
        "robust": "Wynik jest pewny. Potrzeby można ważyć na różne sposoby, a rozwiązanie {first} wygrywa "
        "{share} (sprawdzone sposoby: {draws}).",
        "fragile": "Wynik zależy od tego, co uznamy za ważniejsze. Gdy potrzeby ważymy na różne sposoby, "
        "rozwiązanie {first} wygrywa {share} (sprawdzone sposoby: {draws}).",
        "rival": "Częściej wygrywa jednak rozwiązanie {rival}: {share}.",
        "tie": "Rozwiązania {first} i {second} mają tyle samo punktów. O wyborze decyduje rozmowa, nie "
        "liczby.",
        "dominated": "Żadna zmiana wag nie odwróci kolejności: rozwiązanie {first} pod żadnym względem nie "
        "ustępuje rozwiązaniu {second}.",
        "weights": "Kolejność się zmieni, gdy mniej będzie ważyć {down}, a więcej {up} (o ponad {step}). "
        "Wtedy pierwsze będzie rozwiązanie {second}.",
        "datum": "Do zmiany kolejności wystarczy też inna liczba. Dla rozwiązania {alternative} kryterium "
        "{criterion} wynosi dziś {before}{unit}, a granicą jest {after}{unit}.",
        "strong": "Wynik: {score} na 100. Najwięcej daje: {parts}.",
        "weak": "Wynik: {score} na 100. To rozwiązanie słabo odpowiada na potrzeby tego miejsca.",
        "wins": "Gdy potrzeby ważymy na różne sposoby, wygrywa {share}.",
        "feasible": "Wykonalność na miejscu: {score} na 100.",
        "gate": "Wykonalność jest zbyt niska: {score} na 100, a potrzeba co najmniej tyle: {gate}.",
        "fails": "Warunek niespełniony: {rule}. Jest: {value}{source}; potrzeba: {wanted}.",
        "passes": "Warunek spełniony: {rule}. Jest: {value}{source}.",
        "unknown": "Brakuje danych: {criterion}. Liczymy z niewiadomą od 0 do 100 punktów.",
    },
    "en": {
        "quote": "“{name}”",
        "and": " and ",
        "none": "No solution meets the conditions. Each one shows which condition is missing.",
        "only": "One solution meets the conditions: {first} ({score} out of 100).",
        "first": "First is {first} ({score} out of 100).",
        "gap": "{criterion} ({points})",
        "ahead": "What puts {first} ahead of {second}: {parts}.",
        "behind": "What speaks for {second}: {parts}.",
        "close": "Very little separates {first} and {second}: no criterion gives a clear lead.",
        "robust": "The result is firm. We weighed the needs in {draws} ways: {first} wins {share}.",
        "fragile": "The result depends on what matters more. We weighed the needs in {draws} ways: "
        "{first} wins {share}.",
        "rival": "More often the winner is {rival}: {share}.",
        "tie": "{first} and {second} have the same score. Here talk decides, not numbers.",
        "dominated": "No change of weights turns the order round: {first} is nowhere behind {second}.",
        "weights": "The order changes when {down} weighs less and {up} more (by over {step}). "
        "Then {second} comes first.",
        "datum": "One other number would do it too: {criterion} for {alternative} is {before}{unit} today, "
        "the turning point is {after}{unit}.",
        "strong": "Score: {score} out of 100. Most of it comes from: {parts}.",
        "weak": "Score: {score} out of 100. This solution hardly answers the needs of this place.",
        "wins": "When the needs are weighed in many ways, it wins {share}.",
        "feasible": "Feasibility on the spot: {score} out of 100.",
        "gate": "Feasibility is too low: {score} out of 100, where at least {gate} is needed.",
        "fails": "Condition not met: {rule}. It is {value}{source}; it must be {wanted}.",
        "passes": "Condition met: {rule}. It is {value}{source}.",
        "unknown": "Data is missing: {criterion}. We count with anything from 0 to 100 points.",
    },
}

OPERATORS = {
    "pl": {
        ">=": "co najmniej",
        "<=": "najwyżej",
        ">": "więcej niż",
        "<": "mniej niż",
        "==": "dokładnie",
        "!=": "coś innego niż",
        "in": "jedno z:",
        "not_in": "żadne z:",
    },
    "en": {
        ">=": "at least",
        "<=": "at most",
        ">": "more than",
        "<": "less than",
        "==": "exactly",
        "!=": "other than",
        "in": "one of:",
        "not_in": "none of:",
    },
}

FEWER_MORE = {"pl": ("mniej niż ", "ponad "), "en": ("fewer than ", "more than ")}
YES_NO = {"pl": ("tak", "nie"), "en": ("yes", "no")}
POINTS = {"pl": ("punkt", "punkty", "punktów", "punktu"), "en": ("point", "points", "points", "points")}
PERCENTAGE_POINTS = {
    "pl": ("punkt procentowy", "punkty procentowe", "punktów procentowych", "punktu procentowego"),
    "en": ("percentage point", "percentage points", "percentage points", "percentage points"),
}
NARROW_SPACE = "\u00a0"


def number(value: float, lang: str, digits: int = 1) -> str:
    """At most `digits` decimals; "12 345,6" in Polish (from five digits, with a no-break space), "12,345.6"
    in English."""
    text = f"{round(value, digits):,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text == "-0" else text
    if lang == "en":
        return text
    grouped = text.replace(",", NARROW_SPACE if abs(value) >= 10_000 else "")
    return grouped.replace(".", ",").replace("-", "−")


def shown(value: Any, lang: str) -> str:
    """A fact or figure as a reader expects it."""
    if isinstance(value, bool):
        return YES_NO[lang][0 if value else 1]
    if isinstance(value, int | float):
        return number(value, lang, 2 if abs(value) < 10 else 1)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(shown(item, lang) for item in value)
    return str(value)


def plural(value: float, forms: tuple[str, str, str, str]) -> str:
    """The form that agrees with a number: one, few, many, fraction (Polish: 1 punkt, 3 punkty, 12 punktów,
    2,5 punktu)."""
    whole = round(value, 1)
    if whole != int(whole):
        return forms[3]
    count = abs(int(whole))
    if count == 1:
        return forms[0]
    return forms[1] if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14 else forms[2]


def points(value: float, lang: str) -> str:
    return f"{number(value, lang)} {plural(value, POINTS[lang])}"


def percentage_points(share: float, lang: str) -> str:
    return f"{number(100 * share, lang)} {plural(100 * share, PERCENTAGE_POINTS[lang])}"


def share_of_100(share: float, lang: str) -> str:
    """A share as people count: "w 82 przypadkach na 100"; never plain 0 or 100 where it was not quite so."""
    fewer, more = FEWER_MORE[lang]
    count, edge = round(100 * share), ""
    if count == 0 and share > 0:
        count, edge = 1, fewer
    elif count == 100 and share < 1:
        count, edge = 99, more
    if lang == "pl":
        return f"w {edge}{count} {'przypadku' if count == 1 else 'przypadkach'} na 100"
    return f"in {edge}{count} of 100 cases"
