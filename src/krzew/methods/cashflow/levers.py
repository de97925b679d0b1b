"""What a "what if" may move: levers on a whole plan, neutral unless set."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

from ..record import MethodError
from .units import at_least, whole

SHARES = ("demand", "price", "variable_costs", "fixed_costs", "wages", "subsidies", "sigma", "loss")
SHIFTS = ("delay", "subsidy_delay")


@dataclass(frozen=True)
class Levers:
    """Multipliers (1 changes nothing) and shifts in months (0 changes nothing).

    `demand` moves quantities with their variable costs, `price` only what is earned; `wages` moves pay with
    its contributions, and the subsidies that depend on them follow; `subsidies` moves what is granted.
    `sigma` and `loss` move the uncertainty; `delay` the buyers' terms and `subsidy_delay` the offices'.
    """

    demand: float = 1.0
    price: float = 1.0
    variable_costs: float = 1.0
    fixed_costs: float = 1.0
    wages: float = 1.0
    subsidies: float = 1.0
    sigma: float = 1.0
    loss: float = 1.0
    delay: int = 0
    subsidy_delay: int = 0

    def __post_init__(self) -> None:
        for name in SHARES:
            at_least(f"Levers.{name}", getattr(self, name), 0, high=100)
        for name in SHIFTS:
            object.__setattr__(self, name, whole(f"Levers.{name}", getattr(self, name), -12, 12))

    def exact(self, name: str) -> Decimal:
        """A multiplier as an exact number."""
        return Decimal(str(getattr(self, name)))


NEUTRAL = Levers()


def lever_names() -> tuple[str, ...]:
    return tuple(f.name for f in fields(Levers))


def check_lever(name: str) -> str:
    """The name of a lever. Raises `MethodError` for another."""
    if name not in lever_names():
        raise MethodError("lever", f"must be one of {', '.join(lever_names())}", name)
    return name
