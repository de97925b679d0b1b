"""Template filters for parts of a card, which are plain dictionaries with texts in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

from krzew.library import catalogue, labels, wording
from krzew.library.cards import said as said_in
from krzew.library.present import source_numbers

register = template.Library()


def _language() -> str:
    return "en" if (get_language() or "pl").startswith("en") else "pl"


@register.filter
def said(item: Mapping[str, Any], name: str) -> str:
    return said_in(item, name, _language())


@register.filter
def choice(item: Mapping[str, Any], field: str) -> str:
    """`item.field` in words; "kind:note_kind" reads `kind` with the words of `note_kind`."""
    name, _sep, words = field.partition(":")
    return labels.choice(words or name, item.get(name))


@register.filter
def code_label(code: Any, kind: str) -> str:
    return catalogue.label(kind, str(code))


@register.filter
def rule_words(rule: Mapping[str, Any]) -> str:
    return wording.rule_text(rule, _language()) if rule else ""


@register.inclusion_tag("library/source_mark.html")
def source_mark(card: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
    """The number of the source, and "unverified" where nobody has read it."""
    source = item.get("source", "")
    return {
        "number": source_numbers(card).get(source),
        "id": source,
        "unverified": item.get("verified") is False,
    }
