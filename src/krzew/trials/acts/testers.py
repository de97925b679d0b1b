"""Testers: invited or signed up, agreeing by version of the text, leaving whenever they wish, forgotten in time.

What a tester does herself is written down without an account: the time-line knows a code, never a person.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.accounts.actors import Actor
from krzew.calls.models import new_token, token_hash
from krzew.timeline.acts import act, record
from krzew.trials.acts.steps import move
from krzew.trials.acts.test import must_write
from krzew.trials.models import Consent, ConsentText, Innovation, Test, Tester
from krzew.trials.queries.testers import IN_TEST, OPEN, PERSONAL, needed, newest_text
from krzew.trials.rules import manage_innovation
from krzew.trials.states import TESTER, InnovationState, TesterState

NOBODY = Actor.anonymous()
MOST_TESTERS = 999


@act
def invite(actor: Actor, test: Test, data: dict[str, Any], *, innovator: bool = False) -> tuple[Tester, str]:
    """Put somebody on the list. Gives the secret of her own link, which the innovator hands over herself."""
    must_write(actor, test.innovation, innovator)
    _must_take_people(test)
    return _put(actor, test, TesterState.INVITED, "trials.tester_invited", data)


@act
def sign_up(test: Test, data: dict[str, Any], *, language: str = "pl") -> tuple[Tester, str]:
    """Somebody signs up by herself on the public page."""
    _must_take_people(test)
    if not test.is_open or test.innovation.state != InnovationState.RUNNING:
        raise ValidationError(_("This test does not look for people any more."))
    if not (data.get("email") or data.get("phone")):
        raise ValidationError({"email": _("Give an e-mail or a telephone number, so that we can answer.")})
    return _put(NOBODY, test, TesterState.SIGNED_UP, "trials.tester_signed_up", data, language)


def _must_take_people(test: Test) -> None:
    if test.state not in OPEN:
        raise ValidationError(_("The test is over, so nobody new comes in."))


def _put(
    actor: Actor, test: Test, state: TesterState, event: str, data: dict[str, Any], language: str = "pl"
) -> tuple[Tester, str]:
    """Under the lock of the test, so that two never get one code."""
    Test.objects.select_for_update().get(pk=test.pk)
    number = test.testers.count() + 1
    if number > MOST_TESTERS:
        raise ValidationError(_("The list is full."))
    if not (data.get("name") or "").strip():
        raise ValidationError({"name": _("Write a name, or how to speak to this person.")})
    token = new_token()
    known = {name: (data.get(name) or "").strip() or None for name in PERSONAL}
    tester = Tester.objects.create(
        test=test,
        code=f"T{number:02d}",
        state=state,
        token_hash=token_hash(token),
        has_guardian=bool(data.get("has_guardian")),
        decides_herself=bool(data.get("decides_herself", True)) or not data.get("has_guardian"),
        language=language,
        **known,
    )
    record(actor, event, tester, new=state)
    return tester, token


@act
def take(actor: Actor, tester: Tester, *, innovator: bool = False) -> Tester:
    """There is a place for somebody who signed up; now she is asked for her consent."""
    must_write(actor, tester.test.innovation, innovator)
    move(actor, tester, TESTER, "take", "trials.tester_taken")
    return tester


@act
def not_take(actor: Actor, tester: Tester, *, innovator: bool = False) -> Tester:
    """No place for her. What she told about herself is removed at once."""
    must_write(actor, tester.test.innovation, innovator)
    move(actor, tester, TESTER, "not_take", "trials.tester_not_taken")
    _erase(tester)
    return tester


@act
def write_text(
    actor: Actor, test: Test, text_pl: str, text_en: str = "", *, innovator: bool = False
) -> ConsentText:
    """A new version of what testers agree to. Everybody is asked again."""
    must_write(actor, test.innovation, innovator)
    _must_take_people(test)
    if not text_pl.strip():
        raise ValidationError({"text_pl": _("Write what testers agree to.")})
    last = newest_text(test)
    if last and (last.text_pl, last.text_en) == (text_pl.strip(), text_en.strip()):
        raise ValidationError({"text_pl": _("Nothing has changed, so nobody needs to be asked again.")})
    text = ConsentText.objects.create(
        test=test,
        number=last.number + 1 if last else 1,
        text_pl=text_pl.strip(),
        text_en=text_en.strip(),
        by=actor.user,
    )
    record(actor, "trials.consent_text_written", test, data={"number": text.number})
    return text


@act
def agree(tester: Tester, text: ConsentText, *, by_guardian: bool = False, guardian: str = "") -> Tester:
    """She, or her guardian, agrees on her own page to the text that was shown."""
    if by_guardian and guardian.strip():
        tester.guardian = guardian.strip()
        tester.save(update_fields=["guardian"])
    if by_guardian and not tester.guardian:
        raise ValidationError({"guardian": _("Write the name of the guardian who agrees.")})
    return _consent(NOBODY, tester, text, by_guardian, on_paper=False)


@act
def note_paper(
    actor: Actor, tester: Tester, text: ConsentText, *, by_guardian: bool = False, innovator: bool = False
) -> Tester:
    """A consent signed on paper, noted by whoever keeps the paper."""
    must_write(actor, tester.test.innovation, innovator)
    return _consent(actor, tester, text, by_guardian, on_paper=True)


def _consent(actor: Actor, tester: Tester, text: ConsentText, by_guardian: bool, on_paper: bool) -> Tester:
    if tester.state not in (TesterState.INVITED, TesterState.AGREED):
        raise ValidationError(_("A consent is given by those who are invited."))
    if text != newest_text(tester.test):
        raise ValidationError(_("The text has changed meanwhile. Read the new one, please."))
    if by_guardian not in needed(tester):
        raise ValidationError(_("This consent is not needed for this person."))
    Consent.objects.get_or_create(
        tester=tester,
        text=text,
        by_guardian=by_guardian,
        withdrawn_at=None,
        defaults={"on_paper": on_paper, "noted_by": actor.user},
    )
    data = {"version": text.number, "guardian": by_guardian, "paper": on_paper}
    said = set(tester.consents.filter(text=text, withdrawn_at=None).values_list("by_guardian", flat=True))
    if tester.state == TesterState.INVITED and needed(tester) <= said:
        move(actor, tester, TESTER, "agree", "trials.tester_agreed", data)
    else:
        record(actor, "trials.tester_consent", tester, data=data)
    return tester


@act
def refuse(tester: Tester) -> Tester:
    """She does not want to. Nobody asks why; what is known about her is removed at once."""
    tester.consents.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    move(NOBODY, tester, TESTER, "refuse", "trials.tester_refused")
    _erase(tester)
    return tester


@act
def leave(tester: Tester, *, why: str = "", keep_answers: bool = False) -> Tester:
    """She takes back her consent and leaves, at any time. A reason is never needed."""
    return _left(NOBODY, tester, why, keep_answers)


@act
def note_left(
    actor: Actor, tester: Tester, *, why: str = "", keep_answers: bool = False, innovator: bool = False
) -> Tester:
    """She told the innovator that she leaves."""
    must_write(actor, tester.test.innovation, innovator)
    return _left(actor, tester, why, keep_answers)


def _left(actor: Actor, tester: Tester, why: str, keep_answers: bool) -> Tester:
    if tester.state not in IN_TEST:
        raise ValidationError(_("Only somebody who takes part can leave."))
    now = timezone.now()
    tester.consents.filter(withdrawn_at=None).update(withdrawn_at=now)
    if not keep_answers:
        tester.measurements.all().delete()
    data = {"answers_kept": keep_answers}
    if tester.state == TesterState.AGREED:
        fields = {"left_on": timezone.localdate(now), "left_why": why.strip()[:300]}
        move(actor, tester, TESTER, "leave", "trials.tester_left", data, **fields)
    else:
        record(actor, "trials.tester_withdrew", tester, data=data)
    _erase(tester)
    return tester


@act
def finish(actor: Actor, tester: Tester, *, innovator: bool = False) -> Tester:
    """She took part to the end."""
    must_write(actor, tester.test.innovation, innovator)
    move(actor, tester, TESTER, "finish", "trials.tester_finished")
    return tester


@act
def describe(
    actor: Actor,
    tester: Tester,
    *,
    profile: list[str],
    has_guardian: bool,
    decides_herself: bool,
    innovator: bool = False,
) -> Tester:
    """Which lines of the planned group she is, and who decides. A guardian more means a consent more."""
    must_write(actor, tester.test.innovation, innovator)
    known = {row["code"] for row in tester.test.plan.get("profile", [])}
    tester.profile = [code for code in profile if code in known]
    tester.has_guardian = has_guardian
    tester.decides_herself = decides_herself or not has_guardian
    tester.save(update_fields=["profile", "has_guardian", "decides_herself"])
    record(actor, "trials.tester_described", tester)
    return tester


@act
def new_link(actor: Actor, tester: Tester, *, innovator: bool = False) -> str:
    """A new secret for a lost link; the old one stops working."""
    must_write(actor, tester.test.innovation, innovator)
    token = new_token()
    tester.token_hash = token_hash(token)
    tester.save(update_fields=["token_hash"])
    record(actor, "trials.tester_link_renewed", tester)
    return token


@act
def show_names(actor: Actor, innovation: Innovation, *, innovator: bool = False) -> None:
    """Names and contacts are opened; the time-line keeps that they were."""
    if not innovator:
        manage_innovation.require(actor, innovation)
    record(actor, "trials.testers_shown", innovation)


@act
def forget(actor: Actor, tester: Tester) -> Tester:
    """Remove name, contact, needs and guardian. The code, the consents and the answers stay without a name."""
    if not actor.is_system:
        manage_innovation.require(actor, tester.test.innovation)
    tester.left_why = ""
    tester.save(update_fields=["left_why"])
    _erase(tester)
    record(actor, "trials.tester_forgotten", tester)
    return tester


def _erase(tester: Tester) -> None:
    for name in PERSONAL:
        setattr(tester, name, None)
    tester.forgotten_at = timezone.now()
    tester.save(update_fields=[*PERSONAL, "forgotten_at"])
