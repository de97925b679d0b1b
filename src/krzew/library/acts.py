"""Everything that changes the library. One act, one function, one event."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.accounts.models import Organisation, User
from krzew.library import catalogue, rules
from krzew.library.cards import content_hash, empty_card, facets_of, highest_level, search_fields
from krzew.library.differences import changed_sections
from krzew.library.models import Answer, AnswerState, Facet, Solution, SolutionVersion, Subscription
from krzew.library.sections import BY_KEY
from krzew.library.states import EDITABLE, NotNow, VersionState, step
from krzew.library.validation import RESERVED_SLUGS, Problem, identity_problems, problems, shape_problems
from krzew.timeline.acts import act, prepare_letter, record, release_letters

MOST_UNREAD = 50


class NotReady(Exception):
    """The card cannot be saved or published as it is; `problems` name every fault."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(map(str, found[:5])))
        self.problems = found


class Stale(Exception):
    """Somebody else has saved this section since it was opened; `stored` is what is there now."""

    def __init__(self, stored: dict[str, Any]) -> None:
        super().__init__("changed by somebody else")
        self.stored = stored


class Full(Exception):
    """More unread answers are not taken, so that a flood from outside stays small."""


class Taken(Exception):
    """There is already something under this name."""


@act
def create_solution(actor: Actor, slug: str, kind: str, name_pl: str, name_en: str) -> SolutionVersion:
    """Open the first draft of a new solution. The organisation that writes it will look after it."""
    rules.add_solution.require(actor)
    if slug in RESERVED_SLUGS:
        raise Taken(_taken(slug))
    return import_draft(actor, empty_card(slug, kind, name_pl, name_en))


def _taken(slug: str) -> str:
    return _("The address “%(slug)s” is taken. Choose another one.") % {"slug": slug}


@act
def start_version(actor: Actor, solution: Solution) -> SolutionVersion:
    """Open the next version of a published solution as a draft that begins with the current text."""
    rules.start_version.require(actor, solution)
    locked = Solution.objects.select_for_update().get(pk=solution.pk)
    if locked.versions.exclude(state=VersionState.PUBLISHED).exists():
        raise Taken(_("The next version is already being written."))
    if locked.current is None:
        raise Taken(_("This solution has nothing published yet."))
    return _open_draft(actor, locked, locked.current.card)


def _open_draft(actor: Actor, solution: Solution, card: dict[str, Any]) -> SolutionVersion:
    number = solution.versions.count() + 1
    version = SolutionVersion.objects.create(
        solution=solution, number=number, card=card, organisation=actor.organisation, author=actor.user
    )
    record(actor, "library.draft_opened", version, new=version.state, data={"number": number})
    return version


def _locked(version: SolutionVersion) -> SolutionVersion:
    return (
        SolutionVersion.objects.select_for_update(of=("self",)).select_related("solution").get(pk=version.pk)
    )


@act
def save_section(
    actor: Actor, version: SolutionVersion, section_key: str, content: dict[str, Any], seen: str
) -> SolutionVersion:
    """Save one section of a draft, unless it is no longer what the editor `seen` when the page was opened."""
    rules.edit_version.require(actor, version)
    locked, section = _locked(version), BY_KEY[section_key]
    if locked.state not in EDITABLE:
        raise NotNow(_("This version is no longer a draft. Reload the page."))
    if section.seen(locked.card) != seen:
        raise Stale(section.of(locked.card))
    card = locked.card | {name: content[name] for name in section.fields}
    card["fit"] = card["fit"] | {"evidence_level": highest_level(card)}
    if found := shape_problems(card):
        raise NotReady(found)
    if card != locked.card:
        locked.card = card
        locked.save()
        record(actor, "library.draft_saved", locked, data={"section": section_key})
    return locked


@act
def send_to_review(actor: Actor, version: SolutionVersion) -> SolutionVersion:
    rules.edit_version.require(actor, version)
    locked = _locked(version)
    if found := problems(locked.card):
        raise NotReady(found)
    return _move(actor, locked, "send", "library.sent_to_review")


@act
def return_version(actor: Actor, version: SolutionVersion, comment: str) -> SolutionVersion:
    """Send a version back to its author with a comment that says what to change."""
    rules.edit_version.require(actor, version)
    locked = _locked(version)
    locked.comment = comment
    return _move(actor, locked, "return", "library.returned", comment=comment)


