"""Objects of the library over which the permissions are compared."""

from __future__ import annotations

from krzew.accounts.models import Organisation, User
from krzew.library.cards import empty_card
from krzew.library.models import Answer, Solution, SolutionVersion
from krzew.library.states import OPEN
from tests.library.conftest import new_card


def make_objects(organisations: list[Organisation], people: list[User]) -> None:
    """Solutions with and without a keeper, versions in every state, answers to each."""
    for keeper in (None, *organisations):
        for state in (*OPEN, "published"):
            slug = f"{state.replace('_', '-')}-{keeper.pk if keeper else 0}"
            solution = Solution.objects.create(slug=slug, kind="innovation", keeper=keeper)
            complete = (
                new_card(slug) if state == "published" else empty_card(slug, "innovation", "Nazwa", "Name")
            )
            _version(solution, keeper, state, complete)
            Answer.objects.create(solution=solution, text="Wiem", user=people[0])


def _version(solution: Solution, keeper: Organisation | None, state: str, card: dict) -> None:
    when = solution.created_at if state == "published" else None
    version = SolutionVersion.objects.create(
        solution=solution, number=1, state=state, card=card, organisation=keeper, published_at=when
    )
    if when:
        Solution.objects.filter(pk=solution.pk).update(current=version)
