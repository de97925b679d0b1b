"""What a decision says to an applicant and to the office, in Polish and English."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..phrases import number
from ..record import MethodError
from .money import said_money, said_number, said_points

if TYPE_CHECKING:
    from .decision import Decision, Entry, QuotaState

SHOWN = 6

TEXT = {
    "pl": {
        "quote": "„{name}”",
        "and": " i ",
        "more": "{names} oraz jeszcze {count}",
        "in_order": "Pomysł {name} otrzymuje {amount}. Miejsce na liście: {place}. W puli zostaje {left}.",
        "reserved": "Pomysł {name} otrzymuje {amount} z miejsc zastrzeżonych ({quotas}). Miejsce na liście: "
        "{place}. W puli zostaje {left}.",
        "drawn": "Pomysł {name} otrzymuje {amount}. O kolejności w grupie na granicy dofinansowania zdecydowało "
        "losowanie. W puli zostaje {left}.",
        "from_reserve": "Pomysł {name} otrzymuje {amount} z listy rezerwowej. W puli zostaje {left}.",
        "topped_up": "Pomysł {name} otrzymuje pełną kwotę {amount}, bo wróciły środki. W puli zostaje {left}.",
        "raised": "Propozycja dla pomysłu {name} rośnie z {before} do {amount}, bo wróciły środki.",
        "remainder": "Pomysł {name} może otrzymać {amount} zamiast {cost}, bo tyle zostało w puli. Miejsce na "
        "liście: {place}.",
        "waits": "Pomysł {name} jest na liście rezerwowej. Miejsce na liście: {place}. {why}",
        "full_list": "Pomysł {name} nie otrzymuje dofinansowania. {why} Lista rezerwowa jest już pełna "
        "(miejsca: {reserve}).",
        "cap": "Potrzebuje {cost}, a gdy przyszła jego kolej, w puli było {available}.",
        "cap_minimum": "Potrzebuje {cost} (co najmniej {minimum}), a gdy przyszła jego kolej, w puli było "
        "{available}.",
        "not_drawn": "Był w grupie na granicy dofinansowania. Gdy po losowaniu przyszła jego kolej, w puli było "
        "{available}, a potrzebuje {cost}.",
        "overtaken": "Wcześniej środki otrzymały miejsca zastrzeżone: {names}.",
        "stopped": "Lista zatrzymała się wcześniej, na pomyśle {at}, na który zabrakło środków.",
        "quota_full": "Limit {quota} nie pozwala na więcej. Limit: {limit}, wykorzystano: {used}.",
        "excluded": "Pomysł {name} nie spełnia warunków formalnych: {text}.",
        "below": "Pomysł {name} nie otrzymuje dofinansowania. {failed}",
        "below_total": "Suma punktów wynosi {value}, a potrzeba co najmniej {minimum}.",
        "below_criterion": "Kryterium {criterion}: {value}, a potrzeba co najmniej {minimum}.",
        "below_compound": "Razem w części {criterion}: {value}, a potrzeba co najmniej {minimum}.",
        "below_line": "Pomysł {name} nie otrzymuje dofinansowania. Cały przedział jego możliwych miejsc leży "
        "poniżej granicy dofinansowania ({line}).",
        "resigned": "Zespół pomysłu {name} zrezygnował.",
        "returned": "Zespół pomysłu {name} zrezygnował. Do puli wraca {before}.",
        "tied": "Tyle samo punktów i te same wyniki w kryteriach rozstrzygających: {others}. O kolejności "
        "zdecydowało losowanie.",
        "sum": "Dofinansowane pomysły: {funded}. Lista rezerwowa: {reserve}. Bez dofinansowania: {rejected}.",
        "money": "Rozdzielono {spent} z {cap}. Zostaje {left}.",
        "strict": "Zasada: lista zatrzymuje się na pierwszym pomyśle, na który nie starcza środków.",
        "skip": "Zasada: gdy na pomysł nie starcza środków, pieniądze dostaje następny, na który starczy.",
        "partial": "Zasada: pierwszy pomysł, na który nie starcza, dostaje propozycję mniejszej kwoty, jeśli "
        "taka kwota mu wystarczy.",
        "snsf50": "Zasada: pomysły, których przedział miejsc przecina granicę dofinansowania ({line}), "
        "rozstrzyga losowanie. Liczba takich pomysłów: {crossing}.",
        "no_line": "Zasada: losowanie na granicy dofinansowania. Środków starczyło dla wszystkich, więc go nie "
        "było.",
        "quota_least": "Miejsca zastrzeżone {name}: co najmniej {low}, przyznano {used}.",
        "quota_unmet": "Miejsca zastrzeżone {name}: co najmniej {low}, przyznano {used}. Zabrakło pomysłów, "
        "które spełniają warunki, albo środków.",
        "quota_most": "Limit {name}: najwyżej {high}, przyznano {used}.",
        "draw": "Losowanie można powtórzyć: ziarno {seed}, kolejność według SHA-256 z tekstu {form}.",
        "promise": "Ziarno odpowiada skrótowi podanemu przed końcem oceny.",
        "no_promise": "Skrótu ziarna nie podano przed końcem oceny.",
        "gone": "Po rozstrzygnięciu zrezygnowały zespoły pomysłów: {names}.",
    },
    "en": {
        "quote": "“{name}”",
        "and": " and ",
        "more": "{names} and {count} more",
        "in_order": "{name} gets {amount}. Place on the list: {place}. {left} is left.",
        "reserved": "{name} gets {amount} from reserved places ({quotas}). Place on the list: {place}. {left} "
        "is left.",
        "drawn": "{name} gets {amount}. A draw set the order of the group at the funding line. {left} is left.",
        "from_reserve": "{name} gets {amount} from the reserve list. {left} is left.",
        "topped_up": "{name} gets the full {amount}, because money came back. {left} is left.",
        "raised": "The offer to {name} goes up from {before} to {amount}, because money came back.",
        "remainder": "{name} is offered {amount} instead of {cost}, which is all that was left. Place on the "
        "list: {place}.",
        "waits": "{name} is on the reserve list. Place on the list: {place}. {why}",
        "full_list": "{name} is not funded. {why} The reserve list is full (places: {reserve}).",
        "cap": "It needs {cost}; when its turn came, {available} was left.",
        "cap_minimum": "It needs {cost} (at least {minimum}); when its turn came, {available} was left.",
        "not_drawn": "It was in the group at the funding line. When its turn came after the draw, {available} "
        "was left, and it needs {cost}.",
        "overtaken": "Reserved places had been given before: {names}.",
        "stopped": "The list had stopped at {at}, for which there was not enough money.",
        "quota_full": "The limit {quota} allows no more. Limit: {limit}, used: {used}.",
        "excluded": "{name} does not meet the formal conditions: {text}.",
        "below": "{name} is not funded. {failed}",
        "below_total": "Its total is {value}, and at least {minimum} is needed.",
        "below_criterion": "Criterion {criterion}: {value}, and at least {minimum} is needed.",
        "below_compound": "Part {criterion} in all: {value}, and at least {minimum} is needed.",
        "below_line": "{name} is not funded. The whole range of its possible ranks lies below the funding line "
        "({line}).",
        "resigned": "The team of {name} has resigned.",
        "returned": "The team of {name} has resigned. {before} comes back.",
        "tied": "Equal in points and in the criteria that break ties: {others}. A draw set the order.",
        "sum": "Funded: {funded}. Reserve list: {reserve}. Not funded: {rejected}.",
        "money": "{spent} of {cap} is granted. {left} is left.",
        "strict": "Rule: the list stops at the first idea for which there is not enough money.",
        "skip": "Rule: where there is not enough money for an idea, the next one that fits gets it.",
        "partial": "Rule: the first idea for which there is not enough money is offered less, if it can do with it.",
        "snsf50": "Rule: a draw decides between ideas whose range of ranks crosses the funding line ({line}). "
        "There are {crossing}.",
        "no_line": "Rule: a draw at the funding line. There was money for all, so there was no draw.",
        "quota_least": "Reserved places {name}: at least {low}, granted {used}.",
        "quota_unmet": "Reserved places {name}: at least {low}, granted {used}. There were too few ideas that "
        "qualify, or too little money.",
        "quota_most": "Limit {name}: at most {high}, granted {used}.",
        "draw": "The draw can be repeated: seed {seed}, order by SHA-256 of the text {form}.",
        "promise": "The seed belongs to the hash given before scores closed.",
        "no_promise": "No hash of the seed was given before scores closed.",
        "gone": "After the decision these teams resigned: {names}.",
    },
}


def texts(lang: str) -> dict[str, str]:
    if lang not in TEXT:
        raise MethodError("lang", "must be pl or en", str(lang))
    return TEXT[lang]


def _quoted(name: str, lang: str) -> str:
    return TEXT[lang]["quote"].format(name=name)


def _listed(names: tuple[str, ...], lang: str) -> str:
    text, quoted = TEXT[lang], [_quoted(name, lang) for name in names]
    if len(quoted) > SHOWN:
        return text["more"].format(names=", ".join(quoted[:SHOWN]), count=len(quoted) - SHOWN)
    return ", ".join(quoted[:-1]) + text["and"] + quoted[-1] if len(quoted) > 1 else "".join(quoted)


def _others(line: Entry, codes: Iterable[str], lang: str) -> str:
    """Other ideas, by title where they have one."""
    titles = line.details.get("titles", {})
    return _listed(tuple(titles.get(code, code) for code in codes), lang)


def _cents(amount: Decimal, lang: str) -> str:
    return said_money(int(amount * 100), lang)


def entry(line: Entry, lang: str) -> str:
    """The outcome of one idea, its reason, and the draw if there was one."""
    text = texts(lang)
    shown: dict[str, Any] = {
        "name": _quoted(line.title or line.code, lang),
        "amount": _cents(line.amount, lang),
        "cost": _cents(line.cost, lang),
        "left": _cents(line.left, lang),
        "place": line.place,
    }
    if line.outcome == "reserve":
        said = text["waits"].format(why=_why(line, line.reason, lang), **shown)
    elif line.reason == "reserve_full":
        why = _why(line, line.details["because"], lang)
        said = text["full_list"].format(why=why, reserve=line.details["reserve"], **shown)
    else:
        said = _plain_entry(line, shown, lang)
    return f"{said} {text['tied'].format(others=_others(line, line.tied, lang))}" if line.tied else said


def _plain_entry(line: Entry, shown: dict[str, Any], lang: str) -> str:
    text, details = TEXT[lang], line.details
    if "failed" in details:
        failed = " ".join(_failed(one, lang) for one in details["failed"])
        return text["below"].format(failed=failed, **shown)
    if line.reason == "resigned" and details["before"]:
        return text["returned"].format(before=said_money(details["before"], lang), **shown)
    more = {
        "quotas": _listed(tuple(details.get("quotas", ())), lang),
        "before": said_money(details.get("before", 0), lang),
        "text": details.get("text", ""),
        "line": number(details.get("line") or 0.0, lang, 2),
    }
    return text[line.reason].format(**more, **shown)


def _failed(one: dict[str, str], lang: str) -> str:
    say = said_number if lang == "pl" and one["kind"] == "total" else said_points  # "suma punktów" says it
    value, minimum = say(Decimal(one["value"]), lang), said_number(Decimal(one["minimum"]), lang)
    named = {"criterion": _quoted(one["name"], lang), "value": value, "minimum": minimum}
    return TEXT[lang][f"below_{one['kind']}"].format(**named)


def _why(line: Entry, reason: str, lang: str) -> str:
    """Why an eligible idea got no money."""
    text, details = TEXT[lang], line.details
    if reason == "quota_full":
        show = _measure(details["unit"], lang)
        limit, used = show(details["limit"]), show(details["used"])
        return text[reason].format(quota=_quoted(details["quota"], lang), limit=limit, used=used)
    if reason == "stopped":
        return text[reason].format(at=_others(line, [details["at"]], lang))
    key = "cap_minimum" if reason == "cap" and "minimum" in details else reason
    said = text[key].format(
        cost=_cents(line.cost, lang),
        available=said_money(details["available"], lang),
        minimum=said_money(details.get("minimum", 0), lang),
    )
    if not details["overtaken"]:
        return said
    return f"{said} {text['overtaken'].format(names=_others(line, details['overtaken'], lang))}"


def _measure(unit: str, lang: str) -> Callable[[int], str]:
    """How amounts of a quota are written: grosze as money, ideas as a number."""
    return (lambda x: said_money(x, lang)) if unit == "money" else (lambda x: number(x, lang))


def decision(made: Decision, lang: str) -> tuple[str, ...]:
    """The decision as a whole."""
    text = texts(lang)
    counts = {
        key: number(len(codes), lang)
        for key, codes in (("funded", made.funded), ("reserve", made.reserve), ("rejected", made.rejected))
    }
    money = {"spent": made.spent, "cap": Decimal(made.rules.cap), "left": made.left}
    said = [text["sum"].format(**counts)]
    said.append(text["money"].format(**{key: _cents(x, lang) for key, x in money.items()}))
    said += [_rule(made, lang), *(line for state in made.quotas for line in _quota(state, lang))]
    if made.events:
        names = tuple(made.entry(c).title or c for codes in made.events for c in codes)
        said.append(text["gone"].format(names=_listed(names, lang)))
    return (*said, *_draw(made, lang))


def _rule(made: Decision, lang: str) -> str:
    if made.rules.rule == "snsf50" and made.line is not None:
        line, crossing = number(made.line.rank, lang, 2), number(len(made.line.crossing), lang)
        return TEXT[lang]["snsf50"].format(line=line, crossing=crossing)
    return TEXT[lang]["no_line" if made.rules.rule == "snsf50" else made.rules.rule]


def _quota(state: QuotaState, lang: str) -> list[str]:
    text, said = TEXT[lang], []

    def show(value: Any) -> str:
        return _cents(value, lang) if state.unit == "money" else number(value, lang)

    named = {"name": _quoted(state.name, lang), "used": show(state.used)}
    if state.at_least is not None:
        said.append(
            text["quota_least" if state.met else "quota_unmet"].format(low=show(state.at_least), **named)
        )
    if state.at_most is not None:
        said.append(text["quota_most"].format(high=show(state.at_most), **named))
    return said


def _draw(made: Decision, lang: str) -> list[str]:
    crossing = made.line is not None and len(made.line.crossing) > 1
    if not crossing and not any(e.tied for e in made.entries):
        return []
    text, rules = TEXT[lang], made.rules
    form = f"{rules.seed}:{rules.public}:kod" if rules.public else f"{rules.seed}:kod"
    form = form if lang == "pl" else form.removesuffix("kod") + "code"
    said = text["draw"].format(seed=_quoted(str(rules.seed), lang), form=_quoted(form, lang))
    return [said, text["promise" if rules.commitment else "no_promise"]]
