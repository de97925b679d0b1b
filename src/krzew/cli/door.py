"""`krzew find`: the front door from the terminal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from krzew.cli.diagnosis import Language
from krzew.cli.main import console, errors, fail

if TYPE_CHECKING:
    from krzew.door.finding import Finding, Need

MOST_LETTERS = 20_000


def find(
    text: Annotated[
        str, typer.Argument(help="What is wrong, in plain words; “-” reads it from standard input.")
    ] = "-",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    language: Annotated[Language, typer.Option(help="Language of labels and names.")] = Language.pl,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Look among drafts too, as an imported catalogue is at first.")
    ] = False,
    needs: Annotated[int, typer.Option(min=1, max=3, help="At most so many needs.")] = 3,
    solutions: Annotated[int, typer.Option(min=1, max=20, help="At most so many solutions of a need.")] = 5,
) -> None:
    """Find solutions for a need told in plain words. Nothing of the text is kept.

    Exit code 0 also when nothing fits: that is an answer.
    """
    from krzew.door.finding import find as answer
    from krzew.door.finding.current import published, with_drafts

    said = _read() if text == "-" else text
    if not said.strip():
        raise fail("There is no text to read.", code=2)
    library = with_drafts() if drafts else published()
    if not library.cards and not drafts:
        library = with_drafts()
        if library.cards:
            errors.print("Nothing is published yet; these are drafts.", highlight=False)
    if not library.cards:
        raise fail("The library is empty. `krzew library load` or `krzew library import` fill it.")
    found = answer(
        said[:MOST_LETTERS],
        language=language.value,
        library=library,
        most_needs=needs,
        most_solutions=solutions,
    )
    if as_json:
        sys.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=1) + "\n")
    else:
        _print(found)


def _read() -> str:
    """Standard input, so that the text stays out of the history of commands."""
    return sys.stdin.read(MOST_LETTERS)


WORDS = {
    "pl": {
        "nothing": "Nic w bibliotece na to nie odpowiada.",
        "none": "na to biblioteka nie odpowiada",
        "failed": "w teście się nie sprawdziło",
        "harmful": "w teście zaszkodziło",
        "untested": "nieprzetestowane",
    },
    "en": {
        "nothing": "Nothing in the library answers this.",
        "none": "the library does not answer this",
        "failed": "did not work in its test",
        "harmful": "did harm in its test",
        "untested": "untested",
    },
}


def _print(found: Finding) -> None:
    words = WORDS[found.language]
    for danger in found.dangers:
        console.print(Text(danger.title, style="bold"))
        for number in danger.numbers:
            console.print(Text(f"  {number.number}  {number.name}"))
    for need in found.needs:
        _print_need(need, words)
    if found.nothing:
        console.print(Text(words["nothing"]))


def _print_need(need: Need, words: dict[str, str]) -> None:
    console.print(Text(need.label or "·", style="bold"))
    if not need.solutions:
        console.print(Text(f"  {words['none']}", style="dim"))
    for solution in need.solutions:
        caution = words.get(solution.evidence, "")
        line = f"{solution.score:.2f}  {solution.name}" + (f" ({caution})" if caution else "")
        console.print(Padding(Text(line), (0, 0, 0, 2)))
        console.print(Padding(Text(" · ".join(solution.words), style="dim"), (0, 0, 0, 8)))
