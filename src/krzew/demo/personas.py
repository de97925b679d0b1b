"""The invented people of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from krzew.accounts.models import OrganisationKind, Role


@dataclass(frozen=True)
class Persona:
    """One invented person: who she is, for whom she acts, and what one can try as her."""

    key: str
    name: str
    organisation: str
    kind: OrganisationKind | None
    roles: tuple[Role, ...]
    title: Promise
    does: Promise
    place: str = ""
    lands: str = "home"
    """The page on which she has something to do."""

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"


CENTRE = "OWES Zielony Zakątek (demonstracja)"
LIBRARY = "Stowarzyszenie Krzewiciele (demonstracja)"
GMINA = "Gmina Czarnków (demonstracja)"
OTHER = "OWES Za Górą (demonstracja)"
OFFICE = "Ośrodek Polityki Społecznej Zagajnik (demonstracja)"
INCUBATOR = "Inkubator Pierwszy Pąk (demonstracja)"

PERSONAS = (
    Persona(
        "ada",
        "Ada Doradna",
        CENTRE,
        OrganisationKind.SUPPORT_CENTRE,
        (Role.ADVISER,),
        _("Ada, adviser of a support centre"),
        _("Runs the diagnosis of Gmina Czarnków, holds meetings, answers enquiries."),
    ),
    Persona(
        "wojt",
        "Wit Gminny",
        GMINA,
        OrganisationKind.GMINA,
        (Role.OWNER,),
        _("Wit, head of a gmina"),
        _("Asks for a solution to be brought to his gmina and sees what happens next."),
        "300202",
    ),
    Persona(
        "ela",
        "Ela Redaktorska",
        LIBRARY,
        OrganisationKind.ASSOCIATION,
        (Role.EDITOR, Role.OWNER),
        _("Ela, editor of the library"),
        _("Adds, reviews and publishes solutions."),
    ),
    Persona(
        "olek",
        "Olek Zaradny",
        CENTRE,
        OrganisationKind.SUPPORT_CENTRE,
        (Role.OWNER, Role.ADVISER),
        _("Olek, owner of the support centre's account"),
        _("Invites people, gives roles, reads the audit trail, releases letters."),
    ),
    Persona(
        "nina",
        "Nina Naborska",
        INCUBATOR,
        OrganisationKind.INCUBATOR,
        (Role.OWNER, Role.MANAGER, Role.EDITOR),
        _("Nina, manager of an incubator's calls"),
        _("Answers ideas that anyone may write, builds programmes, announces calls."),
    ),
    Persona(
        "kuba",
        "Kuba Ceniący",
        INCUBATOR,
        OrganisationKind.INCUBATOR,
        (Role.ASSESSOR,),
        _("Kuba, assessor"),
        _("Reads and scores the applications that Nina gives him, and no others."),
        lands="calls:assessments",
    ),
    Persona(
        "tomek",
        "Tomasz Zegarowy",
        "",
        None,
        (),
        _("Tomek, innovator"),
        _(
            "A father whose clock of pictures went all the way from an idea to the library. Sees every step of it."
        ),
        lands="trials:innovation",
    ),
    Persona(
        "marta",
        "Marta Wspierająca",
        INCUBATOR,
        OrganisationKind.INCUBATOR,
        (Role.MENTOR,),
        _("Marta, mentor of innovations"),
        _("Accompanies four innovations, visits tests, says what she thinks before the last gate."),
    ),
    Persona(
        "olga",
        "Olga Dyżurująca",
        OFFICE,
        OrganisationKind.INSTITUTION,
        (Role.ADVISER,),
        _("Olga, officer of a regional office"),
        _("Answers what people leave at the front door, reads notices for the board, sees white spots."),
    ),
    Persona(
        "zenek",
        "Zenek Postronny",
        OTHER,
        OrganisationKind.SUPPORT_CENTRE,
        (Role.ADVISER,),
        _("Zenek, adviser of another support centre"),
        _("Sees only what is public and his own: try to find Ada's diagnosis as him."),
    ),
)


def persona(key: str) -> Persona | None:
    return next((p for p in PERSONAS if p.key == key), None)
