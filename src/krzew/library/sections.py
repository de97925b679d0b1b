"""The parts in which a card is written, read and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from krzew.library.cards import Card, content_hash

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Section:
    """Some fields of the card that are edited on one page."""

    key: str
    title: _StrPromise
    fields: tuple[str, ...]

    def of(self, card: Card) -> dict[str, Any]:
        """The section's content, without the level of evidence: that one is derived from the evidence."""
        content = {name: card.get(name) for name in self.fields}
        if fit := content.get("fit"):
            content["fit"] = {key: value for key, value in fit.items() if key != "evidence_level"}
        return content

    def seen(self, card: Card) -> str:
        """A mark of what an editor saw; it differs once somebody else has saved this section."""
        return content_hash(self.of(card))


_BASICS = (
    "door",
    "verified",
    "name_pl",
    "name_en",
    "aliases",
    "summary_pl",
    "summary_en",
    "does_pl",
    "does_en",
)
SECTIONS = (
    Section("basics", _("Name and what it does"), _BASICS),
    Section("sources", _("Sources and open questions"), ("sources", "asks")),
    Section("audience", _("Whom it serves and which problem it answers"), ("groups", "domains", "needs")),
    Section("parts", _("Parts and steps"), ("core_parts", "adaptable_parts", "steps")),
    Section("people", _("Partners and points of view"), ("partners", "perspectives")),
    Section("numbers", _("Numbers"), ("numbers", "fit")),
    Section("preconditions", _("What must be there first"), ("preconditions",)),
    Section("evidence", _("Evidence and where it works"), ("evidence", "exemplars", "notes")),
    Section("materials", _("Licence, documents, related solutions"), ("licence", "documents", "related")),
)
BY_KEY = {section.key: section for section in SECTIONS}
OF_FIELD = {field: section for section in SECTIONS for field in section.fields}
