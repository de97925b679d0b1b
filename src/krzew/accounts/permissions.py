"""One permission style: a check with the reason that is shown, and the filter of rows that agrees with it.

A test walks over every permission, persona and object and proves that the two agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet

from krzew.accounts.actors import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise
else:
    _StrOrPromise = Any

M = TypeVar("M", bound=Model)
NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING  # not Q(): "x or Q()" is x alone, and would hide rows from those who may see all


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    reason: _StrOrPromise = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)


def verdict(allowed: bool, reason: _StrOrPromise) -> Verdict:
    """Allowed, or refused with this reason."""
    return YES if allowed else Verdict(False, reason)


class Denied(PermissionDenied):
    """Refused, with a reason in words that the page shows."""

    def __init__(self, reason: _StrOrPromise) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, eq=False)
class Permission:
    """What one kind of actor may do with one kind of object.

    `check(actor, obj)` gives a verdict for one object; `visible(actor)` gives the rows for which it would be
    yes (None where the permission is not about rows that already exist, such as "may open a new one").
    """

    name: str
    check: Callable[[Actor, Any], Verdict]
    visible: Callable[[Actor], Q] | None = None
    model: type[Model] | None = None

    def __post_init__(self) -> None:
        PERMISSIONS.append(self)

    def allows(self, actor: Actor, obj: Any = None) -> bool:
        return bool(self.check(actor, obj))

    def require(self, actor: Actor, obj: Any = None) -> None:
        answer = self.check(actor, obj)
        if not answer:
            raise Denied(answer.reason)

    def filter(self, actor: Actor, rows: QuerySet[M]) -> QuerySet[M]:
        if self.visible is None:
            raise TypeError(f"{self.name} is not a permission over rows")
        return rows.filter(self.visible(actor))


PERMISSIONS: list[Permission] = []
