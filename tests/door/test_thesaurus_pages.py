"""Librarians add words, and the front door understands them; everybody reads the thesaurus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from krzew.accounts.actors import Actor
from krzew.accounts.models import Role
from krzew.accounts.permissions import Denied
from krzew.door.acts import thesaurus as acts
from krzew.door.finding import find
from krzew.door.models import ThesaurusWord, UnknownWord
from krzew.door.queries import thesaurus as queries
from krzew.door.thesaurus import read
from krzew.timeline.models import Event

pytestmark = pytest.mark.django_db
As = Callable[[Actor], Client]
WORD = "kwadratologia"


@pytest.fixture
def editor(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor("biblioteka@example.org", "Biblioteka Próba", Role.EDITOR)


def codes(text: str) -> list[str]:
    return [need.code for need in find(text).needs]


def test_an_added_word_is_understood_at_once_and_no_more_when_taken_out(editor: Actor) -> None:
    assert "medicines" not in codes(f"Męczy mnie {WORD}")
    row = acts.add_word(editor, "medicines", WORD)
    assert "medicines" in codes(f"Męczy mnie {WORD}")
    assert WORD in queries.concepts()["medicines"].alt_pl
    acts.remove_word(editor, row)
    assert "medicines" not in codes(f"Męczy mnie {WORD}")
    assert [e.act for e in Event.objects.filter(act__startswith="door.word")] == [
        "door.word_added",
        "door.word_removed",
    ]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("medicines", "a"),
        ("medicines", "*"),
        ("medicines", "le*ki"),
        ("no_such", "tabletki"),
        ("medicines", "x" * 130),
        ("medicines", "Jadwiga Nowakowska"),
        ("medicines", "600 700 800"),
    ],
)
def test_words_that_cannot_be_are_refused(editor: Actor, code: str, text: str) -> None:
    with pytest.raises(ValidationError):
        acts.add_word(editor, code, text)
    assert not ThesaurusWord.objects.exists()


def test_a_word_stands_once(editor: Actor) -> None:
    acts.add_word(editor, "medicines", WORD)
    with pytest.raises(ValidationError):
        acts.add_word(editor, "medicines", WORD)
    shipped = queries.concepts()["medicines"].alt_pl[0]
    with pytest.raises(ValidationError):
        acts.add_word(editor, "medicines", shipped)


def test_only_editors_change_words(officer: Actor, editor: Actor, client_of: As, client: Client) -> None:
    row = acts.add_word(editor, "medicines", WORD)
    unknown = UnknownWord.objects.create(stem="abc", form="abcacki", times=5)
    for actor in (officer, Actor.anonymous()):
        with pytest.raises(Denied):
            acts.add_word(actor, "medicines", "pastylki moje")
        with pytest.raises(Denied):
            acts.remove_word(actor, row)
        with pytest.raises(Denied):
            acts.settle(actor, unknown)
    hers = client_of(officer)
    assert hers.get(reverse("door:unknown_words")).status_code == 403
    assert hers.post(reverse("door:settle_word", args=[unknown.pk]), {"do": "aside"}).status_code == 403
    assert hers.post(reverse("door:remove_word", args=[row.pk])).status_code == 403
    assert client.get(reverse("door:unknown_words")).status_code == 302
    answer = client.post(reverse("door:concept", args=["medicines"]), {"text": "inne", "language": "pl"})
    assert answer.status_code == 403
    assert ThesaurusWord.objects.filter(removed_at=None).count() == 1


def test_everybody_reads_and_searches_the_thesaurus(client: Client) -> None:
    page = client.get(reverse("door:thesaurus"), {"q": "lekach"})
    assert page.status_code == 200
    html = client.get(reverse("door:thesaurus"), {"q": "tablet"}).content.decode()
    assert reverse("door:concept", args=["medicines"]) in html
    assert (
        "<form"
        not in client.get(reverse("door:concept", args=["medicines"]))
        .content.decode()
        .split("<main", 1)[1]
        .split("</main>")[0]
    )
    assert client.get(reverse("door:concept", args=["no-such"])).status_code == 404
    assert client.get(reverse("door:thesaurus"), {"q": "nnnnn", "kind": "group"}).status_code == 200


def test_an_editor_adds_and_takes_out_by_page(client_of: As, editor: Actor) -> None:
    client, url = client_of(editor), reverse("door:concept", args=["medicines"])
    assert client.post(url, {"text": "a", "language": "pl"}).status_code == 422
    assert client.post(url, {"text": WORD, "language": "pl"}).status_code == 302
    assert WORD in client.get(url).content.decode()
    client.post(reverse("door:remove_word", args=[ThesaurusWord.objects.get().pk]))
    assert not ThesaurusWord.objects.filter(removed_at=None).exists()


def test_the_download_is_skos_with_the_words_of_this_place(client: Client, editor: Actor) -> None:
    acts.add_word(editor, "medicines", WORD)
    answer = client.get(reverse("door:thesaurus_turtle"))
    assert answer.headers["Content-Type"].startswith("text/turtle")
    found = {one.code: one for one in read(answer.content.decode())}
    assert WORD in found["medicines"].alt_pl
    assert len(found) == len(queries.concepts())


def test_unknown_words_are_shown_from_three_uses_put_in_or_set_aside(client_of: As, editor: Actor) -> None:
    rare = UnknownWord.objects.create(stem="rzadki", form="rzadkizm", times=2)
    first = UnknownWord.objects.create(stem="kwadr", form=WORD, times=3)
    second = UnknownWord.objects.create(stem="inny", form="innyzm", times=4)
    client, url = client_of(editor), reverse("door:unknown_words")
    html = client.get(url).content.decode()
    assert WORD in html
    assert rare.form not in html
    bad = client.post(reverse("door:settle_word", args=[first.pk]), {"concept": "nie ma", "do": "put"})
    assert bad.status_code == 422
    assert "nie ma" in bad.content.decode()
    name = queries.concepts()["medicines"].label_pl
    client.post(reverse("door:settle_word", args=[first.pk]), {"concept": name.upper(), "do": "put"})
    client.post(reverse("door:settle_word", args=[second.pk]), {"do": "aside"})
    assert ThesaurusWord.objects.get().concept == "medicines"
    assert not queries.unknown_words().exists()


def test_lists_ask_as_much_for_many_as_for_one(
    client_of: As, editor: Actor, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    UnknownWord.objects.bulk_create(UnknownWord(stem=f"s{n}", form=f"s{n}", times=9) for n in range(40))
    client = client_of(editor)
    for name in ("door:unknown_words", "door:thesaurus"):
        client.get(reverse(name))
        with django_assert_max_num_queries(22):
            client.get(reverse(name))