def _move(actor: Actor, version: SolutionVersion, name: str, event: str, **data: Any) -> SolutionVersion:
    old = version.state
    version.state = step(name, old)
    version.save()
    record(actor, event, version, old=old, new=version.state, data=data)
    return version


@act
def publish(actor: Actor, version: SolutionVersion, *, link: str = "") -> SolutionVersion:
    """Make a reviewed version the one that everybody reads, for good, and tell those who use the solution."""
    rules.edit_version.require(actor, version)
    locked = _locked(version)
    state = step("publish", locked.state)
    if found := problems(locked.card):
        raise NotReady(found)
    old, previous = locked.state, locked.solution.current
    _make_public(locked, state)
    if locked.solution.keeper_id is None:
        Solution.objects.filter(pk=locked.solution_id).update(keeper=actor.organisation)
    record(actor, "library.published", locked, old=old, new=state, data={"number": locked.number})
    if previous is not None:
        _tell_users(actor, previous, locked, link)
    return locked


def _make_public(version: SolutionVersion, state: VersionState) -> None:
    version.state, version.published_at = state, timezone.now()
    version.search = search_fields(version.card, catalogue.labels_of(version.card))
    version.save()
    Facet.objects.bulk_create(
        Facet(version=version, kind=kind, code=code) for kind, code in facets_of(version.card)
    )
    Solution.objects.filter(pk=version.solution_id).update(current=version)
    version.solution.current = version


def _tell_users(actor: Actor, old: SolutionVersion, new: SolutionVersion, link: str) -> None:
    """Letters to everybody who asked for them. The wish is theirs, so nobody else needs to release them."""
    solution_users = Subscription.objects.filter(solution=new.solution)
    wanted = Q(pk__in=solution_users.values("user"))
    wanted |= Q(memberships__organisation__in=solution_users.values("organisation"))
    letters = []
    for user in User.objects.filter(wanted, is_active=True).distinct():
        with override(user.language):
            subject, body = _letter(old, new, user.language, link)
        letters.append(
            prepare_letter(actor, new, user.email, subject, body, language=user.language, user=user)
        )
    release_letters(Actor.system(), letters)


def _letter(old: SolutionVersion, new: SolutionVersion, language: str, link: str) -> tuple[str, str]:
    values = {
        "name": new.name_en if language == "en" else new.name_pl,
        "number": new.number,
        "changes": "\n".join(f"- {section.title}" for section in changed_sections(old.card, new.card)),
        "link": link,
    }
    subject = _("New version of “%(name)s”") % values
    lines = [
        _("Good day,"),
        _("the solution “%(name)s” has a new version, number %(number)s. You use it, so we write to you.")
        % values,
        _("What has changed:\n%(changes)s") % values,
        _("Read it: %(link)s") % values if link else _("You will find it in the library under its name."),
        _("To get no more of these letters, choose “Stop the letters” on the solution's page."),
    ]
    return subject[:200], "\n\n".join(lines)


@act
def publish_card(
    actor: Actor, card: dict[str, Any], keeper: Organisation | None = None
) -> SolutionVersion | None:
    """Publish a complete card reviewed elsewhere (reference data, our own export). None: no change."""
    rules.add_solution.require(actor)
    if found := identity_problems(card):  # before the database sees any of it
        raise NotReady(found)
    solution = (
        Solution.objects.select_for_update(of=("self",))
        .select_related("current")
        .filter(slug=card.get("slug"))
        .first()
    )
    if solution and solution.current and solution.current.content_hash == content_hash(card):
        return None
    if found := problems(card):
        raise NotReady(found)
    if solution is None:
        solution = Solution.objects.create(slug=card["slug"], kind=card["kind"], keeper=keeper)
    rules.start_version.require(actor, solution)
    previous = solution.current
    version = SolutionVersion(
        solution=solution, number=_free_number(solution), card=card, organisation=actor.organisation
    )
    _make_public(version, VersionState.PUBLISHED)
    record(actor, "library.published", version, new=version.state, data={"number": version.number})
    if previous is not None:
        _tell_users(actor, previous, version, "")
    return version


def _free_number(solution: Solution) -> int:
    """The next number. An open draft moves up, so that published numbers stay in order of time."""
    number = solution.versions.count() + 1
    draft = solution.versions.exclude(state=VersionState.PUBLISHED).first()
    if draft is None:
        return number
    draft.number = number
    draft.save()
    return number - 1


