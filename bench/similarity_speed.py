"""Similarity of ideas beside its peer: plain BM25 against rank_bm25 in the same run, the whole search, MinHash.

Texts are put together from parts, 20,000 of them, with the thirty hand-written ideas of the tests among them.
"""

from __future__ import annotations

import itertools
import random
from statistics import median
from typing import Any

import numpy as np
from tests.methods.data import table
from tests.methods.test_similarity import HOW, WHAT, WHO, WHOM

from bench.methods_speed import row, timed
from krzew.methods.similarity import Index, MinHash, near_copies, novelty, stem, words_of

TEXTS = 20_000
MORE = ("Uczestnikom pomaga trener pracy.", "Obok działa punkt doradczy.", "Wzór można powtórzyć w powiecie.")


def texts() -> tuple[list[str], list[str]]:
    """Twenty thousand ideas, the thirty first, and the re-wordings to look for."""
    pairs, stream = table("polish_pairs.csv"), random.Random(3)
    parts = list(itertools.product(WHO, WHAT, WHOM, HOW))
    made = [f"{' '.join(stream.choice(parts))}. {stream.choice(MORE)}" for _ in range(TEXTS - len(pairs))]
    return [pair["idea"] for pair in pairs] + made, [pair["reworded"] for pair in pairs]


def against_peer(ideas: list[str], queries: list[str]) -> dict[str, Any]:
    """A whole search (words, stems, ranking, words to highlight) against the peer's scores of ready stems."""
    name, size = "BM25 of one query with highlighted words vs rank_bm25", TEXTS
    try:
        from rank_bm25 import BM25Okapi
    except ImportError:
        return {"name": name, "size": size, "skipped": "rank-bm25 is not installed"}
    index = Index({str(i): text for i, text in enumerate(ideas)}, plain=True)
    peer = BM25Okapi([[stem(word) for word in words_of(text)] for text in ideas])
    ours, theirs, apart = [], [], 0.0
    for query in queries:
        words = words_of(query)
        stems = [stem(word) for word in words]
        ours.append(timed(lambda q=query: index.search(q, 10), 9)[0])
        seconds, scores = timed(lambda s=stems: peer.get_scores(s), 3)
        theirs.append(seconds)
        apart = max(apart, float(np.abs(index.scores(words) - scores).max()))
        best = [str(i) for i in np.argsort(-scores, kind="stable")[:10] if scores[i] > 0]
        assert [hit.id for hit in index.search(query, 10)] == best
    assert apart < 1e-9
    ratio = median(theirs) / median(ours)
    extra = {"required_ratio": 100, "met": ratio >= 100, "size": size}
    return row(name, median(ours), median(theirs), apart, **extra) | {"peer": "rank_bm25 BM25Okapi"}


def whole(ideas: list[str], queries: list[str]) -> list[dict[str, Any]]:
    documents = {str(i): text for i, text in enumerate(ideas)}
    build, index = timed(lambda: _built(documents), 3)
    search = median(timed(lambda q=query: index.search(q, 10), 5)[0] for query in queries)
    near = median(timed(lambda q=query: novelty(q, index), 3)[0] for query in queries)
    found = [[hit.id for hit in index.search(query, 5)] for query in queries]
    recall = sum(str(i) in hits for i, hits in enumerate(found)) / len(queries)
    first = sum(hits[:1] == [str(i)] for i, hits in enumerate(found)) / len(queries)
    return [
        row("search index of three views, built", build, size=TEXTS),
        row(
            "search with three views, typing errors and highlighted words",
            search,
            required_s=0.005,
            met=search < 0.005,
            size=TEXTS,
            recall_at_5=recall,
            recall_at_1=first,
        ),
        row("five nearest ideas, marked field by field", near, size=TEXTS),
    ]


def _built(documents: dict[str, str]) -> Index:
    index = Index(documents)
    index.search("pralnia", 1)
    return index


def copies(ideas: list[str], queries: list[str]) -> list[dict[str, Any]]:
    sign, _ = timed(lambda: MinHash().signatures(ideas), 3)
    stream = random.Random(1)
    dropped = [" ".join(w for w in text.split() if stream.random() > 0.1) for text in ideas[: len(queries)]]
    seconds, found = timed(lambda: near_copies(dropped, 0.5, earlier=ideas), 3)
    right = sum(pair.first == pair.second for pair in found)
    wrong = len(near_copies(queries, 0.5, earlier=ideas))
    return [
        row("MinHash signatures, 128 hashes", sign, size=TEXTS, texts_per_s=TEXTS / sign),
        row(
            "thirty near-copies among all texts",
            seconds,
            size=TEXTS,
            found=right,
            rewordings_called_copies=wrong,
        ),
    ]


def run() -> list[dict[str, Any]]:
    """Every measurement of this module."""
    ideas, queries = texts()
    return [against_peer(ideas, queries), *whole(ideas, queries), *copies(ideas, queries)]


if __name__ == "__main__":
    for line in run():
        print(line)
