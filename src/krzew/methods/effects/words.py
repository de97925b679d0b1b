"""Sentences about effects in Polish and English, and the figures in them."""

from __future__ import annotations

import math

from ..phrases import number, plural, share_of_100
from ..record import MethodError

PEOPLE = {
    "pl": ("osoba", "osoby", "osób", "osoby"),
    "en": ("person", "people", "people", "people"),
}

SENTENCES = {
    "pl": {
        "up": "Udział podnosi wynik średnio o {size} (przedział ufności {level}%: {interval}).",
        "down": "Udział obniża wynik średnio o {size} (przedział ufności {level}%: {interval}).",
        "unclear": "Nie widać wyraźnego skutku. Szacunek to {value}, a przedział ufności {level}% obejmuje "
        "zero: {interval}. To nie dowód, że skutku nie ma.",
        "refused": "Z tych danych nie wolno wyciągać wniosku o skutku. Liczba {value} nie jest odpowiedzią.",
        "people": "Osoby, które wzięły udział: {treated}. Osoby do porównania: {untreated}.",
        "who_ATT": "Odpowiedź dotyczy osób, które wzięły udział.",
        "who_ATE": "Odpowiedź dotyczy wszystkich badanych osób.",
        "alike": "Po zważeniu grupa porównawcza liczy tyle co {ess}, a największa różnica cech to {smd} "
        "odchylenia standardowego.",
        "chance": "Gdyby udział niczego nie zmieniał, tak duża różnica trafiałaby się {share}.",
        "method_difference": "Metoda: różnica średnich.",
        "method_lin": "Metoda: różnica średnich po uwzględnieniu cech osób.",
        "method_ols": "Metoda: regresja liniowa z cechami osób.",
        "method_entropy_balancing": "Metoda: ważenie, które zrównuje cechy obu grup.",
        "method_ipw": "Metoda: ważenie szansą udziału.",
        "method_aipw": "Metoda: ważenie szansą udziału, poprawione regresją.",
        "unchecked_refused": "Nie wiadomo, czy grupy były podobne: nie podano cech osób ani tego, że o udziale "
        "zdecydował los.",
        "unadjusted_refused": "O udziale nie zdecydował los, a cech osób nie podano: różnica może pochodzić z tego, "
        "kto się zgłosił.",
        "balance_caution": "Grupy różnią się cechą „{name}” o {smd} odchylenia standardowego.",
        "balance_refused": "Grupy za bardzo się różnią. Największa różnica dotyczy cechy „{name}”: {smd} "
        "odchylenia standardowego (granica: {limit}).",
        "ess_caution": "Grupa porównawcza liczy {people}, ale po zważeniu znaczy tyle co {ess}.",
        "ess_refused": "Za mało jest osób podobnych do tych, które wzięły udział. Grupa porównawcza liczy "
        "{people}, ale po zważeniu znaczy tyle co {ess}.",
        "ess_treated_caution": "Z udziałem: {people}, ale po zważeniu znaczy to tyle co {ess}.",
        "ess_treated_refused": "Za mało osób, które wzięły udział, przypomina pozostałe. Jest ich {people}, "
        "ale po zważeniu znaczą tyle co {ess}.",
        "weight_caution": "Na jedną osobę z grupy porównawczej przypada {share}% całej wagi.",
        "weight_refused": "Porównanie wisi na jednej osobie: przypada na nią {share}% całej wagi.",
        "support_caution": "Dla {share}% osób, które wzięły udział, nie ma nikogo podobnego do porównania.",
        "support_refused": "Grupy się rozmijają: dla {share}% osób, które wzięły udział, nie ma nikogo "
        "podobnego do porównania.",
        "infeasible_refused": "Żadne wagi nie zrównują cech obu grup.",
        "placebo_refused": "Metoda widzi skutek tam, gdzie być go nie może: w wyniku sprzed udziału "
        "({value}; {p_value}).",
        "tiny_caution": "Grupy są tak małe, że p nie może spaść poniżej {p}.",
        "dependent_caution": "Pominięto cechy, które wynikają z innych (liczba: {count}).",
        "did_up": "Zmiana podniosła wynik średnio o {size} (przedział ufności {level}%: {interval}).",
        "did_down": "Zmiana obniżyła wynik średnio o {size} (przedział ufności {level}%: {interval}).",
        "did_method_within": "Metoda: różnica różnic. Porównujemy, o ile wynik zmienił się tam, gdzie "
        "zaszła zmiana, i tam, gdzie jej nie było.",
        "did_method_group_time": "Metoda: różnica różnic osobno dla każdej fali wdrożenia; porównaniem są "
        "tylko miejsca jeszcze nieobjęte zmianą albo nieobjęte nią wcale.",
        "did_units": "Miejsca ze zmianą: {treated}. Miejsca do porównania: {untreated}.",
        "did_placebo": "Gdy udajemy, że zmiana zaszła gdzie indziej, różnica równie duża trafia się {share}.",
        "few_treated_caution": "Grupy miejsc ze zmianą: {treated}, bez zmiany: {untreated}. To za mało, by "
        "ufać błędowi standardowemu ({se}): rozstrzyga próba z udawaną zmianą w innych miejscach.",
        "few_treated_refused": "Grupy miejsc ze zmianą: {treated}, bez zmiany: {untreated}. To za mało, by "
        "ufać błędowi standardowemu ({se}), a próby z udawaną zmianą nie da się zrobić.",
        "few_clusters_refused": "Grup miejsc jest za mało: p nie może spaść poniżej {p}.",
        "trend_refused": "Już przed zmianą miejsca szły w różne strony ({p_value}).",
        "trend_unknown_caution": "Przed zmianą jest za mało okresów, by sprawdzić, czy miejsca szły w tę "
        "samą stronę.",
        "gaps_caution": "Pominięto jednostki z brakami w okresach (liczba: {count}).",
        "always_caution": "Pominięto jednostki objęte zmianą od początku (liczba: {count}).",
        "dropped_caution": "Pominięto pary fali i okresu bez porównania (liczba: {count}).",
        "rd_up": "Sukcesów jest o {size} więcej na 100 osób (przedział ufności {level}%: {interval}).",
        "rd_down": "Sukcesów jest o {size} mniej na 100 osób (przedział ufności {level}%: {interval}).",
        "rd_counts": "Z udziałem: {a} z {n1}. Bez udziału: {b} z {n0}.",
        "job": "Jedno dodatkowe miejsce pracy kosztuje {cost} (przedział ufności {level}%: {interval}).",
        "job_open": "Jedno dodatkowe miejsce pracy kosztuje około {cost}, ale górnej granicy nie da się "
        "podać: skutek może być zerowy. Dolna granica to {low}.",
        "job_unknown": "Jedno dodatkowe miejsce pracy kosztuje około {cost}, ale przedziału nie da się "
        "podać: skutek może być zerowy.",
        "job_none": "Dodatkowych miejsc pracy nie widać, więc kosztu jednego miejsca nie da się podać.",
        "job_net": "Liczymy tylko pracę, której bez programu by nie było.",
        "job_untrusted": "Kosztu nie wolno podawać: szacunek skutku nie przeszedł sprawdzenia.",
        "power_need": "Żeby z szansą {power}% zobaczyć różnicę między {p1}% a {p0}%, potrzeba co najmniej "
        "tylu osób: {n1} z udziałem i {n0} bez udziału.",
        "power_have": "Przy tej liczbie osób ({n1} z udziałem, {n0} bez udziału) różnicę między {p1}% a "
        "{p0}% widać z szansą {power}%.",
        "power_weak": "To za mało, by ocenić jedno miejsce osobno. Trzeba połączyć wyniki wielu miejsc.",
        "lee": "Wynik znamy dla {shown1}% osób z udziałem i {shown0}% bez udziału. U tych, którzy zostaliby "
        "w badaniu w obu przypadkach, skutek leży między {low} a {high}.",
        "lee_sign": "Obie granice mają ten sam znak: kierunek skutku nie zależy od ubytku osób.",
        "lee_unsure": "Obie granice mają ten sam znak, ale przedział ufności {level}% obejmuje zero: {interval}.",
        "lee_open": "Granice obejmują zero: z powodu ubytku osób kierunku skutku nie znamy.",
        "manski": "Jeśli o brakujących wynikach nie założyć niczego, skutek leży między {low} a {high}.",
        "sroi": "Na 1 zł wydatku przypada {ratio} zł wartości dla ludzi; przy ostrożnych i śmiałych "
        "założeniach: {interval}.",
        "sroi_parts": "Odliczono to, co stałoby się i tak ({deadweight}%), zasługi innych ({attribution}%) i "
        "straty gdzie indziej ({displacement}%). Skutek słabnie o {drop_off}% rocznie, stopa dyskontowa to "
        "{discount}%.",
        "sroi_label": "To szacunek z założeń, nie pomiar. Nie służy do porównywania różnych projektów.",
        "range": "od {low} do {high}",
        "below": "najwyżej {high}",
        "above": "co najmniej {low}",
        "open": "bez granic",
        "outside": "poniżej {high} albo powyżej {low}",
    },
    "en": {
        "up": "Taking part raises the outcome by {size} on average ({level}% confidence interval: "
        "{interval}).",
        "down": "Taking part lowers the outcome by {size} on average ({level}% confidence interval: "
        "{interval}).",
        "unclear": "No clear effect. The estimate is {value} and the {level}% confidence interval includes "
        "zero: {interval}. That does not prove that there is no effect.",
        "refused": "No conclusion about the effect may be drawn from these data. The number {value} is not "
        "the answer.",
        "people": "People who took part: {treated}. People to compare with: {untreated}.",
        "who_ATT": "The answer is about the people who took part.",
        "who_ATE": "The answer is about all the people studied.",
        "alike": "After weighting the comparison group counts as {ess}; the largest difference left is {smd} "
        "standard deviations.",
        "chance": "If taking part changed nothing, a difference this large would come up {share}.",
        "method_difference": "Method: difference in means.",
        "method_lin": "Method: difference in means adjusted for covariates.",
        "method_ols": "Method: linear regression with covariates.",
        "method_entropy_balancing": "Method: weights that balance the covariates of both groups.",
        "method_ipw": "Method: weighting by the chance of taking part.",
        "method_aipw": "Method: weighting by the chance of taking part, corrected by regression.",
        "unchecked_refused": "Nobody knows whether the groups were alike: there are no covariates and no word that "
        "chance decided who took part.",
        "unadjusted_refused": "Chance did not decide who took part and there are no covariates: the difference may "
        "come from who applied.",
        "balance_caution": "The groups differ in “{name}” by {smd} standard deviations.",
        "balance_refused": "The groups differ too much, most in “{name}”: {smd} standard deviations (limit: "
        "{limit}).",
        "ess_caution": "The comparison group has {people}, but after weighting it counts as {ess}.",
        "ess_refused": "Too few people resemble the participants. The comparison group has {people}, but "
        "after weighting it counts as {ess}.",
        "ess_treated_caution": "Of those who took part there are {people}, but after weighting they count "
        "as {ess}.",
        "ess_treated_refused": "Too few participants resemble the others. There are {people}, but after "
        "weighting they count as {ess}.",
        "weight_caution": "One person of the comparison group carries {share}% of the weight.",
        "weight_refused": "The comparison hangs on one person, who carries {share}% of the weight.",
        "support_caution": "For {share}% of the participants there is nobody alike to compare with.",
        "support_refused": "The groups miss each other: for {share}% of the participants there is nobody "
        "alike to compare with.",
        "infeasible_refused": "No weights balance the covariates of the two groups.",
        "placebo_refused": "The method sees an effect where there can be none: in the outcome from before "
        "({value}; {p_value}).",
        "tiny_caution": "The groups are so small that p cannot fall below {p}.",
        "dependent_caution": "Covariates that follow from others were left out (number: {count}).",
        "did_up": "The change raised the outcome by {size} on average ({level}% confidence interval: "
        "{interval}).",
        "did_down": "The change lowered the outcome by {size} on average ({level}% confidence interval: "
        "{interval}).",
        "did_method_within": "Method: difference in differences. We compare how far the outcome moved where "
        "the change came and where it did not.",
        "did_method_group_time": "Method: difference in differences for each wave of adoption; only places "
        "without the change, or not yet with it, serve as comparison.",
        "did_units": "Places with the change: {treated}. Places to compare with: {untreated}.",
        "did_placebo": "When we pretend that the change came elsewhere, a difference as large comes up "
        "{share}.",
        "few_treated_caution": "Clusters with the change: {treated}, without: {untreated}. Too few to trust "
        "the standard error ({se}): the placebo test over other places decides.",
        "few_treated_refused": "Clusters with the change: {treated}, without: {untreated}. Too few to trust "
        "the standard error ({se}), and there is no placebo test.",
        "few_clusters_refused": "There are too few clusters: p cannot fall below {p}.",
        "trend_refused": "The places were moving apart before the change ({p_value}).",
        "trend_unknown_caution": "There are too few periods before the change to see whether the places "
        "moved together.",
        "gaps_caution": "Units with missing periods were left out (number: {count}).",
        "always_caution": "Units with the change from the start were left out (number: {count}).",
        "dropped_caution": "Pairs of wave and period without a comparison were left out (number: {count}).",
        "rd_up": "There are {size} more successes per 100 people ({level}% confidence interval: {interval}).",
        "rd_down": "There are {size} fewer successes per 100 people ({level}% confidence interval: {interval}).",
        "rd_counts": "Taking part: {a} of {n1}. Not taking part: {b} of {n0}.",
        "job": "One additional job costs {cost} ({level}% confidence interval: {interval}).",
        "job_open": "One additional job costs about {cost}, but there is no upper limit: the effect may be "
        "zero. The lower limit is {low}.",
        "job_unknown": "One additional job costs about {cost}, but there is no interval: the effect may be "
        "zero.",
        "job_none": "No additional jobs can be seen, so there is no cost per job.",
        "job_net": "Only work that would not exist without the programme counts.",
        "job_untrusted": "The cost must not be quoted: the estimate of the effect did not pass the checks.",
        "power_need": "To see a difference between {p1}% and {p0}% with a chance of {power}%, at least this "
        "many people are needed: {n1} taking part and {n0} not.",
        "power_have": "With this many people ({n1} taking part, {n0} not) a difference between {p1}% and "
        "{p0}% is seen with a chance of {power}%.",
        "power_weak": "That is too few to judge one place alone. Pool the results of many places.",
        "lee": "The outcome is known for {shown1}% of those who took part and {shown0}% of those who did "
        "not. For people who would stay either way the effect lies between {low} and {high}.",
        "lee_sign": "Both bounds have the same sign: attrition does not decide the direction.",
        "lee_unsure": "Both bounds have the same sign, but the {level}% confidence interval includes zero: "
        "{interval}.",
        "lee_open": "The bounds include zero: because of attrition the direction is not known.",
        "manski": "If nothing is assumed about the missing outcomes, the effect lies between {low} and "
        "{high}.",
        "sroi": "For each 1 spent there is {ratio} of value to people; with careful and bold assumptions: "
        "{interval}.",
        "sroi_parts": "Taken off: what would have happened anyway ({deadweight}%), what others did "
        "({attribution}%) and what was lost elsewhere ({displacement}%). The outcome drops by {drop_off}% a "
        "year; the discount rate is {discount}%.",
        "sroi_label": "This is an estimate from assumptions, not a measurement. Do not compare projects by "
        "it.",
        "range": "{low} to {high}",
        "below": "at most {high}",
        "above": "at least {low}",
        "open": "without limits",
        "outside": "below {high} or above {low}",
    },
}

