"""One sentence about one figure: what it is, and where the similar gminas are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from krzew.places.vocabulary import IndicatorSpec
from krzew.ui.formats import number, percent, quantity

if TYPE_CHECKING:
    from krzew.places.standings import Standing

ALMOST_ALL, MOST = 0.9, 0.7


def written(spec: IndicatorSpec, value: float | None) -> str:
    """The value with its unit."""
    if spec.unit == "%":
        return percent(value, spec.decimals)
    return quantity(value, spec.unit, spec.decimals)


def is_signed(spec: IndicatorSpec) -> bool:
    """A change or a balance: the reader needs to see which way it goes."""
    return spec.minimum is None or spec.minimum < 0


def finding(standing: Standing) -> str:
    spec, value = standing.spec, standing.value
    if value is None:
        return ""
    sign = "+" if value > 0 and is_signed(spec) else ""
    texts = {"value": sign + written(spec, value), "value_only": number(value, spec.decimals)}
    return f"{spec.sentence.format(**texts)} ({standing.year}). {comparison(standing)}".strip()


def comparison(standing: Standing) -> str:
    """Which side of the similar gminas the place is on. Says nothing of good or bad."""
    if standing.spread is None:
        return ""
    median = {"median": written(standing.spec, standing.spread.median)}
    below = standing.spread.below
    if below >= ALMOST_ALL:
        return gettext("In almost all similar gminas the figure is lower (median: %(median)s).") % median
    if below >= MOST:
        return gettext("In most similar gminas the figure is lower (median: %(median)s).") % median
    if below <= 1 - ALMOST_ALL:
        return gettext("In almost all similar gminas the figure is higher (median: %(median)s).") % median
    if below <= 1 - MOST:
        return gettext("In most similar gminas the figure is higher (median: %(median)s).") % median
    return gettext("Similar gminas have about the same (median: %(median)s).") % median
