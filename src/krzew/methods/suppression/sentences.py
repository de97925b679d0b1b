"""What was hidden and why, said to a person; what the check found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..phrases import number, plural
from ..record import MethodError

if TYPE_CHECKING:
    from .anonymity import Anonymity
    from .audit import Audit
    from .difference import Difference
    from .protect import Protected
    from .rounding import Rounded

SHOWN = 5

TEXT = {
    "pl": {
        "quote": "„{name}”",
        "nothing": "W tabeli nie trzeba niczego ukrywać.",
        "small": "Ukryte ze względu na próg: {cells}. Próg wynosi {threshold}: mniejsze liczby mogłyby wskazać "
        "konkretne osoby.",
        "money": "Ukryte, bo zdradzałyby dane pojedynczych podmiotów: {cells}.",
        "more": "Ukryte dodatkowo: {cells}. Bez tego brakujące liczby dałoby się obliczyć z sum.",
        "none_more": "Więcej nie trzeba ukrywać: z sum nie da się odtworzyć ukrytych liczb.",
        "share": "Pola wewnątrz tabeli, które zostają widoczne: {share} na 100. Mieści się w nich {sum}% całej sumy.",
        "proved": "To najmniejsza możliwa strata informacji; jest na to dowód.",
        "fast": "Znaleziono dobry sposób ukrycia, ale bez dowodu, że nie ma lepszego.",
        "zeros": "Zera są widoczne. Jeżeli samo zero coś zdradza (na przykład że w danej grupie nikt nie ma pracy), "
        'trzeba je ukryć: zeros="disclosive".',
        "inside": "Powodów ukrycia nie publikujemy: kto wie, które liczby są małe, wie więcej.",
        "safe": "Sprawdzenie: z opublikowanych liczb nie da się odtworzyć ukrytych (ukryte pola: {count}).",
        "unsafe": "Uwaga: {cells} da się odgadnąć zbyt dokładnie: {names}.",
        "recovered": "Da się obliczyć dokładnie: {cells}.",
        "rule": "Przyjęto, że czytelnik zna próg.",
        "reasons": "Przyjęto, że czytelnik zna powody ukrycia.",
        "over_time": "Dwa wydania tabeli razem nie zdradzają ukrytych liczb (zmiana w sumie: {change}).",
        "over_time_bad": "Uwaga: dwa wydania tabeli razem zdradzają za dużo: {names}. W następnym wydaniu trzeba ukryć "
        "te same pola co w poprzednim.",
        "few": "Między wydaniami widać bardzo małe zmiany: {cells}. Kto zna tych ludzi, może ich rozpoznać.",
        "rounded": "Liczby zaokrąglono do wielokrotności {base}. Żadna nie zmieniła się o więcej niż {furthest}.",
        "additive": "Sumy dalej się zgadzają.",
        "apart": "Sumy mogą się nie zgadzać, najwyżej o {apart}. Tak ma być: każdą liczbę zaokrąglono osobno.",
        "anonymous": "Każda osoba wygląda w danych tak samo jak co najmniej {others} (k = {k}).",
        "risk": "Za łatwe do rozpoznania: {records} na {all} (grupy mniejsze niż {k}).",
        "unique": "Jedyne w swoim rodzaju: {records}.",
        "coarsen": "Najwięcej pomoże uogólnienie kolumny {name}: bez niej liczba zagrożonych rekordów wyniosłaby {records}.",
        "undiverse": "W grupach, w których cecha wrażliwa ma mniej niż {values}: {records}. Sama przynależność do grupy "
        "może ją zdradzić.",
        "diverse": "Cecha wrażliwa ma w każdej grupie co najmniej {values}.",
        "and": " i ",
    },
    "en": {
        "quote": "“{name}”",
        "nothing": "Nothing in the table needs to be hidden.",
        "small": "Hidden because of the threshold: {cells}. The threshold is {threshold}: smaller figures could point "
        "to particular people.",
        "money": "Hidden because they would give away single contributors: {cells}.",
        "more": "Hidden besides: {cells}. Otherwise the missing figures could be worked out from the totals.",
        "none_more": "Nothing more needs to be hidden: totals do not give the hidden figures away.",
        "share": "Inner cells that stay visible: {share} of 100. They hold {sum}% of the whole sum.",
        "proved": "No less information can be lost; this is proved.",
        "fast": "A good way of hiding was found, without proof that there is no better one.",
        "zeros": "Zeros are shown. Where a zero by itself gives something away (say, that nobody in a group has work), "
        'hide them: zeros="disclosive".',
        "inside": "Reasons for hiding are not published: who knows which figures are small knows more.",
        "safe": "Check: the hidden figures cannot be worked out from what is published (hidden cells: {count}).",
        "unsafe": "Careful: {cells} can be guessed too closely: {names}.",
        "recovered": "Can be worked out exactly: {cells}.",
        "rule": "The reader is taken to know the threshold.",
        "reasons": "The reader is taken to know the reasons for hiding.",
        "over_time": "Two releases together do not give hidden figures away (change in all: {change}).",
        "over_time_bad": "Careful: two releases together give too much away: {names}. Hide the same cells in the next "
        "release as in the last one.",
        "few": "Very small changes can be seen between the releases: {cells}. Who knows these people may recognise them.",
        "rounded": "Figures are rounded to multiples of {base}. None changed by more than {furthest}.",
        "additive": "Totals still add up.",
        "apart": "Totals may fail to add up, by {apart} at most. This is meant: each figure was rounded by itself.",
        "anonymous": "Everyone looks the same in the data as at least {others} (k = {k}).",
        "risk": "Too easy to recognise: {records} of {all} (groups smaller than {k}).",
        "unique": "One of a kind: {records}.",
        "coarsen": "Making the column {name} coarser helps most: without it the number of records at risk would be {records}.",
        "undiverse": "In groups where the sensitive column has fewer than {values}: {records}. Being in the group may give "
        "it away.",
        "diverse": "The sensitive column has at least {values} in every group.",
        "and": " and ",
    },
}
CELLS = {"pl": ("pole", "pola", "pól", "pola"), "en": ("cell", "cells", "cells", "cells")}
RECORDS = {
    "pl": ("rekord", "rekordy", "rekordów", "rekordu"),
    "en": ("record", "records", "records", "records"),
}
VALUES = {
    "pl": ("różna wartość", "różne wartości", "różnych wartości", "różnej wartości"),
    "en": ("different value", "different values", "different values", "different values"),
}
OTHERS = {"pl": ("inna", "inne", "innych", "innej"), "en": ("other", "others", "others", "others")}


def _text(lang: str) -> dict[str, str]:
    if lang not in TEXT:
        raise MethodError("lang", "must be pl or en", lang)
    return TEXT[lang]


def _counted(count: int, forms: dict[str, tuple[str, str, str, str]], lang: str) -> str:
    return f"{number(count, lang)} {plural(count, forms[lang])}"


def _named(cells: tuple[tuple[str, ...], ...], lang: str) -> str:
    quoted = [TEXT[lang]["quote"].format(name=", ".join(cell)) for cell in cells[:SHOWN]]
    return "; ".join(quoted) + (" …" if len(cells) > SHOWN else "")


def protected(found: Protected, lang: str) -> tuple[str, ...]:
    text, lost = _text(lang), found.lost
    if not found.suppressed.any():
        return (text["nothing"], text["zeros"]) if found.rules.zeros == "safe" else (text["nothing"],)
    counts = found.table.largest is None and found.table.contributors is None
    cells = _counted(int(lost["primary"]), CELLS, lang)
    limit = number(found.rules.threshold or 0, lang)
    lines = [
        text["small"].format(cells=cells, threshold=limit) if counts else text["money"].format(cells=cells)
    ]
    more = int(lost["complementary"])
    lines.append(text["more"].format(cells=_counted(more, CELLS, lang)) if more else text["none_more"])
    visible, held = 100 * (1 - lost["inner_cells"]), 100 * (1 - lost["inner_sum"])
    lines.append(text["share"].format(share=number(visible, lang, 0), sum=number(held, lang)))
    lines.append(text["proved"] if found.proved else text["fast"])
    if found.rules.zeros == "safe":
        lines.append(text["zeros"])
    return (*lines, text["inside"])


def audited(found: Audit, lang: str) -> tuple[str, ...]:
    text = _text(lang)
    lines = [text[found.knows]] if found.knows in text else []
    if found.ok:
        lines.append(text["safe"].format(count=number(found.hidden, lang)))
    else:
        cells = _counted(len(found.exposed), CELLS, lang)
        lines.append(text["unsafe"].format(cells=cells, names=_named(found.cells, lang)))
    if len(found.recovered):
        lines.append(text["recovered"].format(cells=_counted(len(found.recovered), CELLS, lang)))
    return tuple(lines)


def differenced(found: Difference, lang: str) -> tuple[str, ...]:
    text = _text(lang)
    if found.ok:
        lines = [text["over_time"].format(change=number(found.change, lang))]
    else:
        lines = [text["over_time_bad"].format(names=_named(tuple(dict.fromkeys(found.cells)), lang))]
    if len(found.small_changes):
        lines.append(text["few"].format(cells=_counted(len(found.small_changes), CELLS, lang)))
    return tuple(lines)


def rounded(found: Rounded, lang: str) -> tuple[str, ...]:
    text = _text(lang)
    base, furthest = number(found.base, lang), number(found.furthest, lang, 2)
    sums = text["additive"] if found.additive else text["apart"].format(apart=number(found.apart, lang, 2))
    return (text["rounded"].format(base=base, furthest=furthest), sums)


def anonymous(found: Anonymity, lang: str) -> tuple[str, ...]:
    text, k = _text(lang), number(found.k, lang)
    if not len(found.at_risk):
        others = _counted(max(found.smallest - 1, 0), OTHERS, lang)
        lines = [text["anonymous"].format(others=others, k=number(found.smallest, lang))]
    else:
        risky = _counted(len(found.at_risk), RECORDS, lang)
        every = number(len(found.class_of), lang)
        lines = [text["risk"].format(records=risky, all=every, k=k)]
        if found.unique:
            lines.append(text["unique"].format(records=_counted(found.unique, RECORDS, lang)))
        best = found.coarsen[0]
        left = number(best.at_risk_without, lang)
        lines.append(text["coarsen"].format(name=text["quote"].format(name=best.name), records=left))
    if found.l is not None:
        values, poor = _counted(found.l, VALUES, lang), _counted(len(found.undiverse), RECORDS, lang)
        key = "undiverse" if len(found.undiverse) else "diverse"
        lines.append(text[key].format(values=values, records=poor))
    return tuple(lines)
