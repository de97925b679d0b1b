"""Tables of states: which act leads from where to where, and who does it. The diagrams come from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Transition:
    """`act` takes an object from one of `sources` to `target`; `who` may do it."""

    act: str
    sources: tuple[str, ...]
    target: str
    who: str


class WrongState(Exception):
    """The act does not lead out of the state in which the object is."""

    def __init__(self, act: str, state: str) -> None:
        super().__init__(f"{act} is not possible in state {state}")
        self.act, self.state = act, state


def target(table: Sequence[Transition], act: str, state: str) -> str:
    """Where `act` leads from `state`; refuses when it leads nowhere."""
    for transition in table:
        if transition.act == act and (state in transition.sources or (not state and not transition.sources)):
            return transition.target
    raise WrongState(act, state)


def possible(table: Sequence[Transition], state: str) -> list[Transition]:
    """What may happen next."""
    return [t for t in table if state in t.sources]


def mermaid(table: Sequence[Transition]) -> str:
    """The table as a Mermaid state diagram; the documentation is checked against it."""
    lines = ["stateDiagram-v2"]
    for t in table:
        for source in t.sources or ("[*]",):
            lines.append(f"    {source} --> {t.target}: {t.act} ({t.who})")
    ends = {t.target for t in table} - {s for t in table for s in t.sources}
    return "\n".join(lines + [f"    {end} --> [*]" for end in sorted(ends)])
