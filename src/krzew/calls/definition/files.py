"""A definition as one readable file (TOML), and the templates that come with Krzew."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import tomli_w
from django.utils.translation import gettext as _

from krzew.calls.definition.problems import BadDefinition, Problem, read
from krzew.calls.definition.whole import Definition

TEMPLATES = Path(__file__).parent / "templates"
MOST_BYTES = 1_000_000
# A name of 32 dotted parts: the reader of TOML needs time that grows with the square of their number.
ENDLESS_NAME = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}""")


def parse(text: str | bytes) -> Definition:
    """A definition from TOML. Raises `BadDefinition`, with the line where the file itself is broken."""
    if len(text) > MOST_BYTES:
        raise BadDefinition([Problem("", _("The file is larger than a programme can be: 1 MB."))])
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        raise BadDefinition([Problem("", _("The file is not UTF-8 text. Save it as UTF-8."))]) from error
    return read(_toml(plain.replace("\r\n", "\n")))


def _toml(text: str) -> dict[str, Any]:
    """The data of a TOML text; whatever the reader stumbles over is told as one problem."""
    if ENDLESS_NAME.search(text):
        raise BadDefinition(
            [Problem("", _("The file holds a name of very many parts. No programme needs it."))]
        )
    try:
        return tomllib.loads(text, parse_float=str)
    except RecursionError as error:
        raise BadDefinition([Problem("", _("The brackets of the file go too deep."))]) from error
    except ValueError as error:  # broken TOML, or a number longer than Python reads
        raise BadDefinition([Problem("", _("The file is not TOML: %(why)s") % {"why": error})]) from error


def written(definition: Definition) -> str:
    """The definition as TOML; `parse` gives the same one back."""
    return tomli_w.dumps(plain(definition), multiline_strings=True)


def plain(definition: Definition) -> dict[str, Any]:
    """The definition as plain data, without what is left at its default; ready for JSON and TOML."""
    data: dict[str, Any] = definition.model_dump(mode="json", exclude_defaults=True)
    for stage, part in zip(data["stages"], definition.stages, strict=True):
        stage["kind"] = part.kind
    return data


@cache
def templates() -> dict[str, Definition]:
    """The templates that come with Krzew, by code."""
    read_ = [parse(path.read_bytes()) for path in sorted(TEMPLATES.glob("*.toml"))]
    return {definition.code: definition for definition in read_}
