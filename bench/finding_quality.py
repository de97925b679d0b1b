"""How well and how fast the front door finds, beside plain BM25 over the same texts.

The sets are in bench/door (its README says how they were written). Only totals by kind are printed: whoever works
on the matcher reads the sets called dev and never the unseen ones. A query with n needs counts each of them; only the first n
needs that were named are looked at, three solutions of each. The peer gets its best three for the whole text and can
never say that nothing fits.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krzew.settings")
django.setup()

from krzew.door.finding import Library, find  # noqa: E402
from krzew.library.loaders import read_cards  # noqa: E402
from krzew.methods.similarity import stem, words_of  # noqa: E402

SETS = Path(__file__).parent / "door"
DEVELOPED = (
    *("dev", "dev_more", "dev_long", "dev_fresh", "dev_plain", "dev_told", "dev_new"),
    *("dev_asked", "dev_said", "dev_two", "dev_none", "dev_plainly"),
    *("dev_english", "dev_abroad", "dev_tried"),
    *("dev_foreign", "dev_other", "dev_distant", "dev_elsewhere"),
)
UNSEEN = ("unseen", "unseen_en", "other")
FOREIGN = {
    "dev_foreign": "dev_library",
    "dev_other": "dev_other_library",
    "dev_distant": "dev_distant_library",
    "dev_elsewhere": "dev_elsewhere_library",
    "other": "other_library",
}
"""Sets that ask another library than the shipped one."""
MANY, WITHIN, LEAST_HIT, MOST_FALSE = 3_000, 0.05, 0.90, 0.10
Row = dict[str, Any]
Lists = list[list[str]]
Finder = Callable[[str], Lists]


def queries(name: str) -> list[Row]:
    rows: list[Row] = json.loads((SETS / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def by_needs(library: Library) -> Finder:
    """Slugs of the solutions of each need."""

    def finder(text: str) -> Lists:
        return [[s.slug for s in need.solutions] for need in find(text, library=library).needs]

    return finder


def peer(cards: Sequence[Row], language: str = "pl") -> Finder | None:
    """BM25Okapi over stems of everything that finding reads; the best three for the whole text."""
    try:
        from rank_bm25 import BM25Okapi
    except ImportError:
        return None
    entries = Library.of(cards).index(language).entries
    texts = [[stem(word) for word in words_of(" ".join(e.texts.values()))] for e in entries]
    okapi, slugs = BM25Okapi(texts), [e.slug for e in entries]

    def finder(text: str) -> Lists:
        scores = okapi.get_scores([stem(word) for word in words_of(text)])
        best = sorted(range(len(slugs)), key=lambda i: -scores[i])[:3]
        return [[slugs[i] for i in best if scores[i] > 0]]

    return finder


def ranks(row: Row, found: Lists) -> list[int]:
    """The rank of the first right solution for each need; 0 when it is not there. Each list counts once."""
    wanted, free, result = row["expected"], list(found[: len(row["expected"])]), []
    for right in wanted:
        places = [(next((i for i, s in enumerate(one, 1) if s in right), 0), one) for one in free]
        best = min((place for place in places if place[0]), key=lambda place: place[0], default=(0, None))
        result.append(best[0])
        if best[1] is not None and len(free) > 1:
            free.remove(best[1])
    return result


def measured(name: str, rows: Iterable[Row], finder: Finder) -> list[Row]:
    """One row for each kind of query, one for all, one for queries without an answer."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    wrong: list[bool] = []
    times: list[float] = []
    for row in rows:
        begin = time.perf_counter()
        found = finder(row["text"])
        times.append(time.perf_counter() - begin)
        if row["expected"]:
            by_kind[row["kind"]] += ranks(row, found)
        else:
            wrong.append(any(found))
    if not times:
        return []
    every = list(itertools.chain(*by_kind.values()))
    kinds = {"all": every, **dict(sorted(by_kind.items()))}
    lines = [_line(f"{name}, {kind}", hits, median(times)) for kind, hits in kinds.items() if hits]
    share = sum(wrong) / max(len(wrong), 1)
    size = f"{len(wrong)} without answer: {100 * share:.0f} % got a false one"
    return [
        *lines,
        {"name": f"{name}, nothing fits", "size": size, "false_answers": share, "count": len(wrong)},
    ]


