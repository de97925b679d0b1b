"""What a plan and its futures say, in plain Polish and English."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ..phrases import number, plural, share_of_100
from ..record import MethodError
from .law import rules

if TYPE_CHECKING:
    from .book import Cliff, Ledger
    from .law import Unverified
    from .sensitivity import Bar, Tornado
    from .simulation import Simulation

MOST_CLIFFS = 6
Forms = tuple[str, str, str, str]

TEXT = {
    "pl": {
        "money": "{x} zł",
        "quote": "„{x}”",
        "chance": "W ciągu {months} pieniędzy zabraknie {share}. To wynik {paths}; sam rachunek może się mylić: "
        "od {low} do {high} na 100.",
        "never": "W żadnej z {paths} pieniędzy nie zabrakło w ciągu {months}. Prawdopodobieństwo jest "
        "mniejsze niż {high} na 100.",
        "critical": "Najczęściej brakuje ich po raz pierwszy {month}.",
        "credit": "Kredyt do {gap} wystarcza w 95 przypadkach na 100. Plan przewiduje: {line}.",
        "no_credit": "W 95 przypadkach na 100 kredyt nie jest potrzebny.",
        "end": "Stan konta na koniec: w połowie przypadków co najmniej {median}, w 5 przypadkach na 100 mniej niż "
        "{low}.",
        "even": "Bez dopłat spółdzielnia zaczyna trwale zarabiać na siebie {share}. W połowie wszystkich "
        "przypadków dzieje się to najpóźniej {month}.",
        "not_even": "Bez dopłat spółdzielnia zaczyna trwale zarabiać na siebie tylko {share}.",
        "never_even": "Bez dopłat spółdzielnia w żadnej próbie nie zaczyna trwale zarabiać na siebie.",
        "ends": "{month} nie ma już dopłaty {rule} ({people}). Miesięczny wynik jest przez to niższy o {fall}.",
        "steps": "{month} maleje dopłata {rule} ({people}). Miesięczny wynik jest przez to niższy o {fall}.",
        "more": "Dalszych spadków dopłat jest {count}.",
        "unverified": "Przed decyzją trzeba sprawdzić w przepisach: {items}.",
        "duty": "Miejsca pracy z obowiązkiem utrzymania dłużej, niż sięga plan: {count}. Do zwrotu byłoby {amount}.",
        "month_end": "Liczymy stan konta na koniec miesiąca. W środku miesiąca może być niższy.",
        "stopped": "Liczenie przerwano przed końcem: prób jest mniej, niż miało być.",
        "lowest": "Jeśli wszystko pójdzie zgodnie z planem, najniższy stan konta to {low} ({month}).",
        "enough": "Pieniędzy nie zabraknie.",
        "short": "Pieniędzy zabraknie {month}.",
        "plan_even": "Bez dopłat spółdzielnia trwale zarabia na siebie od miesiąca: {month}.",
        "plan_not_even": "Bez dopłat spółdzielnia w tym czasie nie zaczyna trwale zarabiać na siebie.",
        "base_insolvency": "Według planu pieniędzy zabraknie {value}.",
        "base_end_cash": "Według planu stan konta na koniec to {value}.",
        "base_lowest_cash": "Według planu najniższy stan konta to {value}.",
        "helps": "Pomaga: {lever} {setting}. {then}",
        "hurts": "Szkodzi: {lever} {setting}. {then}",
        "then_insolvency": "Wtedy pieniędzy zabraknie {value}.",
        "then_end_cash": "Wtedy stan konta na koniec to {value}.",
        "then_lowest_cash": "Wtedy najniższy stan konta to {value}.",
        "nothing": "Żadna z badanych zmian nie wpływa na wynik.",
        "range": "{label} (od {first} do {last})",
        "terms": "warunki dopłaty {rule}",
        "sooner": "o {months} wcześniej",
        "later": "o {months} później",
    },
    "en": {
        "money": "PLN {x}",
        "quote": "“{x}”",
        "chance": "Within {months} the money runs out {share}. This comes from {paths}; the count itself may be "
        "off: from {low} to {high} of 100.",
        "never": "In none of {paths} does the money run out within {months}. The probability is below "
        "{high} of 100.",
        "critical": "Most often it first runs out {month}.",
        "credit": "Credit of up to {gap} is enough in 95 of 100 cases. The plan has {line}.",
        "no_credit": "In 95 of 100 cases no credit is needed.",
        "end": "Cash at the end: at least {median} in half of the cases, less than {low} in 5 of 100 cases.",
        "even": "Without subsidies the cooperative comes to earn its keep for good {share}. In half of all cases "
        "this happens {month} at the latest.",
        "not_even": "Without subsidies the cooperative comes to earn its keep for good only {share}.",
        "never_even": "Without subsidies the cooperative never comes to earn its keep in any trial.",
        "ends": "{month}, this ends: {rule} ({people}). It lowers the monthly result by {fall}.",
        "steps": "{month}, this shrinks: {rule} ({people}). It lowers the monthly result by {fall}.",
        "more": "Further falls of subsidies: {count}.",
        "unverified": "To be checked in the law before deciding: {items}.",
        "duty": "Jobs that must be kept for longer than the plan reaches: {count}. To be returned otherwise: "
        "{amount}.",
        "month_end": "Cash is counted at the end of each month. Within a month it may be lower.",
        "stopped": "The work was stopped early: there are fewer trials than asked for.",
        "lowest": "If all goes as planned, the lowest cash is {low} ({month}).",
        "enough": "The money does not run out.",
        "short": "The money runs out {month}.",
        "plan_even": "Without subsidies the cooperative earns its keep for good from {month}.",
        "plan_not_even": "Without subsidies the cooperative does not come to earn its keep in this time.",
        "base_insolvency": "As planned, the money runs out {value}.",
        "base_end_cash": "As planned, cash at the end is {value}.",
        "base_lowest_cash": "As planned, the lowest cash is {value}.",
        "helps": "What helps: {lever} {setting}. {then}",
        "hurts": "What hurts: {lever} {setting}. {then}",
        "then_insolvency": "Then the money runs out {value}.",
        "then_end_cash": "Then cash at the end is {value}.",
        "then_lowest_cash": "Then the lowest cash is {value}.",
        "nothing": "None of the changes tried moves the result.",
        "range": "{label} ({first} to {last})",
        "terms": "terms of {rule}",
        "sooner": "{months} sooner",
        "later": "{months} later",
    },
}

IN_MONTH = {
    "pl": (
        "w styczniu",
        "w lutym",
        "w marcu",
        "w kwietniu",
        "w maju",
        "w czerwcu",
        "w lipcu",
        "w sierpniu",
        "we wrześniu",
        "w październiku",
        "w listopadzie",
        "w grudniu",
    ),
    "en": (
        "in January",
        "in February",
        "in March",
        "in April",
        "in May",
        "in June",
        "in July",
        "in August",
        "in September",
        "in October",
        "in November",
        "in December",
    ),
}

MONTHS = {
    "pl": ("miesiąca", "miesięcy", "miesięcy", "miesiąca"),
    "en": ("month", "months", "months", "months"),
}
SHIFTS = {"pl": ("miesiąc", "miesiące", "miesięcy", "miesiąca"), "en": MONTHS["en"]}
TRIALS = {"pl": ("próby", "prób", "prób", "próby"), "en": ("trial", "trials", "trials", "trials")}
PEOPLE = {"pl": ("osoba", "osoby", "osób", "osoby"), "en": ("person", "people", "people", "people")}

LEVERS = {
    "demand": ("wielkość sprzedaży", "sales volume"),
    "price": ("ceny", "prices"),
    "variable_costs": ("koszty zależne od sprzedaży", "variable costs"),
    "fixed_costs": ("koszty stałe", "fixed costs"),
    "wages": ("płace", "wages"),
    "subsidies": ("kwoty dopłat", "amounts of subsidies"),
    "sigma": ("wahania sprzedaży", "swings of sales"),
    "loss": ("ryzyko utraty odbiorcy", "risk of losing a buyer"),
    "delay": ("termin zapłaty przez odbiorców", "buyers' term of payment"),
    "subsidy_delay": ("termin wypłaty dopłat", "term of payment of subsidies"),
}

FAMILIES = {
    "sod_cap": ("limit dofinansowania SOD", "cap of the SOD subsidy"),
    "sod_employer_fte": ("próg zatrudnienia w SOD", "employment threshold of SOD"),
    "sod_disabled_rate": ("wskaźnik zatrudnienia w SOD", "employment rate of SOD"),
    "sod_": ("kwoty dofinansowania SOD", "amounts of the SOD subsidy"),
    "zus_": ("stopy składek ZUS", "rates of social insurance contributions"),
    "assistant": ("limit pomocy w pracy", "limit of assistance at work"),
    "minimum_wage": ("płaca minimalna", "minimum wage"),
}


def explain_simulation(result: Simulation, lang: str) -> tuple[str, ...]:
    say = Speaker(lang)
    return (
        *say.chance(result),
        say.credit(result),
        say("end", median=say.money(result.end_cash[0.5]), low=say.money(result.end_cash[0.05])),
        say.break_even(result),
        *say.ledger_lines(result.ledger),
        say("month_end"),
        *((say("stopped"),) if result.stopped else ()),
    )


def explain_ledger(book: Ledger, lang: str) -> tuple[str, ...]:
    say = Speaker(lang)
    month, low = book.lowest
    even = book.break_even
    return (
        say("lowest", low=say.money(low), month=say.at(month)),
        say("enough") if book.insolvent is None else say("short", month=say.at(book.insolvent)),
        say("plan_not_even") if even is None else say("plan_even", month=even),
        *say.ledger_lines(book),
        say("month_end"),
    )


def explain_tornado(result: Tornado, lang: str) -> tuple[str, ...]:
    say = Speaker(lang)
    better = -1 if result.target == "insolvency" else 1
    ends = [
        (bar, at, value)
        for bar in result.bars
        for at, value in ((bar.low, bar.at_low), (bar.high, bar.at_high))
    ]
    gains = sorted(ends, key=lambda e: -better * (e[2] - result.base))
    helping = [e for e in gains if better * (e[2] - result.base) > 0][:3]
    hurting = [e for e in gains[::-1] if better * (e[2] - result.base) < 0][:3]
    lines = [say(f"base_{result.target}", value=say.target(result.target, result.base))]
    lines += [say.lever("helps", result.target, *end) for end in helping]
    lines += [say.lever("hurts", result.target, *end) for end in hurting]
    return tuple(lines if len(lines) > 1 else [*lines, say("nothing")])


class Speaker:
    """Says phrases in one language."""

    def __init__(self, lang: str) -> None:
        if lang not in TEXT:
            raise MethodError("lang", "must be pl or en", str(lang))
        self.lang, self.text, self.column = lang, TEXT[lang], 0 if lang == "pl" else 1

    def __call__(self, key: str, **parts: str) -> str:
        said = self.text[key].format(**parts)
        return said[0].upper() + said[1:]

    def money(self, amount: float | Decimal) -> str:
        return self.text["money"].format(x=number(float(amount), self.lang, 0))

    def at(self, month: str) -> str:
        """A month as it stands in a sentence: "w marcu 2028"."""
        year, calendar = month.split("-")
        return f"{IN_MONTH[self.lang][int(calendar) - 1]} {year}"

    def count(self, value: int, forms: dict[str, Forms]) -> str:
        return f"{number(value, self.lang)} {plural(value, forms[self.lang])}"

    def chance(self, result: Simulation) -> tuple[str, ...]:
        low, high = (number(100 * x, self.lang, 2 if x < 0.01 else 1) for x in result.interval)
        parts = {
            "months": self.count(len(result.months), MONTHS),
            "paths": self.count(result.paths, TRIALS),
            "low": low,
            "high": high,
        }
        if result.critical_month is None:
            return (self("never", **parts),)
        share = share_of_100(result.probability, self.lang)
        return self("chance", share=share, **parts), self("critical", month=self.at(result.critical_month))

    def credit(self, result: Simulation) -> str:
        if result.liquidity_gap == 0:
            return self("no_credit")
        line = self.money(Decimal(result.plan.credit_line))
        return self("credit", gap=self.money(result.liquidity_gap), line=line)

    def break_even(self, result: Simulation) -> str:
        if result.break_even_share == 0:
            return self("never_even")
        share = share_of_100(result.break_even_share, self.lang)
        if result.break_even_month is None:
            return self("not_even", share=share)
        return self("even", share=share, month=self.at(result.break_even_month))

    def ledger_lines(self, book: Ledger) -> tuple[str, ...]:
        """Falls of subsidies, duties beyond the plan and what was not verified."""
        cliffs = book.cliffs
        lines = [self._cliff(cliff) for cliff in cliffs[:MOST_CLIFFS]]
        if len(cliffs) > MOST_CLIFFS:
            lines.append(self("more", count=str(len(cliffs) - MOST_CLIFFS)))
        if book.duties:
            amount = self.money(sum(duty.amount for duty in book.duties))
            lines.append(self("duty", count=str(len({d.person for d in book.duties})), amount=amount))
        if book.unverified:
            lines.append(self("unverified", items=", ".join(self._families(book.unverified))))
        return tuple(lines)

    def _cliff(self, cliff: Cliff) -> str:
        rule = cliff.label_pl if self.lang == "pl" else cliff.label_en
        key, people = "ends" if cliff.ends else "steps", self.count(cliff.people, PEOPLE)
        rule = self.text["quote"].format(x=rule)
        return self(key, month=self.at(cliff.month), rule=rule, people=people, fall=self.money(cliff.fall))

    def _families(self, rows: Sequence[Unverified]) -> list[str]:
        """Values of one family as one item, with the months they are used in."""
        spans: dict[str, list[str]] = {}
        for row in rows:
            label = self._family(row)
            spans.setdefault(label, []).extend((row.first, row.last))
        return [
            self.text["range"].format(label=label, first=min(months), last=max(months))
            for label, months in spans.items()
        ]

    def _family(self, row: Unverified) -> str:
        found = next((rule for rule in rules() if rule.code == row.name), None)
        if found is not None:
            return self.text["terms"].format(rule=self.text["quote"].format(x=found.label(self.lang)))
        return next((x[self.column] for key, x in FAMILIES.items() if row.name.startswith(key)), row.name)

    def target(self, target: str, value: float) -> str:
        return share_of_100(value, self.lang) if target == "insolvency" else self.money(value)

    def lever(self, key: str, target: str, bar: Bar, setting: float, value: float) -> str:
        label = self.text["quote"].format(x=LEVERS[bar.lever][self.column])
        then = self(f"then_{target}", value=self.target(target, value))
        return self(key, lever=label, setting=self._setting(bar.lever, setting), then=then)

    def _setting(self, lever: str, value: float) -> str:
        if lever.endswith("delay"):
            months = self.count(abs(round(value)), SHIFTS)
            return self.text["sooner" if value < 0 else "later"].format(months=months)
        size = 100 * (value - 1)
        return f"{'−' if size < 0 else '+'}{number(abs(size), self.lang)}%"
