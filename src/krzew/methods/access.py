"""Services within reach: the two-step floating catchment area method, plain (2SFCA) and by bands (E2SFCA).

Step one gives each service its places per person who can reach it; step two adds up, for each place where
people live, what it can reach. The sum of people times access is exactly the supply that somebody reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .phrases import number, plural
from .record import FloatArray, IntArray, MethodError, Provenance, data_hash, finite_matrix, stamp


@dataclass(frozen=True, eq=False)
class Access:
    """`access` (n,) supply per person at each place; `ratio` (m,) supply per weighted person at each service.

    `idle` lists the services that nobody can reach: their supply is in no place's access. `unserved` lists the
    places with people and without access, `unserved_people` counts them; `average` is access per person over
    all people, so an average place has 1 when divided by it (NaN without people).
    """

    access: FloatArray
    ratio: FloatArray
    reached_supply: float
    idle: IntArray
    unserved: IntArray
    unserved_people: float
    average: float
    provenance: Provenance

    def explain(
        self, lang: str = "pl", names: Sequence[str] | None = None, services: Sequence[str] | None = None
    ) -> tuple[str, ...]:
        """Plain sentences; `names` of places and of `services` stand in quotes where given.

        Raises `MethodError` for a language other than pl and en and for a wrong number of names.
        """
        if lang not in TEXT:
            raise MethodError("lang", "must be pl or en", lang)
        for field, given, size in (("names", names, self.access), ("services", services, self.ratio)):
            if given is not None and len(given) != len(size):
                raise MethodError(field, f"needs one name for each of {len(size)}", str(len(given)))
        return _Speaker(self, lang).lines(names, services)


def two_step(
    demand: npt.ArrayLike,
    supply: npt.ArrayLike,
    origin: npt.ArrayLike,
    destination: npt.ArrayLike,
    cost: npt.ArrayLike,
    bands: Sequence[float],
    weights: Sequence[float] | None = None,
) -> Access:
    """Access of `demand` (n,) to `supply` (m,) over a list of journeys (origin row, destination row, cost).

    Band j holds previous < cost <= bands[j], the first also cost 0; farther is out of reach. Costs and bands
    share one unit (minutes, kilometres); access is in units of supply per person. One band with weight 1 is
    2SFCA (W. Luo and F. Wang, Environment and Planning B 30 (2003) 865-884), several weights are E2SFCA
    (W. Luo and Y. Qi, Health & Place 15 (2009) 1100-1107). Each pair of place and service may be given once.

    Raises `MethodError` for rows out of range, a pair given twice, negative or missing figures, and bands that
    do not rise.
    """
    people, places = finite_matrix("demand", demand), finite_matrix("supply", supply)
    costs = finite_matrix("cost", cost)
    for name, array in (("demand", people), ("supply", places), ("cost", costs)):
        if array.ndim != 1:
            raise MethodError(name, f"must be one row of figures, not of shape {array.shape}")
    limits, steps = _checked_bands(bands, weights)
    i = _rows("origin", origin, len(people), len(costs))
    j = _rows("destination", destination, len(places), len(costs))
    for name, array in (("demand", people), ("supply", places), ("cost", costs)):
        if (array < 0).any():
            raise MethodError(name, "must not be negative", str(int(np.argmax(array < 0))))
    _each_once(i, j, len(places))
    band = sum((costs > limit).astype(np.int8) for limit in limits)  # few bands: faster than a search
    weight = np.append(steps, 0.0)[band]
    reach = np.bincount(j, weight * people[i], minlength=len(places))
    ratio = np.divide(places, reach, out=np.zeros(len(places)), where=reach > 0)
    access: FloatArray = np.bincount(i, weight * ratio[j], minlength=len(people)).astype(np.float64)
    idle = np.flatnonzero((reach <= 0) & (places > 0))
    parameters = {"bands": limits.tolist(), "weights": steps.tolist()}
    stamped = stamp("access", None, data_hash(people, places, i, j, costs), parameters)
    reached, all_people = float(places[reach > 0].sum()), float(people.sum())
    unserved = np.flatnonzero((people > 0) & (access <= 0))
    average = reached / all_people if all_people else float("nan")
    found = (unserved, float(people[unserved].sum()), average)
    return Access(access, ratio, reached, idle, *found, stamped)


def _each_once(i: IntArray, j: IntArray, services: int) -> None:
    """A journey given twice would count its people and its supply twice."""
    pair = i * services + j
    if (pair[1:] > pair[:-1]).all():
        return  # in order already, as most lists are
    pair.sort()
    twice = np.flatnonzero(pair[1:] == pair[:-1])
    if len(twice):
        row, column = divmod(int(pair[twice[0]]), services)
        raise MethodError("origin", "gives the same journey twice", f"{row}, {column}")


def _checked_bands(bands: Sequence[float], weights: Sequence[float] | None) -> tuple[FloatArray, FloatArray]:
    limits = finite_matrix("bands", bands)
    steps = finite_matrix("weights", np.ones(len(limits)) if weights is None else weights)
    if limits.ndim != 1 or not len(limits) or limits[0] <= 0 or (np.diff(limits) <= 0).any():
        raise MethodError(
            "bands", "must be upper limits above zero, each above the one before", str(list(bands))
        )
    if steps.shape != limits.shape or (steps < 0).any():
        raise MethodError("weights", "needs one weight not below zero for each band", str(steps.tolist()))
    return limits, steps


def _rows(name: str, rows: npt.ArrayLike, size: int, length: int) -> IntArray:
    array = np.asarray(rows)
    if array.shape != (length,) or not (np.issubdtype(array.dtype, np.integer) or not array.size):
        raise MethodError(name, f"needs one row number for each of the {length} journeys")
    if array.size and (array.min() < 0 or array.max() >= size):
        raise MethodError(name, f"must hold row numbers from 0 to {size - 1}")
    return array.astype(np.int64)


class _Speaker:
    """Sentences about one result in one language."""

    def __init__(self, found: Access, lang: str) -> None:
        self.found, self.lang, self.text = found, lang, TEXT[lang]

    def lines(self, names: Sequence[str] | None, services: Sequence[str] | None) -> tuple[str, ...]:
        found = self.found
        if not found.reached_supply:
            return (self.text["nothing"],)
        lines = [self.text["average"].format(rate=self._rate(found.average))]
        if names is not None and len(np.flatnonzero(found.access > 0)):
            least, most = (int(f(np.where(found.access > 0, found.access, other))) for f, other in EXTREMES)
            most_, least_ = (self._named(names, [at]) for at in (most, least))
            rates = {"most": self._rate(found.access[most]), "least": self._rate(found.access[least])}
            lines.append(self.text["range"].format(best=most_, worst=least_, **rates))
        lines.append(self._unserved(names))
        if len(found.idle):
            count = f"{number(len(found.idle), self.lang)} {plural(len(found.idle), SERVICES[self.lang])}"
            lines.append(self.text["idle"].format(services=count, names=self._list(services, found.idle)))
        return (*lines, self.text["limits"])

    def _unserved(self, names: Sequence[str] | None) -> str:
        found = self.found
        if not len(found.unserved):
            return self.text["everyone"]
        people = number(found.unserved_people, self.lang, 0)
        return self.text["unserved"].format(people=people, names=self._list(names, found.unserved))

    def _rate(self, access: float) -> str:
        return number(1000 * float(access), self.lang)

    def _list(self, names: Sequence[str] | None, rows: IntArray) -> str:
        return "" if names is None else f" ({self._named(names, rows.tolist())})"

    def _named(self, names: Sequence[str], rows: list[int]) -> str:
        quoted = [self.text["quote"].format(name=names[i]) for i in rows[:SHOWN]]
        return ", ".join(quoted) + (" …" if len(rows) > SHOWN else "")


SHOWN = 5
EXTREMES = ((np.argmin, np.inf), (np.argmax, -np.inf))
SERVICES = {
    "pl": ("usługa", "usługi", "usług", "usługi"),
    "en": ("service", "services", "services", "services"),
}
TEXT = {
    "pl": {
        "quote": "„{name}”",
        "nothing": "Żadna usługa nie jest w zasięgu żadnego miejsca.",
        "average": "Na 1000 osób przypada średnio tyle miejsc w zasięgu: {rate}.",
        "range": "Najwięcej: {best} ({most} na 1000). Najmniej spośród tych, które coś mają: {worst} ({least} na 1000).",
        "everyone": "Nikt nie jest poza zasięgiem.",
        "unserved": "Osoby, które nie mają w zasięgu niczego: {people}{names}.",
        "idle": "Poza zasięgiem wszystkich: {services}{names}.",
        "limits": "Miejsca liczymy raz: kto mieszka blisko wielu ludzi, dzieli je z nimi. Wynik zależy od tego, jaką "
        "odległość uznamy za zasięg.",
    },
    "en": {
        "quote": "“{name}”",
        "nothing": "No service is within reach of any place.",
        "average": "Places within reach per 1,000 people, on average: {rate}.",
        "range": "Most: {best} ({most} per 1,000). Least among those that have any: {worst} ({least} per 1,000).",
        "everyone": "Nobody is out of reach.",
        "unserved": "People with nothing within reach: {people}{names}.",
        "idle": "Out of everybody's reach: {services}{names}.",
        "limits": "Each place is counted once: who lives near many people shares it with them. The result depends on "
        "what distance we call within reach.",
    },
}
