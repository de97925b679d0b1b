"""Reading a GeoJSON feature collection one feature at a time, so that a large file does not fill the memory.

`json.loads` would need some ten times the size of the file; here only one feature is in memory at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils.translation import gettext

from krzew.places.importers.problems import refuse

SPACE = re.compile(r"[ \t\r\n]*")


class _NotFinite(ValueError):
    pass


def _no_constant(name: str) -> NoReturn:
    raise _NotFinite(name)


DECODER = json.JSONDecoder(parse_constant=_no_constant)


@dataclass
class Reader:
    """A cursor in the text of one top-level object. `members` is filled with everything but the features."""

    text: str
    members: dict[str, Any]
    at: int = 0
    counted: tuple[int, int] = (0, 1)  # up to which character the lines have been counted

    def features(self) -> Iterator[tuple[int, Any]]:
        """Line and content of each feature."""
        self._expect("{", gettext("This is not GeoJSON: the file must start with {."))
        while True:
            key = self._value()
            self._expect(":")
            if key == "features":
                yield from self._elements()
            else:
                self.members[str(key)] = self._value()
            if self._peek() != ",":
                break
            self._expect(",")
        self._expect("}")
        if self._peek():
            self._broken()

    def _elements(self) -> Iterator[tuple[int, Any]]:
        self._expect("[", gettext("“features” must be a list."))
        while self._peek() != "]":
            line = self.line()  # _peek has moved to the start of the feature
            yield line, self._value()
            if self._peek() != ",":
                break
            self._expect(",")
        self._expect("]")

    def line(self) -> int:
        start, line = self.counted
        line += self.text.count("\n", start, self.at)
        self.counted = (self.at, line)
        return line

    def _peek(self) -> str:
        self.at = SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # the pattern may be empty
        return self.text[self.at : self.at + 1]

    def _expect(self, sign: str, message: str = "") -> None:
        if self._peek() != sign:
            self._broken(message)
        self.at += 1

    def _value(self) -> Any:
        self._peek()
        try:
            value, self.at = DECODER.raw_decode(self.text, self.at)
        except _NotFinite as error:
            self._broken(gettext("A coordinate is not a finite number (%(text)s).") % {"text": error})
        except json.JSONDecodeError as error:
            self.at = error.pos
            self._broken()
        except RecursionError:
            self._broken(gettext("The file is nested too deeply to be a map."))
        return value

    def _broken(self, message: str = "") -> NoReturn:
        sign = self.at - (self.text.rfind("\n", 0, self.at) + 1) + 1
        default = gettext("The file is damaged or cut off at character %(n)d of this line.") % {"n": sign}
        refuse(message or default, self.line())
