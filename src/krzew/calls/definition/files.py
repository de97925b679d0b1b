"""A definition as one readable file (TOML), and the templates that come with Krzew."""

from __future__ import annotations

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


def parse(text: str | bytes) -> Definition:
    """A definition from TOML. Raises `BadDefinition`, with the line where the file itself is broken."""
    if len(text) > MOST_BYTES:
        raise BadDefinition([Problem("", _("The file is larger than a programme can be: 1 MB."))])
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        raise BadDefinition([Problem("", _("The file is not UTF-8 text. Save it as UTF-8."))]) from error
    try:
        data = tomllib.loads(plain.replace("\r\n", "\n"), parse_float=str)
    except tomllib.TOMLDecodeError as error:
        text_ = _("The file is not TOML: %(why)s") % {"why": error}
        raise BadDefinition([Problem("", text_)]) from error
    return read(data)


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
