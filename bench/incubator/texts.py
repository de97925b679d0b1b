"""Invented texts as long as those of a real call. Pure Python: the peer is filled with the very same ones."""

from __future__ import annotations

import random

CRITERIA = {"first": 15, "second": 10, "third": 10, "fourth": 10, "fifth": 5}
"""Criteria of a card with their most points, as in the template `niw`."""
WHO = (
    "seniorki z trzech wsi",
    "młodzi opiekunowie",
    "osoby po kryzysie bezdomności",
    "rodziny dzieci z niepełnosprawnością",
    "mieszkańcy bloków po dawnym PGR",
    "osoby wychodzące ze szpitala",
    "samotni ojcowie",
    "sąsiedzi osób z demencją",
)
WHAT = (
    "warsztat naprawy rowerów w stodole",
    "telefon, który dzwoni pierwszy",
    "wspólna kuchnia przy bibliotece",
    "bus na żądanie w niedzielę",
    "wypożyczalnia sprzętu z dowozem",
    "szkoła gotowania na emeryturze",
    "klub listów pisanych ręcznie",
    "mapa ławek i toalet w gminie",
)
SENTENCES = (
    "Zaczęło się od rozmowy w kolejce do przychodni, w której nikt nie wiedział, dokąd pójść dalej.",
    "Przez pół roku sprawdzaliśmy to po sąsiedzku, bez pieniędzy, i wiemy już, co nie działa.",
    "Najtrudniejszy okazał się dojazd: ostatni autobus odjeżdża o czternastej, a w sobotę nie ma żadnego.",
    "Odbiorcy powiedzieli nam wprost, że nie chcą kolejnych zajęć, tylko kogoś, kto przyjdzie i zostanie na herbatę.",
    "Test pokaże, czy dwie osoby dyżurujące wystarczą na trzydzieści domów i ile kosztuje jedna wizyta.",
    "Gmina użyczy sali, a koło gospodyń obiecało pomoc przy pierwszych spotkaniach.",
    "Jeśli się nie uda, opiszemy dlaczego, żeby następni nie powtórzyli naszych błędów.",
    "Koszty policzyliśmy ostrożnie: paliwo, praca koordynatorki, ubezpieczenie i drobny sprzęt.",
    "W innych gminach rozwiązanie da się powtórzyć, bo nie potrzebuje lokalu ani etatu.",
    "Zapytaliśmy o zdanie ośrodek pomocy społecznej i poprawiliśmy opis po jego uwagach.",
)


class Texts:
    """Texts of one call, always the same for one seed."""

    def __init__(self, seed: int = 7) -> None:
        self.random = random.Random(seed)

    def title(self, n: int) -> str:
        return f"{self.random.choice(WHAT).capitalize()} – {self.random.choice(WHO)} ({n})"

    def prose(self, least: int, most: int) -> str:
        """Whole sentences, between about `least` and `most` characters."""
        wanted, found = self.random.randint(least, most), ""
        while len(found) < wanted:
            found += self.random.choice(SENTENCES) + " "
        return found.strip()

    def points(self) -> dict[str, int]:
        """Points by criterion; most cards reach the minima, as in life."""
        return {code: self.random.randint(int(most * 0.4), most) for code, most in CRITERIA.items()}
