"""What a form says by itself: its questions and hints repeat in every application and are nobody's idea."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .words import fold, normal

LEAST_RUN = 4
"""So many words in a row, the same as in the form, are the form's: shorter ones are everybody's language."""

_TOKEN = re.compile(r"[^\W_]+")
_SPACES = re.compile(r"[^\S\n]{2,}")
_CLOSES = re.compile(r"[^\S\n]*[:?.]|[^\w\n]*(?:\n|$)|[\W_]*$")


class Template:
    """A form, ready to be recognised in texts."""

    def __init__(self, template: str | Sequence[str] = "", least_run: int = LEAST_RUN) -> None:
        text = template if isinstance(template, str) else "\n".join(template)
        lines = [tuple(fold(w) for w in _TOKEN.findall(line)) for line in normal(text).split("\n")]
        self._lines = frozenset(line for line in lines if line)
        self._longest = max((len(line) for line in self._lines), default=0)
        whole = [word for line in lines for word in line]
        self._run = least_run
        self._runs = frozenset(tuple(whole[i : i + least_run]) for i in range(len(whole) - least_run + 1))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the form speaks, in the order of the text: whole lines of the form that begin a line, and
        runs of at least `least_run` of its words."""
        if not self._lines:
            return []
        tokens = [(m.start(), m.end(), fold(m.group())) for m in _TOKEN.finditer(text)]
        words = [word for _, _, word in tokens]
        covered = [False] * len(tokens)
        for i in range(len(tokens)):
            if tuple(words[i : i + self._run]) in self._runs:
                covered[i : i + self._run] = [True] * self._run
            if i == 0 or "\n" in text[tokens[i - 1][1] : tokens[i][0]]:
                length = self._line_at(text, tokens, words, i)
                covered[i : i + length] = [True] * length
        return _joined([(s, e) for (s, e, _), own in zip(tokens, covered, strict=True) if own], text)

    def _line_at(self, text: str, tokens: list[tuple[int, int, str]], words: list[str], i: int) -> int:
        """Length of the longest line of the form that begins here and closes as a label does."""
        for length in range(min(self._longest, len(tokens) - i), 0, -1):
            line_ends = tokens[i + length - 1][1]
            if tuple(words[i : i + length]) in self._lines and _CLOSES.match(text, line_ends):
                return length
        return 0

    def blanked(self, text: str) -> str:
        """The text with spaces where the form speaks: every other letter keeps its position."""
        for start, end in self.spans(text):
            text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
        return text


def _joined(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Neighbours with nothing but punctuation between them become one span, with the punctuation that
    follows."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        closes = re.compile(r"[^\w\n]*").match(text, end)
        end = closes.end() if closes else end
        if joined and joined[-1][1] >= start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def strip_template(text: str, template: str | Sequence[str], least_run: int = LEAST_RUN) -> str:
    """The text without what the form says by itself.

    `template` is the empty form: one text with a question or hint to a line, or a list of them. A whole line
    of the form is taken out where it opens a line of the text (as a label does); inside a line, at least
    `least_run` words in a row that the form has too. Case, diacritics and punctuation do not matter.
    """
    clean = _SPACES.sub(" ", Template(template, least_run).blanked(normal(text)))
    return "\n".join(line.strip() for line in clean.splitlines() if line.strip())