PLACES = {"smd": 2, "limit": 2, "p": 3}
BELOW = {"pl": "poniżej", "en": "below"}
SHARES, PERSONS = frozenset({"share"}), frozenset({"ess", "people"})


def check_language(lang: str) -> None:
    if lang not in SENTENCES:
        raise MethodError("lang", "must be pl or en", lang)


def sentence(code: str, lang: str, **figures: float | str) -> str:
    """The sentence of a code; figures are formatted by what they are, text is put in as it is."""
    check_language(lang)
    return SENTENCES[lang][code].format(**{name: _shown(name, x, lang) for name, x in figures.items()})


def _shown(name: str, value: float | str, lang: str) -> str:
    if isinstance(value, str):
        return value
    if name in SHARES:
        return number(100 * value, lang)
    if name in PERSONS:
        return people(value, lang)
    if name == "p_value":
        return f"p = {number(value, lang, 3)}" if value >= 0.001 else f"p < {number(0.001, lang, 3)}"
    least = 10.0 ** -PLACES.get(name, 12)
    if 0 < value < least / 2:
        return f"{BELOW[lang]} {number(least, lang, PLACES[name])}"
    known = name in PLACES and math.isfinite(value)
    return number(value, lang, PLACES[name]) if known else figure(value, lang)


def people(count: float, lang: str) -> str:
    return f"{number(count, lang)} {plural(count, PEOPLE[lang])}"


def figure(value: float, lang: str, unit: str = "") -> str:
    """A figure to three digits or more, with its unit."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 10 else 2 if size >= 1 or size == 0 else 2 - _order(size)
    return f"{number(value, lang, digits)} {unit}".rstrip()


def _order(size: float) -> int:
    return max(math.floor(math.log10(size)), -10)


def interval(ends: tuple[float, float], lang: str, unit: str = "") -> str:
    """ "od 1 do 2 zł", also where an end is missing."""
    low, high = ends
    key = {(True, True): "range", (False, True): "below", (True, False): "above", (False, False): "open"}
    shape = key[math.isfinite(low), math.isfinite(high)]
    shown = {"low": figure(low, lang, unit if shape == "above" else ""), "high": figure(high, lang, unit)}
    return SENTENCES[lang][shape].format(**shown)


def chance(p: float, lang: str) -> str:
    return share_of_100(p, lang)
