"""Words that librarians of this place add to concepts, and what they do with words that nobody knew."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.door.finding import mask
from krzew.door.models import ThesaurusWord, UnknownWord
from krzew.door.queries import thesaurus
from krzew.door.rules import edit_thesaurus
from krzew.timeline.acts import act, record

LANGUAGES = ("pl", "en")
LEAST_LETTERS = 3
LONGEST = 120
STARS = re.compile(r"\*(?!\s|$)")


@act
def add_word(
    actor: Actor, code: str, text: str, *, language: str = "pl", is_misspelling: bool = False
) -> ThesaurusWord:
    """Add a word or phrase to a concept. "senior*" finds every word that begins so."""
    edit_thesaurus.require(actor, None)
    words = " ".join(text.split())
    _check(code, words, language)
    row, new = ThesaurusWord.objects.get_or_create(
        concept=code,
        language=language,
        text=words,
        removed_at=None,
        defaults={"by": actor.user, "is_misspelling": is_misspelling or "*" in words},
    )
    if not new:
        raise ValidationError({"text": _("This word is already here.")})
    record(actor, "door.word_added", row, data={"concept": code, "word": words})
    return row


def _check(code: str, words: str, language: str) -> None:
    concept = thesaurus.concepts().get(code)
    if concept is None or language not in LANGUAGES:
        raise ValidationError({"text": _("There is no such concept.")})
    if len(words.replace("*", "")) < LEAST_LETTERS or len(words) > LONGEST:
        raise ValidationError({"text": _("A word has at least three letters, a phrase at most 120.")})
    if STARS.search(words):
        raise ValidationError({"text": _("A star stands at the end of a word only.")})
    if mask(words).found:
        raise ValidationError({"text": _("This looks like a name, a number or an address of a person.")})
    known = {form.casefold() for form in concept.forms(language)}
    if words.casefold() in known:
        raise ValidationError({"text": _("This word is already here.")})


@act
def remove_word(actor: Actor, row: ThesaurusWord) -> ThesaurusWord:
    """Take a word out that a librarian added; it stays in the history."""
    edit_thesaurus.require(actor, None)
    if row.removed_at is None:
        row.removed_at = timezone.now()
        row.save(update_fields=["removed_at"])
        record(actor, "door.word_removed", row, data={"concept": row.concept, "word": row.text})
    return row


@act
def settle(actor: Actor, row: UnknownWord, code: str = "", *, language: str = "pl") -> UnknownWord:
    """Put an unknown word into a concept, or set it aside when no code is given."""
    edit_thesaurus.require(actor, None)
    if code:
        add_word(actor, code, row.form, language=language)
    row.settled_at = timezone.now()
    row.save(update_fields=["settled_at"])
    record(actor, "door.unknown_settled", row, data={"concept": code})
    return row
