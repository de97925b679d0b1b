"""Social return: value to people over money spent, always with what it takes off and a range."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from ..phrases import number
from ..record import MethodError, Provenance, data_hash, finite_matrix, stamp
from .words import check_language, sentence


@dataclass(frozen=True)
class Deductions:
    """Shares (0 to 1): what would have happened anyway, what others did, what was lost elsewhere, and by how
    much the outcome drops each year."""

    deadweight: float
    attribution: float
    displacement: float
    drop_off: float

    def __post_init__(self) -> None:
        for name, share in asdict(self).items():
            if not 0 <= share <= 1:
                raise MethodError(name, "must be a share from 0 to 1", str(share))


@dataclass(frozen=True)
class SocialReturn:
    """`ratio` of value to cost; `range` when every deduction is off by `margin` points either way."""

    ratio: float
    range: tuple[float, float]
    value: float
    deductions: Deductions
    discount: float
    margin: float
    provenance: Provenance

    def explain(self, lang: str = "pl") -> tuple[str, ...]:
        """Plain sentences, the label last. Raises `MethodError` unless pl or en."""
        check_language(lang)
        low, high = (number(end, lang, 2) for end in self.range)
        span = sentence("range", lang, low=low, high=high)
        shares = {name: 100 * share for name, share in asdict(self.deductions).items()}
        return (
            sentence("sroi", lang, ratio=number(self.ratio, lang, 2), interval=span),
            sentence("sroi_parts", lang, discount=100 * self.discount, **shares),
            sentence("sroi_label", lang),
        )


def social_return(
    values: npt.ArrayLike,
    cost: float,
    deductions: Deductions,
    *,
    years: int = 1,
    discount: float = 0.035,
    margin: float = 0.1,
) -> SocialReturn:
    """Value of outcomes `values` (k,) a year over `cost`, for `years` years from the first on.

    Each year counts value · (1 - deadweight) · (1 - attribution) · (1 - displacement), less by the drop-off
    every further year, discounted to the first. Source: A Guide to Social Return on Investment (SROI Network
    2012). An appendix at most: the figures are assumptions, and ratios of projects do not compare. Where there
    is a comparison group, give its estimate as the value and no deadweight.
    """
    gross = float(finite_matrix("values", values).sum())
    if not cost > 0 or years < 1 or discount < 0 or not 0 <= margin <= 1:
        raise MethodError("cost", "must be above zero, years from 1, discount from 0, margin from 0 to 1")
    value = gross * _kept(deductions, years, discount)
    ends = [_kept(_shifted(deductions, way * margin), years, discount) * gross / cost for way in (1, -1)]
    parameters = {**asdict(deductions), "years": years, "discount": discount, "margin": margin}
    origin = stamp("effects.social_return", None, data_hash(gross, cost), parameters)
    return SocialReturn(value / cost, (min(ends), max(ends)), value, deductions, discount, margin, origin)


def _kept(d: Deductions, years: int, discount: float) -> float:
    year = np.arange(years)
    net = (1 - d.deadweight) * (1 - d.attribution) * (1 - d.displacement)
    return float(net * ((1 - d.drop_off) / (1 + discount)) ** year @ np.ones(years))


def _shifted(d: Deductions, by: float) -> Deductions:
    return Deductions(**{name: float(np.clip(share + by, 0, 1)) for name, share in asdict(d).items()})
