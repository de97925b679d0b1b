"""Who acts, and for which organisation. Every act takes an actor first; no act knows of requests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from krzew.accounts.models import STAFF_ROLES, Membership, Organisation, Role, User


@dataclass(frozen=True)
class Actor:
    """A person (or the system) acting for one organisation with the roles held there.

    `organisations` are all that the person may switch to.
    """

    user: User | None = None
    organisation: Organisation | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    is_system: bool = False
    organisations: tuple[Organisation, ...] = field(default=(), compare=False)

    @classmethod
    def system(cls) -> Actor:
        """The program itself: scheduled work, the command line, loading of reference data."""
        return cls(is_system=True)

    @classmethod
    def anonymous(cls) -> Actor:
        return cls()

    @classmethod
    def of(cls, user: User, organisation: Organisation | None = None) -> Actor:
        """The user acting for `organisation`; without one, for the first with a staff role, or the first."""
        rows = list(Membership.objects.filter(user=user).select_related("organisation"))
        own = tuple(dict.fromkeys(m.organisation for m in rows))
        if organisation not in own:
            first = [m.organisation for m in rows if m.role in STAFF_ROLES]
            organisation = next(iter([*first, *own]), None)
        chosen = next((o for o in own if o == organisation), None)
        roles = frozenset(m.role for m in rows if m.organisation == chosen)
        return cls(user, chosen, roles, organisations=own)

    def at(self, organisation: Organisation) -> Actor:
        """The same person, for an event that concerns this organisation. Gives no role there."""
        return replace(self, organisation=organisation, roles=frozenset())

    @property
    def is_known(self) -> bool:
        return self.user is not None

    @property
    def is_staff(self) -> bool:
        """Holds a role that needs a second factor."""
        return bool(self.roles & STAFF_ROLES)

    def has(self, *roles: Role) -> bool:
        return self.is_system or bool(self.roles & set(roles))

    @property
    def is_confirmed(self) -> bool:
        """Those who run this installation have confirmed the organisation acted for."""
        return self.is_system or (
            self.organisation is not None and self.organisation.confirmed_at is not None
        )

    def acts_for(self, organisation_id: int | None) -> bool:
        """True when the actor acts for this very organisation (or is the system)."""
        if self.is_system:
            return True
        return self.organisation is not None and self.organisation.pk == organisation_id

    def __str__(self) -> str:
        return "Krzew" if self.is_system else str(self.user or "")
