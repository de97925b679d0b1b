"""Words of a text: folded, with a root that survives inflection, missing diacritics and letters s p a c e d out.

The stemmer of the library (`krzew.methods.similarity`) wants diacritics; people on a telephone leave them out. The
root here works on folded words only, so that "samotnością" and "samotnoscia" meet.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from krzew.methods.similarity import fold

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
SPACED = re.compile(r"(?<!\w)(?:\w[ .·*-]){3,}\w(?!\w)")
SENTENCE = re.compile(r"[.!?;\n…]+(?=\s|$)|\n")
DIACRITICS = re.compile("[ąćęłńóśźż]", re.IGNORECASE)
TELLING = frozenset("ęążź")
SHORT = 4
"""Words of up to four letters are compared as they stand: their endings are too much of them."""
LONGEST_WORD = 30
"""Nobody mistypes a longer word by one letter; of a word of thousands of letters all errors would take hours."""

_ENDINGS = sorted(
    [
        "osciami",
        "osciach",
        "oscia",
        "osciom",
        "osci",
        "osc",
        "owaniami",
        "owaniach",
        "owaniem",
        "owania",
        "owaniu",
        "owanie",
        "owanych",
        "owanym",
        "owany",
        "owana",
        "owane",
        "owac",
        "owal",
        "owala",
        "owali",
        "owalam",
        "owalem",
        "owaly",
        "uje",
        "ujac",
        "uja",
        "ujemy",
        "ujesz",
        "ujecie",
        "ujacy",
        "ujaca",
        "ujacych",
        "aniami",
        "aniach",
        "aniem",
        "ania",
        "aniu",
        "anie",
        "ani",
        "eniami",
        "eniach",
        "eniem",
        "enia",
        "eniu",
        "enie",
        "eniom",
        "alismy",
        "alysmy",
        "ilismy",
        "ilysmy",
        "alem",
        "alam",
        "ilem",
        "ilam",
        "ylam",
        "ylem",
        "elismy",
        "alas",
        "ales",
        "ilas",
        "iles",
        "ajacych",
        "ajacym",
        "ajacy",
        "ajaca",
        "ajace",
        "ajac",
        "acych",
        "acy",
        "aca",
        "ace",
        "iacych",
        "iacy",
        "ami",
        "ach",
        "owi",
        "owie",
        "om",
        "em",
        "ow",
        "ego",
        "emu",
        "ymi",
        "imi",
        "ych",
        "ich",
        "ym",
        "im",
        "iej",
        "ej",
        "ala",
        "ali",
        "alo",
        "aly",
        "ila",
        "ili",
        "ilo",
        "ily",
        "yla",
        "yli",
        "ylo",
        "yly",
        "ial",
        "iala",
        "iali",
        "ielismy",
        "iec",
        "iel",
        "iela",
        "ieli",
        "amy",
        "asz",
        "aja",
        "acie",
        "emy",
        "esz",
        "ecie",
        "imy",
        "isz",
        "icie",
        "ymy",
        "ysz",
        "ycie",
        "ajcie",
        "ac",
        "ic",
        "yc",
        "al",
        "il",
        "yl",
        "am",
        "iu",
        "ie",
        "ia",
        "io",
        "ii",
        "ji",
        "a",
        "e",
        "i",
        "o",
        "u",
        "y",
    ],
    key=len,
    reverse=True,
)
_LEAST = {4: 3, 5: 3, 6: 4}
_STOP = """
aby albo ale bardzo bez bo bym byl byla bylo byly byc byc bylem bylam caly chyba ci cie co cos czasem czesto czy
czyli dalej dla dlatego do dobrze duzo gdy gdzie gdzies go i ich ile im inaczej inne inny ja jak jaka jaki jakie
jakis jakas jakies jako je jego jej jemu jest jestem jeszcze jesli jesli jesc juz kazdy kiedy kiedys kto ktora ktore
ktory ktorych ktorym ktos ku lat lub ma maja mam mamy masz mi mialam mialem mnie moge moga moj moja moje mojej mojego
moim moich mojemu moze mozna musi musze my na nad nam nami nas nasz nasza nasze naszej nawet nia nic nich nie niech
nigdy niej niego nim niz no o od ode oni ona ono on oraz pan pani po pod podobno poza prosze przed przez przy raczej
razem rok roku sa sam sama same samo sie skad soba sobie sposob strasznie szuka szukam szukamy szukaja ta tak taka
taki takie takich tam te tego tej tez ten teraz to toba trzeba tu tutaj twoj ty tych tylko tym tymi u
w wam was we wiec wiecej wiele wszystko wszystkie wszyscy wtedy z za zawsze zaden zadna zadne ze zeby znow znowu
zostal zostala zrobic zrobilam zrobilem robie robi robic cokolwiek ktokolwiek jakos troche trochę mnie nasi nasze
chce chcemy chcialabym chcialbym chcialam chciala chcial chcieli potrzebuje potrzebujemy potrzebna potrzebne potrzebny
pomoc pomocy pomozcie pomoz pomoze pomaga pomoga problem problemy problemu problemem sprawa sprawie sprawy dzien dobry
witam prosze dziekuje nowy nowa nowe rzecz rzeczy jeden jedna jedno dwa dwie trzy dzis dzisiaj wczoraj jutro
czas czasu ludzie ludzi osoba osoby osob osobe osobom wiem wie wiedza mowi mowia mowie maz zona dni tydzien miesiac
miesiecy miesiace tygodniu caly cala cale calymi
rzadko czasami zwykle wlasciwie naprawde pewnie przynajmniej akurat prawie wcale zupelnie niby przeciez
dlaczego czemu poniewaz takiego takim jakiegos czyms kims nikim niczym kogos komus ktorego ktorej ktorzy
cztery czterech piec pieciu szesc szesciu siedem siedmiu osiem osmiu dziewiec dziewieciu dziesiec
dziesieciu kilka kilku kilkanascie dwoch dwiema trzech sto stu tysiac tysiace tysiecy raz razy ciagle
stale wreszcie godzina godziny godzin godzine minut minuty styczen stycznia lutym lutego marca marcu
kwietnia maju czerwca czerwcu lipca lipcu sierpnia wrzesnia wrzesniu pazdziernika listopada listopadzie
grudnia rano nagle powoli szybko dawno niedawno odkad zanim gdyby zamiast oprocz chociaz choc chocby
jedni inni inna innych innym moglby moglaby moglbym moglabym mogliby wolalabym wolalbym pewien pewna kolo
okolo obok wzdluz naszym swojej swoim swoja swoj swoje swoich
"""
STOP = frozenset(fold(_STOP).split())
_EN_STOP = """
a about after all also am an and any are as at be because been but by can cannot can't could did do does don't for from
get had has have he her his how i if in into is it its just like me my need no not of on or our out she so some than
that the their them there they this to too up us very want was we were what when where which who will with would you
your since help
"""
EN_STOP = frozenset(_EN_STOP.split())
_EN_PLAIN = """
again although another anything before being between both didn't doesn't don't each either even every everything few he's
here him himself herself his i'd i'll i'm i've isn't it's itself many may maybe me might more most much must myself never
nor nothing now off often one only other others own per quite rather same shall she's should something still such that's
then there's these they're those though through under until wasn't we'd we're we've were weren't whatever while who's whom
whose why won't yet you're
"""
EN_PLAIN = (EN_STOP | frozenset(_EN_PLAIN.split())) - frozenset(["as", "but", "help", "need", "no", "off"])
"""English words without content, but for those that are Polish words with content or say something."""
_CYRILLIC = str.maketrans(
    dict(
        zip(
            "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэё",
            [
                "a",
                "b",
                "w",
                "h",
                "g",
                "d",
                "e",
                "je",
                "z",
                "z",
                "y",
                "i",
                "ji",
                "j",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "u",
                "f",
                "ch",
                "c",
                "cz",
                "sz",
                "szcz",
                "_",
                "ju",
                "ja",
                "y",
                "e",
                "jo",
            ],
            strict=True,
        )
    )
    | {"ь": ""}
)


@dataclass(frozen=True)
class Token:
    """A word as written, where it stands in the text, and in which sentence and clause.

    `mute`: it belongs to a greeting, a name or an address."""

    text: str
    start: int
    end: int
    bare: str
    key: str
    sentence: int
    clause: int
    mute: bool = False

    @property
    def root(self) -> str:
        """The key with those letters that tell words apart as they were written: "lęki" are not "leki"."""
        return "".join(
            letter if letter in TELLING else plain
            for letter, plain in zip_longest(self.text.lower()[: len(self.key)], self.key, fillvalue="")
            if plain
        )

    @property
    def is_plain(self) -> bool:
        """Whether it has no content of its own."""
        return self.mute or self.bare in STOP or self.bare in EN_PLAIN


def normal(text: str) -> str:
    """Composed letters; spaced letters ("s a m o t n y") put together with the length of the text kept."""
    composed = unicodedata.normalize("NFC", text)
    return SPACED.sub(lambda m: _closed(m.group()), composed)


def _closed(spaced: str) -> str:
    letters = spaced[::2]
    return letters.ljust(len(spaced)) if letters.isalpha() else spaced


@lru_cache(maxsize=50_000)
def latin(word: str) -> str:
    """Lower case without diacritics, Cyrillic letters written as they sound."""
    return fold(word.lower().translate(_CYRILLIC))


@lru_cache(maxsize=50_000)
def key_of(bare: str) -> str:
    """The root under which a folded word is compared; a short word is its own root."""
    if len(bare) <= SHORT:
        return bare
    return _smoothed(_stripped(bare))


def _stripped(bare: str) -> str:
    least = _LEAST.get(len(bare), 4)
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= least:
            return bare[: -len(ending)]
    return bare


def _smoothed(root: str) -> str:
    """Habits that endings leave behind: żłobek and żłobka, choroba and chorobie, pomoc and pomocy."""
    root = re.sub(r"(?<=[a-z]{2}[bcdfghjklmnprstwz])e([kc])$", r"\1", root)
    return root[:-1] if len(root) > SHORT and root[-1] in "ij" else root


_BREAK = re.compile(
    r"[,:()–—]|(?<!\w)(?:a|ale|oraz|bo|więc|wiec|poza tym|oprócz tego|do tego|dodatkowo|no i|i jeszcze|but|and)(?!\w)",
    re.IGNORECASE,
)


def tokens_of(text: str) -> list[Token]:
    """Every word of `normal(text)` with its sentence and clause."""
    stops = [m.start() for m in SENTENCE.finditer(text)]
    breaks = sorted([*stops, *(m.start() for m in _BREAK.finditer(text))])
    found, sentence, clause = [], 0, 0
    for match in WORD.finditer(text):
        while sentence < len(stops) and stops[sentence] < match.start():
            sentence += 1
        while clause < len(breaks) and breaks[clause] <= match.start():
            clause += 1
        bare = latin(match.group()).replace("’", "'")
        found.append(Token(match.group(), match.start(), match.end(), bare, key_of(bare), sentence, clause))
    return found


def english_signs(tokens: list[Token]) -> int:
    """How many small words and letters speak for English, less those for Polish."""
    english = sum(t.text.lower() in EN_STOP and t.bare not in STOP for t in tokens)
    polish = sum(t.bare in STOP and t.text.lower() not in EN_STOP for t in tokens)
    return english - polish - sum(bool(DIACRITICS.search(t.text)) for t in tokens)


@lru_cache(maxsize=500)
def misspellings(bare: str) -> tuple[str, ...]:
    """Words one typing error away, the first letter kept; only for words of seven letters or more, and
    not in the last two: endings differ anyway."""
    if not 7 <= len(bare) <= LONGEST_WORD or not bare.isalpha():
        return ()
    cuts = [(bare[:i], bare[i:]) for i in range(1, len(bare) - 1)]
    swapped = [a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1]
    dropped = [a + b[1:] for a, b in cuts if b]
    changed = [a + c + b[1:] for a, b in cuts if b for c in LETTERS]
    added = [a + c + b for a, b in cuts for c in LETTERS]
    return tuple(dict.fromkeys([*swapped, *dropped, *added, *changed]))