def _line(name: str, hits: Sequence[int], seconds: float) -> Row:
    count = len(hits)
    one, three = (sum(0 < hit <= k for hit in hits) / count for k in (1, 3))
    mrr = sum(1 / hit for hit in hits if hit) / count
    size = f"{count}: Hit@1 {100 * one:.1f} % · Hit@3 {100 * three:.1f} % · MRR {mrr:.2f}"
    values = {"hit_at_1": one, "hit_at_3": three, "mrr": mrr, "count": count}
    return {"name": name, "size": size, "ours_s": seconds, **values}


def aimed(lines: list[Row]) -> list[Row]:
    """The aims, on the unseen sets: 90 % Hit@3 for all and for descriptions, at most 10 % false answers."""
    for line in lines:
        if line["name"].endswith((", all", ", description")):
            line["met"] = line["hit_at_3"] >= LEAST_HIT
        elif "false_answers" in line:
            line["met"] = line["false_answers"] <= MOST_FALSE
    return lines


@cache
def cards_of(name: str) -> tuple[Row, ...]:
    """The cards that a set asks: the shipped ones, or those of a file for `krzew library import`."""
    if name not in FOREIGN:
        return tuple(card for _path, card in read_cards())
    rows = json.loads((SETS / f"{FOREIGN[name]}.json").read_text(encoding="utf-8"))["solutions"]
    return tuple(entry.get("card", entry) for entry in rows)


def library_of(name: str) -> Library:
    return _library(FOREIGN.get(name, ""), name)


@cache
def _library(_key: str, name: str) -> Library:
    return Library.of(cards_of(name))


def many_cards(cards: Sequence[Row], count: int = MANY) -> list[Row]:
    """A library of thousands: the texts of shipped cards put together anew."""
    stream = random.Random(7)
    pick = stream.choice
    made = []
    for number in range(count):
        first, second = pick(cards), pick(cards)
        texts = {name: pick(cards)[name] for name in ("does_pl", "needs", "groups", "domains", "core_parts")}
        joined = {"summary_pl": f"{first['summary_pl']} {second['summary_pl']}", "slug": f"made-{number}"}
        made.append({**first, **texts, **joined, "name_pl": f"{first['name_pl']} {number}"})
    return made


def speed(cards: Sequence[Row], texts: Sequence[str]) -> list[Row]:
    """Answers from a library of thousands after its index is made, and the peer on the same texts."""
    many = many_cards(cards)
    library = Library.of(many)
    begin = time.perf_counter()
    library.index("pl")
    built = time.perf_counter() - begin
    ours, theirs, other = _times(by_needs(library), texts), [], peer(many)
    if other is not None:
        theirs = _times(other, texts)
    late = sorted(ours)[int(0.95 * len(ours))]
    row: Row = {"name": "finding among thousands", "size": f"{MANY} cards, p95 {1000 * late:.0f} ms"}
    row |= {"ours_s": median(ours), "p95_s": late, "required_s": WITHIN, "met": late < WITHIN}
    if theirs:
        row |= {"peer_s": median(theirs), "peer": "rank_bm25", "ratio": median(theirs) / median(ours)}
    return [row, {"name": "index of thousands, made once", "size": MANY, "ours_s": built}]


def _times(finder: Finder, texts: Sequence[str]) -> list[float]:
    finder(texts[0])
    times = []
    for text in texts:
        begin = time.perf_counter()
        finder(text)
        times.append(time.perf_counter() - begin)
    return times


def run() -> list[Row]:
    """Every measurement of this module."""
    lines = []
    for name in DEVELOPED:
        lines += measured(f"finding, {name}", queries(name), by_needs(library_of(name)))
    for name in UNSEEN:
        lines += aimed(measured(f"finding, {name}", queries(name), by_needs(library_of(name))))
        plain = peer(cards_of(name), "en" if name.endswith("_en") else "pl")
        if plain is not None:
            lines += measured(f"  rank_bm25, {name}", queries(name), plain)
    return lines + speed(cards_of("dev"), [row["text"] for row in queries("dev")])


if __name__ == "__main__":
    for line in run():
        print(line)
