"""A published version never changes, by whichever door one tries."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from krzew.library.cards import content_hash, fold, sort_key
from krzew.library.models import Immutable, SolutionVersion, Subscription
from tests.library.conftest import next_version, seed


def test_a_published_version_cannot_be_saved(published: SolutionVersion) -> None:
    published.card = published.card | {"name_pl": "Inna"}
    with pytest.raises(Immutable):
        published.save()
    again = SolutionVersion.objects.get(pk=published.pk)
    with pytest.raises(Immutable):
        again.save()
    assert again.is_intact
    assert again.card["name_pl"] != "Inna"


def test_a_published_version_loaded_without_its_state_cannot_be_saved(published: SolutionVersion) -> None:
    deferred = SolutionVersion.objects.only("card").get(pk=published.pk)
    deferred.comment = "x"
    with pytest.raises(Immutable):
        deferred.save()


def test_a_published_version_cannot_be_deleted_or_updated_in_bulk(published: SolutionVersion) -> None:
    rows = SolutionVersion.objects.filter(pk=published.pk)
    for attempt in (published.delete, rows.delete, lambda: rows.update(card={})):
        with pytest.raises(Immutable):
            attempt()
    assert rows.get().card == published.card


def test_a_draft_can_be_changed_and_deleted(draft: SolutionVersion) -> None:
    draft.card = draft.card | {"name_pl": "Inna"}
    draft.save()
    assert SolutionVersion.objects.get(pk=draft.pk).name_pl == "Inna"
    draft.delete()


def test_hash_sees_a_change_made_behind_the_back(published: SolutionVersion) -> None:
    published.card["name_pl"] = "Podmieniona"
    assert not published.is_intact


def test_hash_does_not_depend_on_the_order_of_keys() -> None:
    card = seed()
    assert content_hash(dict(reversed(card.items()))) == content_hash(card)
    assert content_hash(card | {"name_pl": "x"}) != content_hash(card)


def test_one_open_version_per_solution(draft: SolutionVersion) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SolutionVersion.objects.create(solution=draft.solution, number=2, card=draft.card)


def test_superseded_is_derived(editor, published: SolutionVersion) -> None:
    newer = next_version(editor, published, name_pl="Nowsza nazwa")
    old = SolutionVersion.objects.get(pk=published.pk)
    assert old.is_superseded
    assert not SolutionVersion.objects.get(pk=newer.pk).is_superseded
    assert old.state == "published"


def test_a_subscription_has_exactly_one_owner(published: SolutionVersion, editor) -> None:
    for owner in ({}, {"user": editor.user, "organisation": editor.organisation}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.create(solution=published.solution, **owner)


def test_names_sort_in_the_polish_order() -> None:
    names = ["Żłobek", "Łaźnia", "Aktywni", "Ścieżka", "Zielnik", "Lampa", "Źródło", "Sad"]
    expected = ["Aktywni", "Lampa", "Łaźnia", "Sad", "Ścieżka", "Zielnik", "Źródło", "Żłobek"]
    assert sorted(names, key=sort_key) == expected


def test_fold_leaves_plain_letters() -> None:
    assert fold("Zażółć GĘŚLĄ jaźń") == "zazolc gesla jazn"
