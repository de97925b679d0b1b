"""What an assignment says, in Polish and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..phrases import number, plural
from ..record import BoolArray, MethodError

if TYPE_CHECKING:
    from .result import Assignment
    from .shortage import Shortage

SHOWN = 6

TEXT = {
    "pl": {
        "quote": "„{name}”",
        "and": " i ",
        "more": "{names} oraz jeszcze {count}",
        "idea": "Do pomysłu {ideas} brakuje {people} bez konfliktu interesów. Potrzeba: {needed}, jest: "
        "{available}.",
        "competence": "Do pomysłu {ideas} brakuje osoby z kompetencją {competence}, która nie ma konfliktu "
        "interesów.",
        "expert": "Do pomysłu {ideas} brakuje osoby z potrzebną kompetencją, która nie ma konfliktu interesów.",
        "lived": "Do pomysłu {ideas} brakuje osoby, która zna ten problem z własnego życia i nie ma konfliktu "
        "interesów.",
        "qualities": "Do pomysłu {ideas} potrzeba różnych kompetencji, a mają je dopiero {people} razem. "
        "Ocen przypada tam mniej: {available}.",
        "load": "Za mało miejsc na oceny. Potrzeba: {needed}, limity osób oceniających dają: {available}. "
        "Brakuje: {short}.",
        "min_load": "Najmniejsze liczby ocen na osobę dają razem {needed}, a ocen jest tylko {available}.",
        "assessor": "Nie da się przydzielić tylu ocen, ile ma dostać co najmniej {people}. Najmniej: "
        "{needed}, możliwe bez konfliktu interesów: {available}.",
        "set": "Pomysły oceniane przez te same osoby potrzebują razem więcej ocen, niż te osoby mogą zrobić. "
        "Pomysły: {ideas}. Osoby: {assessors}. Potrzeba: {needed}, możliwe: {available}, brakuje: {short}.",
        "competence_set": "Za mało ocen osób z kompetencją {competence}. Pomysły: {ideas}. Osoby: {assessors}. "
        "Potrzeba: {needed}, możliwe: {available}, brakuje: {short}.",
        "expert_set": "Za mało ocen osób z potrzebną kompetencją. Pomysły: {ideas}. Osoby: {assessors}. "
        "Potrzeba: {needed}, możliwe: {available}, brakuje: {short}.",
        "lived_set": "Za mało ocen osób, które znają problem z własnego życia. Pomysły: {ideas}. Osoby: "
        "{assessors}. Potrzeba: {needed}, możliwe: {available}, brakuje: {short}.",
        "min_load_set": "Nie da się dać każdej z tych osób najmniejszej liczby ocen: {assessors}. Razem "
        "potrzeba: {needed}, możliwe: {available}.",
        "together": "Każdy warunek z osobna da się spełnić, ale nie wszystkie naraz.",
        "helps": "Wystarczy zrezygnować z jednego z tych warunków: {conditions}.",
        "condition_competence": "kompetencja {name}",
        "condition_expert": "osoba z kompetencją",
        "condition_lived": "osoba z własnym doświadczeniem",
        "condition_min_load": "najmniejsza liczba ocen na osobę",
        "made": "Każdy pomysł ma komplet osób oceniających. Pomysły: {ideas}, osoby: {people}, oceny: {pairs}.",
        "loads": "Na jedną osobę przypada od {low} do {high} ocen.",
        "load_one": "Na każdą osobę przypada tyle samo ocen: {high}.",
        "worst": "Najsłabiej dopasowane osoby ma pomysł {idea} (dopasowanie {worst}). Razem: {total}.",
        "best_total": "Większego łącznego dopasowania nie da się uzyskać.",
        "best_worst": "Żaden inny przydział nie da najsłabiej obsłużonemu pomysłowi więcej.",
        "bound_worst": "Żaden inny przydział nie da najsłabiej obsłużonemu pomysłowi więcej niż {bound}.",
        "bound_total": "Łączne dopasowanie nie może być większe niż {bound}.",
        "linked": "Wszystkie osoby łączą wspólne pomysły, więc oceny można sprawdzić pod kątem surowości.",
        "repaired": "Aby połączyć wszystkie osoby, zmieniono pary. Zmiany: {count}, koszt w dopasowaniu: {lost}.",
        "apart": "Oceny dzielą się na osobne grupy: {parts}. Między grupami nie da się porównać, kto ocenia "
        "surowiej.",
        "seed": "Między równie dobrymi przydziałami wybrało losowanie z ziarnem {seed}.",
        "changes": "Zmiany wobec poprzedniego przydziału: {count}. Reszta zostaje.",
        "conflicts": "Wykluczone pary: {count}.",
        "route": "{route}: {count}",
        "organisation": "wspólna organizacja",
        "family": "rodzina",
        "gmina": "ta sama gmina",
        "funding": "wcześniejsze dotacje",
        "declared": "zgłoszone",
    },
    "en": {
        "quote": "“{name}”",
        "and": " and ",
        "more": "{names} and {count} more",
        "idea": "The idea {ideas} is {people} short, conflicts of interest aside. Needed: {needed}, there are: "
        "{available}.",
        "competence": "For the idea {ideas} there is nobody competent in {competence} without a conflict of "
        "interest.",
        "expert": "For the idea {ideas} there is nobody with the competence needed and without a conflict of "
        "interest.",
        "lived": "For the idea {ideas} there is nobody with lived experience and without a conflict of interest.",
        "qualities": "The idea {ideas} needs competences that only {people} have between them. It is to get "
        "fewer assessments: {available}.",
        "load": "There are too few places. Needed: {needed} assessments, the limits allow {available}. "
        "Short by {short}.",
        "min_load": "The smallest loads add up to {needed}, but only {available} assessments are to be made.",
        "assessor": "The smallest load of {people} cannot be reached. At least: {needed}, possible without a "
        "conflict of interest: {available}.",
        "set": "Some ideas share assessors who cannot take so many. Ideas: {ideas}. Assessors: {assessors}. "
        "Needed: {needed}, possible: {available}, short by {short}.",
        "competence_set": "Too few assessments by people competent in {competence}. Ideas: {ideas}. "
        "Assessors: {assessors}. Needed: {needed}, possible: {available}, short by {short}.",
        "expert_set": "Too few assessments by people with the competence needed. Ideas: {ideas}. Assessors: "
        "{assessors}. Needed: {needed}, possible: {available}, short by {short}.",
        "lived_set": "Too few assessments by people with lived experience. Ideas: {ideas}. Assessors: "
        "{assessors}. Needed: {needed}, possible: {available}, short by {short}.",
        "min_load_set": "These assessors cannot all have their smallest load: {assessors}. Needed in all: "
        "{needed}, possible: {available}.",
        "together": "Each condition alone can be met, but not all of them at once.",
        "helps": "Giving up one of these is enough: {conditions}.",
        "condition_competence": "competence {name}",
        "condition_expert": "a competent assessor",
        "condition_lived": "an assessor with lived experience",
        "condition_min_load": "the smallest load of assessors",
        "made": "Every idea has all its assessors. Ideas: {ideas}, people: {people}, assessments: {pairs}.",
        "loads": "Each person has from {low} to {high} assessments.",
        "load_one": "Each person has the same number of assessments: {high}.",
        "worst": "The idea {idea} has the weakest match (affinity {worst}). Total: {total}.",
        "best_total": "No assignment has a larger total.",
        "best_worst": "No other assignment gives the idea served worst more.",
        "bound_worst": "No other assignment gives the idea served worst more than {bound}.",
        "bound_total": "The total cannot be larger than {bound}.",
        "linked": "All people are linked by common ideas, so scores can be checked for severity.",
        "repaired": "Pairs were changed to link all people. Changes: {count}, cost in affinity: {lost}.",
        "apart": "The assessments fall into separate groups: {parts}. Severity cannot be compared between them.",
        "seed": "A draw with the seed {seed} chose between equally good assignments.",
        "changes": "Changes from the assignment before: {count}. The rest stays.",
        "conflicts": "Pairs excluded: {count}.",
        "route": "{route}: {count}",
        "organisation": "same organisation",
        "family": "family",
        "gmina": "same municipality",
        "funding": "past funding",
        "declared": "declared",
    },
}
PEOPLE = {"pl": ("osoby", "osób", "osób", "osoby"), "en": ("assessor", "assessors", "assessors", "assessors")}
PERSONS = {"pl": ("osoba", "osoby", "osób", "osoby"), "en": ("person", "people", "people", "people")}


def texts(lang: str) -> dict[str, str]:
    """The sentences of one language."""
    if lang not in TEXT:
        raise MethodError("lang", "must be pl or en", str(lang))
    return TEXT[lang]


def listed(names: Sequence[str], lang: str) -> str:
    """Names in quotes; of a long list only the first few, and how many more."""
    text = TEXT[lang]
    quoted = [text["quote"].format(name=name) for name in names]
    if len(quoted) > SHOWN:
        return text["more"].format(names=", ".join(quoted[:SHOWN]), count=len(quoted) - SHOWN)
    return ", ".join(quoted[:-1]) + text["and"] + quoted[-1] if len(quoted) > 1 else "".join(quoted)


def conflicts(
    matrix: BoolArray, reasons: Mapping[tuple[int, int], tuple[str, ...]], lang: str
) -> tuple[str, ...]:
    text = texts(lang)
    routes = Counter(route for found in reasons.values() for route in found)
    said = [text["route"].format(route=text[r], count=number(c, lang)) for r, c in routes.items()]
    head = text["conflicts"].format(count=number(int(matrix.sum()), lang))
    return (head, *([_sentence("; ".join(said))] if said else []))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."


def shortages(causes: Sequence[Shortage], lang: str) -> tuple[str, ...]:
    texts(lang)
    return tuple(sentence for cause in causes for sentence in _shortage(cause, lang))


def _shortage(cause: Shortage, lang: str) -> list[str]:
    text = TEXT[lang]
    unnamed = {"competence": "expert", "competence_set": "expert_set"}
    key = cause.kind if cause.competence else unnamed.get(cause.kind, cause.kind)
    said = text[key].format(
        ideas=listed(cause.ideas, lang),
        assessors=listed(cause.assessors, lang),
        competence=text["quote"].format(name=cause.competence),
        needed=number(cause.needed, lang),
        available=number(cause.available, lang),
        short=number(cause.short, lang),
        people=_people(cause, lang),
    )
    return [said, text["helps"].format(conditions=_conditions(cause, lang))] if cause.helps else [said]


def _people(cause: Shortage, lang: str) -> str:
    if cause.kind == "assessor":
        return listed(cause.assessors, lang)
    forms, count = (PERSONS, cause.needed) if cause.kind == "qualities" else (PEOPLE, cause.short)
    return f"{number(count, lang)} {plural(count, forms[lang])}"


def _conditions(cause: Shortage, lang: str) -> str:
    said = []
    for condition in cause.helps:
        kind, name = condition.split(":", 1)
        key = "condition_expert" if kind == "competence" and not name else f"condition_{kind}"
        said.append(TEXT[lang][key].format(name=TEXT[lang]["quote"].format(name=name)))
    return "; ".join(said)


def assignment(made: Assignment, lang: str) -> tuple[str, ...]:
    """The result in a handful of sentences."""
    text = texts(lang)
    counts = {"ideas": len(made.by_idea), "people": int((made.loads > 0).sum()), "pairs": len(made.pairs)}
    said = [text["made"].format(**{key: number(x, lang) for key, x in counts.items()}), _loads(made, lang)]
    if made.changes:
        said.append(text["changes"].format(count=number(len(made.changes), lang)))
    said += [_worst(made, lang), _bound(made, lang), *_linked(made, lang)]
    return (*said, text["seed"].format(seed=made.seed))


def _loads(made: Assignment, lang: str) -> str:
    low, high = int(made.loads.min()), int(made.loads.max())
    key = "load_one" if low == high else "loads"
    return TEXT[lang][key].format(low=number(low, lang), high=number(high, lang))


def _worst(made: Assignment, lang: str) -> str:
    idea = made.problem.ideas[int(made.idea_affinity.argmin())]
    return TEXT[lang]["worst"].format(
        idea=TEXT[lang]["quote"].format(name=idea),
        worst=number(made.worst, lang, 3),
        total=number(made.total, lang, 2),
    )


def _bound(made: Assignment, lang: str) -> str:
    what = "total" if made.objective == "sum" else "worst"
    if made.proved:
        return TEXT[lang][f"best_{what}"]
    return TEXT[lang][f"bound_{what}"].format(bound=number(made.bound, lang, 3))


def _linked(made: Assignment, lang: str) -> list[str]:
    text, said = TEXT[lang], []
    if made.swaps:
        lost = number(sum(swap.lost for swap in made.swaps), lang, 3)
        said.append(text["repaired"].format(count=number(len(made.swaps), lang), lost=lost))
    key = "linked" if made.connected else "apart"
    return [*said, text[key].format(parts=number(made.parts, lang))]
