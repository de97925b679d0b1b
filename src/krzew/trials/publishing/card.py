"""A card of the library made of a package, a test and its evaluation. Nothing is typed twice, nothing is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from krzew.library.cards import empty_card, highest_level
from krzew.trials.models import Conclusion, Innovation, Licence, Package
from krzew.trials.publishing.answers import lines, said
from krzew.trials.states import InnovationState, TesterState
from krzew.ui.addresses import absolute

SOURCE = "test"
DIRECTIONS = {
    Conclusion.WORKS: "positive",
    Conclusion.PARTLY: "mixed",
    Conclusion.NOT: "negative",
    Conclusion.UNCLEAR: "none",
}
TESTED, CHOSEN = 2, 3
"""Levels of evidence: tested at small scale; chosen for dissemination."""
Card = dict[str, Any]


def card_of(package: Package, slug: str, base: Mapping[str, Any] | None = None) -> Card:
    """The card. With `base`, the published card of an earlier version, what is not asked here is kept."""
    innovation, answers = package.innovation, package.answers
    name = {lang: said(answers, lang, "name") or innovation.title for lang in ("pl", "en")}
    card = dict(base) if base else empty_card(slug, "innovation", name["pl"], name["en"])
    card |= {"slug": slug, "verified": True, "name_pl": name["pl"], "name_en": name["en"]}
    card |= _texts(answers) | _places(answers)
    for field, code in (("core_parts", "core"), ("adaptable_parts", "adaptable"), ("asks", "unknown")):
        card[field] = _pairs(answers, code)
    kept = [item for item in card["evidence"] if item["source"] != SOURCE]
    card["evidence"] = [*kept, *_evidence(innovation)]
    card["sources"] = [s for s in card["sources"] if s["id"] != SOURCE] + [_source(innovation)]
    card["licence"] = _licence(package)
    card["numbers"] = dict(card["numbers"]) | _testers(innovation)
    card["notes"] = [*card["notes"], *_harm(innovation)]
    card["fit"] = _fit(card)
    return card


def _texts(answers: Mapping[str, Any]) -> Card:
    texts = {f"summary_{lang}": said(answers, lang, "summary") for lang in ("pl", "en")}
    for lang in ("pl", "en"):
        parts = [said(answers, lang, code) for code in ("what", "group", "who")]
        texts[f"does_{lang}"] = " ".join(part for part in parts if part)[:1200]
    return texts


def _places(answers: Mapping[str, Any]) -> Card:
    """Under which group, area and problem it is found."""
    needs = [
        {
            "code": code,
            "relevance": 3 if n == 0 else 2,
            "reason_pl": said(answers, "pl", "problems")[:1200],
            "reason_en": said(answers, "en", "problems")[:1200],
        }
        for n, code in enumerate(answers.get("needs") or [])
    ]
    codes = {name: list(answers.get(name) or []) for name in ("groups", "domains")}
    return codes | {"needs": needs, "door": answers.get("door") or None}


def _pairs(answers: Mapping[str, Any], code: str) -> list[dict[str, str]]:
    rows = zip(lines(answers, "pl", code), lines(answers, "en", code), strict=False)
    return [{"text_pl": pl, "text_en": en} for pl, en in rows]


def _evidence(innovation: Innovation) -> list[Card]:
    """What the test showed, and that a body chose it; a failed test is said as plainly as a good one."""
    evaluation = innovation.evaluation
    year = timezone.localdate().year
    test = getattr(innovation, "test", None)
    if test is not None and test.ended_on:
        year = test.ended_on.year
    item = {
        "level": min(evaluation.level if evaluation.level is not None else TESTED, TESTED),
        "direction": DIRECTIONS[Conclusion(evaluation.conclusion)],
        "result_pl": evaluation.summary_pl[:1200],
        "result_en": (evaluation.summary_en or evaluation.summary_pl)[:1200],
        "year": year,
        "source": SOURCE,
        "verified": True,
    }
    return [item, *_choice(innovation)]


def _choice(innovation: Innovation) -> list[Card]:
    if innovation.state != InnovationState.CHOSEN:
        return []
    return [
        {
            "level": CHOSEN,
            "direction": "none",
            "result_pl": "Po ocenie wyników testu wybrane do upowszechniania.",
            "result_en": "Chosen for dissemination after the results of the test were assessed.",
            "year": innovation.choice.decided_on.year if innovation.choice.decided_on else None,
            "source": SOURCE,
            "verified": True,
        }
    ]


def _source(innovation: Innovation) -> Card:
    path = reverse("trials:journey", args=[innovation.slug])
    labels = {}
    for lang, text in (("pl", "Test w naborze: {}"), ("en", "Test in the call: {}")):
        with override(lang):
            labels[f"label_{lang}"] = text.format(innovation.call.name)
    return {
        "id": SOURCE,
        **labels,
        "kind": "primary",
        "address": absolute(path) if innovation.is_public else None,
        "date": timezone.localdate().isoformat(),
    }


def _licence(package: Package) -> Card | None:
    """The licence of the files when they share one; otherwise each file says its own."""
    files = [file for file in package.files.all() if file.removed_at is None]
    names = {file.licence for file in files}
    if not names:
        return None
    name = str(Licence(names.pop()).label) if len(names) == 1 else "różne / several"
    return {
        "name": name,
        "scope_pl": "Materiały z pakietu; licencja stoi przy każdym pliku.",
        "scope_en": "The materials of the package; each file states its licence.",
        "source": SOURCE,
        "verified": True,
    }


def _testers(innovation: Innovation) -> Card:
    """How many people took part to the end, as a number with its source."""
    test = getattr(innovation, "test", None)
    states = (TesterState.FINISHED, TesterState.AGREED, TesterState.LEFT)
    count = test.testers.filter(state__in=states).count() if test is not None else 0
    if not count:
        return {}
    day = (test.ended_on or timezone.localdate()).isoformat() if test else ""
    return {
        "testers": {
            "low": count,
            "high": count,
            "unit": "testers",
            "as_of": day,
            "basis": "stated",
            "source": SOURCE,
            "verified": True,
        }
    }


def _harm(innovation: Innovation) -> list[Card]:
    harm = innovation.evaluation.harm.strip()
    if len(harm) < 15:
        return []
    note = {"kind": "caution", "text_pl": harm, "text_en": harm, "source": SOURCE, "verified": True}
    return [note]


def _fit(card: Card) -> Card:
    """The derived level, and what nobody has said yet is said to be unknown."""
    unknown = {
        "investment_reason_pl": "Test w małej skali nie powiedział, ile kosztuje wdrożenie.",
        "investment_reason_en": "The small-scale test did not say what bringing it elsewhere costs.",
    }
    fit = dict(card["fit"])
    fit |= {key: fit.get(key) or text for key, text in unknown.items()}
    return fit | {"evidence_level": highest_level(card)}
