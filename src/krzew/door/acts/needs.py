"""A need that somebody agreed to leave: masked here whatever the page did, counted, and answered as a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.door.acts import cases
from krzew.door.finding import dangers, find, mask
from krzew.door.finding.chosen import named
from krzew.door.finding.result import Need as Heard
from krzew.door.finding.words import tokens_of
from krzew.door.models import Case, CaseKind, Need, Sender, UnknownWord
from krzew.door.queries import thesaurus
from krzew.door.rules import work_inbox
from krzew.library.queries import stamp
from krzew.places.models import Unit
from krzew.timeline.acts import act, record

LONGEST = 4000
MOST_NEEDS = 3
MOST_WORDS = 20


@dataclass(frozen=True)
class Left:
    """What the author leaves. `codes` are the needs as she confirmed them; none means as they are heard."""

    text: str
    consent: bool
    sender: str = Sender.PERSON
    codes: Sequence[str] = ()
    place: Unit | None = None
    whom: str = ""
    people: int | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    wants_news: bool = False
    language: str = "pl"
    is_demo: bool = False

    @property
    def is_challenge(self) -> bool:
        return self.sender in (Sender.INSTITUTION, Sender.GMINA)

    @property
    def has_address(self) -> bool:
        return bool(self.email.strip() or self.phone.strip())


@act
def keep(actor: Actor, left: Left) -> tuple[Case | None, str, list[Need]]:
    """Keep the need. With an address it becomes a case with a number and a link; without one it is only counted."""
    _check(left)
    text, whom = mask(left.text.strip()).text, mask(left.whom.strip()).text
    rows = _rows(left, text, whom)
    case, token = _case(actor, left, text, whom) if left.has_address else (None, "")
    for row in rows:
        row.case = case
        row.save()
    _count_unknown(text)
    data = {"sender": left.sender, "needs": len(rows), "answered": sum(row.answered for row in rows)}
    record(actor, "door.need_kept", rows[0], data=data)
    return case, token, rows


@act
def take_down(
    actor: Actor, kind: str, text: str, *, counted: bool = False, **fields: Any
) -> tuple[Case, str]:
    """What came by telephone or on paper: a case, and when the person agreed a need among the others."""
    work_inbox.require(actor)
    case, token = cases.open_case(
        actor, kind, text=text, keyed_by=actor.user, organisation=actor.organisation, **fields
    )
    if counted and kind == CaseKind.NEED:
        words = mask(text.strip()).text
        for row in _rows(Left(words, True, place=fields.get("place")), words, ""):
            row.case = case
            row.save()
        _count_unknown(words)
    return case, token


def _check(left: Left) -> None:
    errors: dict[str, Any] = {}
    if not left.consent:
        errors["consent"] = _("Without your consent nothing is kept.")
    if not left.text.strip():
        errors["text"] = _("Write what is wrong, or what would help.")
    if len(left.text) > LONGEST:
        errors["text"] = _("This is too long: at most %(n)d characters fit.") % {"n": LONGEST}
    if left.wants_news and not left.email.strip():
        errors["email"] = _("Leave an e-mail if you want to be told of new solutions.")
    if errors:
        raise ValidationError(errors)


def _rows(left: Left, text: str, whom: str) -> list[Need]:
    context = f"{text}\n{whom}" if whom else text
    known, library = thesaurus.concepts(), _library()
    needs = _heard(context, left)
    phrases = [need.phrase if len(needs) > 1 and need.phrase else text for need in needs]
    return [
        Need(
            sender=left.sender,
            text=mask(phrase).text[:LONGEST],
            main=need.code,
            concepts=thesaurus.broader(need.code, known),
            groups=[word.code for word in need.groups],
            services=[word.code for word in need.services],
            place=left.place,
            people=left.people if left.is_challenge else None,
            answered=bool(need.solutions),
            solutions=[found.slug for found in need.solutions],
            wants_news=left.wants_news,
            library=library,
            is_demo=left.is_demo,
        )
        for need, phrase in zip(needs, phrases, strict=True)
    ]


def _heard(text: str, left: Left) -> list[Heard]:
    """The needs that the author confirmed; what nobody could name is kept as one need without a concept."""
    heard = {need.code: need for need in find(text, language=left.language).needs}
    wanted = [code for code in left.codes if code] or list(heard)
    found = [heard.get(code) or named(text, code, language=left.language) for code in wanted]
    return [need for need in found if need is not None][:MOST_NEEDS] or [Heard("", "", text)]


def _library() -> str:
    """Which library answered, so that a later one may be asked again."""
    count, ids, last = stamp()
    return f"{count}/{ids} {last:%Y-%m-%d %H:%M}" if last else "0"


def _case(actor: Actor, left: Left, text: str, whom: str) -> tuple[Case, str]:
    lines = [text]
    if left.is_challenge and whom:
        lines.append(_("Whom it concerns: %(whom)s") % {"whom": whom})
    if left.is_challenge and left.people:
        lines.append(_("How many people: %(n)d") % {"n": left.people})
    return cases.open_case(
        actor,
        CaseKind.CHALLENGE if left.is_challenge else CaseKind.NEED,
        text="\n\n".join(lines)[: cases.LONGEST],
        place=left.place,
        name=left.name.strip() or None,
        email=left.email.strip() or None,
        phone=left.phone.strip() or None,
        language=left.language,
        user=actor.user,
        urgent=bool(dangers(left.text)),
    )


def _count_unknown(text: str) -> None:
    """Count words that nobody knows, of the masked text alone; each once for one person."""
    for word in find(text).unknown_words[:MOST_WORDS]:
        tokens = tokens_of(word)
        if tokens:
            _count(tokens[0].key[:40], word[:60])


def _count(stem: str, form: str) -> None:
    now = timezone.now()
    row, new = UnknownWord.objects.get_or_create(stem=stem, defaults={"form": form})
    if not new:
        UnknownWord.objects.filter(pk=row.pk).update(times=F("times") + 1, last_at=now)