@act
def import_draft(actor: Actor, card: dict[str, Any]) -> SolutionVersion:
    """Take a card in as the first draft of a new solution; an editor completes and publishes it."""
    rules.add_solution.require(actor)
    if found := shape_problems(card):  # before the database sees any of it
        raise NotReady(found)
    if Solution.objects.filter(slug=card["slug"]).exists():
        raise Taken(_taken(card["slug"]))
    solution = Solution.objects.create(slug=card["slug"], kind=card["kind"], keeper=actor.organisation)
    return _open_draft(actor, solution, card)


@act
def set_origin(actor: Actor, solution: Solution, origin: str) -> Solution:
    """Say where the way of this solution from an idea is told; its page then leads there."""
    rules.start_version.require(actor, solution)
    solution.origin = origin
    solution.save(update_fields=["origin"])
    record(actor, "library.origin_set", solution, data={"origin": origin})
    return solution


@act
def discard_draft(actor: Actor, version: SolutionVersion) -> None:
    """Throw a draft away. A solution that was never published goes with it."""
    rules.edit_version.require(actor, version)
    locked = _locked(version)
    if locked.state not in EDITABLE:
        raise NotNow(_("Only a draft can be thrown away."))
    solution = locked.solution
    record(actor, "library.draft_discarded", locked, old=locked.state, data={"slug": solution.slug})
    locked.delete()
    if solution.current_id is None:
        solution.delete()


@act
def withdraw(actor: Actor, solution: Solution, reason: str) -> Solution:
    """Take a solution out of the library's lists. Its page stays, with the reason on top."""
    rules.withdraw_solution.require(actor, solution)
    solution.withdrawn_at, solution.withdrawn_reason = timezone.now(), reason
    solution.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    record(actor, "library.withdrawn", solution, old="public", new="withdrawn", data={"reason": reason})
    return solution


@act
def bring_back(actor: Actor, solution: Solution) -> Solution:
    rules.withdraw_solution.require(actor, solution)
    solution.withdrawn_at, solution.withdrawn_reason = None, ""
    solution.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    record(actor, "library.brought_back", solution, old="withdrawn", new="public")
    return solution


@act
def subscribe(actor: Actor, solution: Solution, *, for_organisation: bool = False) -> Subscription:
    """Note that a person, or the organisation acted for, wants to hear of new versions."""
    rules.subscribe_solution.require(actor, solution)
    subscription, created = Subscription.objects.get_or_create(
        solution=solution, **_subscriber(actor, for_organisation)
    )
    if created:
        record(actor, "library.subscribed", solution, data={"organisation": for_organisation})
    return subscription


@act
def unsubscribe(actor: Actor, solution: Solution, *, for_organisation: bool = False) -> None:
    rules.subscribe_solution.require(actor, solution)
    gone, _details = Subscription.objects.filter(
        solution=solution, **_subscriber(actor, for_organisation)
    ).delete()
    if gone:
        record(actor, "library.unsubscribed", solution, data={"organisation": for_organisation})


def _subscriber(actor: Actor, for_organisation: bool) -> dict[str, Any]:
    if for_organisation and actor.organisation is not None:
        return {"organisation": actor.organisation, "user": None}
    return {"user": actor.user, "organisation": None}


@act
def tell(
    actor: Actor, solution: Solution, text: str, *, question: str = "", source: str = "", contact: str = ""
) -> Answer:
    """Keep what somebody, known or not, tells us. Nothing changes until an editor uses it."""
    if Answer.objects.filter(solution=solution, state=AnswerState.NEW).count() >= MOST_UNREAD:
        raise Full(_("Many answers about this solution wait to be read. Please come back in a few days."))
    answer = Answer.objects.create(
        solution=solution, text=text, question=question, source=source, contact=contact, user=actor.user
    )
    record(actor, "library.told", solution, data={"answer": answer.pk})
    return answer


@act
def settle_answer(actor: Actor, answer: Answer, state: AnswerState, note: str = "") -> Answer:
    rules.settle_answer.require(actor, answer)
    old, answer.state, answer.note = answer.state, state, note
    answer.save(update_fields=["state", "note"])
    record(actor, "library.answer_settled", answer.solution, old=old, new=state, data={"answer": answer.pk})
    return answer
