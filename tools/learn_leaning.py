"""Make src/krzew/door/finding/data/leaning.npz: how often words stand beside concepts.

    .venv/bin/python tools/learn_leaning.py [--check]

It reads the thesaurus (krzew.ttl) and, for each language, two files in tools/voices: `words.<language>.tsv` (concept, tab, W for
words or P for phrases, tab, a list with commas) and `examples.<language>.tsv` (concepts with commas, the main one first; tab; an
utterance as somebody would say it). `--check` only says whether the file belongs to these texts.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import django
import numpy as np
import numpy.typing as npt

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krzew.settings")
django.setup()

from krzew.door.finding import leaning  # noqa: E402
from krzew.door.finding.heard import strength  # noqa: E402
from krzew.door.finding.words import normal, tokens_of  # noqa: E402
from krzew.door.thesaurus import FILE as THESAURUS  # noqa: E402
from krzew.door.thesaurus import shipped  # noqa: E402

VOICES = Path(__file__).parent / "voices"
LANGUAGES = ("pl", "en")
FAINT = 0.1
WORTH = {"W": 0.5, "P": 0.8, "example": 0.4}
LEAST_PAIRS, SAMPLE = 2, 200
"""How often a pair of words from utterances alone must have been heard; how many utterances show what is usual."""


def texts(language: str) -> Iterator[tuple[list[str], str, str]]:
    """Concepts, text and its kind: W, P or example."""
    for line in _lines(f"words.{language}.tsv"):
        code, kind, items = line.split("\t")
        yield from (([code], item, kind) for item in items.split(", ") if item.strip())
    for line in _lines(f"examples.{language}.tsv"):
        codes, text = line.split("\t")
        yield codes.split(","), text, "example"


def _lines(name: str) -> list[str]:
    return (VOICES / name).read_text(encoding="utf-8").splitlines()


def sources() -> list[Path]:
    """Everything that the file is made from."""
    names = [f"{kind}.{language}.tsv" for kind in ("words", "examples") for language in LANGUAGES]
    return [THESAURUS, *(VOICES / name for name in names)]


def mark() -> str:
    """One mark for the texts of all sources."""
    whole = hashlib.sha256()
    for path in sources():
        whole.update(path.read_bytes())
    return whole.hexdigest()


def counted(language: str) -> leaning.Counts:
    counts: leaning.Counts = {}
    heard: Counter[str] = Counter()
    listed: set[str] = set()
    leaning.note_forms(counts, shipped(), language)
    listed.update(name for name, _code in counts)
    for codes, text, kind in texts(language):
        leaning.note(counts, codes, text, WORTH[kind])
        names = {name for name, _w, _at in leaning.features(tokens_of(normal(text)))}
        heard.update(names) if kind == "example" else listed.update(names)
    return {
        (name, code): value
        for (name, code), value in counts.items()
        if " " not in name or name in listed or heard[name] >= LEAST_PAIRS
    }


def usual(language: str) -> npt.NDArray[np.float16]:
    """What a sample of the utterances leans to, by the weights that were just written."""
    leaning.forget()
    learnt = leaning.Leaning(shipped(), language)
    said = [text for _codes, text, kind in texts(language) if kind == "example"]
    sample = random.Random(1).sample(said, SAMPLE)
    raw = [learnt.of_words(tokens_of(normal(text))).sum(axis=0) for text in sample]
    found = strength(np.maximum(raw, 0.0))
    return np.where(found >= FAINT, found, 0.0).astype(np.float16)


def main() -> int:
    if "--check" in sys.argv:
        fresh = leaning.FILE.exists() and leaning.source_mark() == mark()
        print("up to date" if fresh else "older than its texts: run tools/learn_leaning.py")
        return 0 if fresh else 1
    codes = [concept.code for concept in shipped()]
    stored = {"codes": np.frombuffer("\n".join(codes).encode(), np.uint8)}
    stored["mark"] = np.frombuffer(mark().encode(), np.uint8)
    for language in LANGUAGES:
        counts = counted(language)
        parts = leaning.packed(counts, codes)
        stored |= {f"{language}_{name}": values for name, values in parts.items()}
        print(f"{language}: {len({n for n, _c in counts})} features, {len(counts)} counts")
        stored[f"{language}_usual"] = np.zeros((0, len(codes)), np.float16)
    leaning.FILE.parent.mkdir(exist_ok=True)
    np.savez_compressed(leaning.FILE, **stored)
    for language in LANGUAGES:
        stored[f"{language}_usual"] = usual(language)
    np.savez_compressed(leaning.FILE, **stored)
    print(f"{leaning.FILE.name}: {leaning.FILE.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
