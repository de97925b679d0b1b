"""Public pages: everybody reads what is published and nothing else; markup is shown as text."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from krzew.accounts.actors import Actor
from krzew.library import acts
from krzew.library.models import Answer, Solution, SolutionVersion, Subscription
from tests.library.conftest import next_version

pytestmark = pytest.mark.usefixtures("library_loaded")
LANGUAGES = pytest.mark.parametrize("language", ["pl", "en"])


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


@LANGUAGES
def test_the_list(visitor: Client, language: str) -> None:
    html = text(visitor, f"/{language}/library/")
    assert html.count('class="solution"') == 20
    assert "?need=" in html
    assert "?door=" in html


def test_an_empty_result_says_what_to_do(visitor: Client) -> None:
    html = text(visitor, "/en/library/?q=zzzqqq&need=work")
    assert "without the chosen filters" in html
    assert "Show all solutions" in html


def test_the_list_keeps_filters_search_and_choice_together(visitor: Client) -> None:
    html = text(visitor, "/en/library/?q=opieka&need=childcare&compare=bawita")
    assert '<input type="hidden" name="need" value="childcare">' in html
    assert '<input type="hidden" name="compare" value="bawita">' in html
    assert "q=opieka&amp;compare=bawita" in html, "taking the filter away keeps the rest"


def test_the_query_is_escaped(visitor: Client) -> None:
    html = text(
        visitor, "/en/library/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&need=%22%3E%3Cb%3E&compare=%3Cb%3E"
    )
    assert "<script>alert" not in html
    assert 'value=""><b>' not in html
    assert "need=%22%3E%3Cb%3E" in html


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=x", "page=99999999999999999999", "q=%00", "need=%00", "sort=x", "door=" + "a" * 999],
)
def test_odd_parameters_are_harmless(visitor: Client, query: str) -> None:
    text(visitor, f"/pl/library/?{query}")


@LANGUAGES
def test_every_card_has_its_page(visitor: Client, language: str) -> None:
    for solution in Solution.objects.filter(current__isnull=False).select_related("current"):
        html = text(visitor, f"/{language}/library/{solution.slug}/")
        for source in solution.current.card["sources"]:
            assert f'id="source-{source["id"]}"' in html
        assert html.count("<h1>") == 1


def test_a_card_says_what_is_not_known(visitor: Client) -> None:
    html = text(visitor, "/en/library/zlobek-i-przedszkole/")
    assert "not known, we ask for it" in html
    assert "What did the start cost" in html
    assert "5–9 jobs" in html
    assert "2022" in html
    html = text(visitor, "/en/library/bawita/")
    assert "unverified" in html


def test_a_failure_is_shown_as_a_failure(editor: Actor, published: SolutionVersion, visitor: Client) -> None:
    failed = published.card["evidence"][0] | {"direction": "negative", "result_en": "It closed after a year."}
    next_version(editor, published, evidence=[*published.card["evidence"], failed])
    html = text(visitor, "/en/library/nowa-karta/")
    assert "It closed after" in html
    assert "it did not work" in html
    assert 'class="proof failed"' in html


def test_a_name_with_markup_is_shown_as_text(published: SolutionVersion, visitor: Client) -> None:
    """Even if such a name got into the database past the checks."""
    Solution.objects.filter(pk=published.solution_id).update(withdrawn_at=None)
    card = published.card | {"name_pl": "<img src=x onerror=alert(1)>", "aliases": ["<b>"]}
    SolutionVersion.objects.filter(pk=published.pk)._update(
        [
            (SolutionVersion._meta.get_field("card"), None, card),
            (SolutionVersion._meta.get_field("name_pl"), None, card["name_pl"]),
        ]
    )
    for address in ("", "nowa-karta/", "compare/?compare=nowa-karta", "nowa-karta/tell/"):
        html = text(visitor, f"/pl/library/{address}")
        assert "<img src=x" not in html, address
    assert "&lt;img src=x" in text(visitor, "/pl/library/nowa-karta/")


def test_drafts_are_nobodys_business(
    visitor: Client,
    draft: SolutionVersion,
    client_of: Callable[[Actor], Client],
    outsider: Actor,
    other_editor: Actor,
) -> None:
    for client in (visitor, client_of(outsider), client_of(other_editor)):
        for address in (
            "nowa-karta/",
            "nowa-karta/version/1/",
            "nowa-karta.json",
            "nowa-karta.jsonld",
            "nowa-karta/changes/",
            "nowa-karta/tell/",
        ):
            assert client.get(f"/pl/library/{address}").status_code == 404, address
        assert "nowa-karta" not in text(client, "/pl/library/export.json")
        for address in ("", "preview/", "basics/"):
            assert client.get(f"/pl/library/desk/{draft.pk}/{address}").status_code in (302, 403)
    assert "nowa-karta" not in text(visitor, "/pl/library/?sort=new")


def test_older_versions_stay_readable(editor: Actor, published: SolutionVersion, visitor: Client) -> None:
    next_version(
        editor, published, name_en="A newer name", summary_en="A summary that is quite new and different."
    )
    old = text(visitor, "/en/library/nowa-karta/version/1/")
    assert "You are reading an older version" in old
    assert "A newer name" not in old
    assert visitor.get("/en/library/nowa-karta/version/2/").status_code == 302
    assert visitor.get("/en/library/nowa-karta/version/3/").status_code == 404
    changes = text(visitor, "/en/library/nowa-karta/changes/")
    assert "From version 1 to version 2" in changes
    assert "<ins>" in changes
    assert "<del>" in changes


@pytest.mark.parametrize("query", ["from=0", "to=9", "from=x&to=99", "from=" + "9" * 40])
def test_changes_between_versions_that_are_not_there(visitor: Client, query: str) -> None:
    assert visitor.get(f"/pl/library/bawita/changes/?{query}").status_code in (200, 404)


def test_withdrawn_says_why(editor: Actor, published: SolutionVersion, visitor: Client) -> None:
    acts.withdraw(editor, published.solution, "Zmieniło się prawo & zasady.")
    html = text(visitor, "/pl/library/nowa-karta/")
    assert "Zmieniło się prawo &amp; zasady." in html
    assert "/enquire" not in html


def test_side_by_side(visitor: Client) -> None:
    slugs = [
        "zlobek-i-przedszkole",
        "bawita",
        "praca-zamiast-eksmisji",
        "opieka-ze-smakiem",
        "pub-spoldzielczy",
    ]
    query = "&".join(f"compare={slug}" for slug in [*slugs, "nie-ma-takiej", "bawita"])
    html = text(visitor, f"/en/library/compare/?{query}")
    assert html.count('scope="col"') == 5, "four solutions and the column of names"
    assert "pub-spoldzielczy/" not in html
    assert "5–9 jobs" in html
    assert "Nothing is chosen yet" in text(visitor, "/en/library/compare/")


def test_json(visitor: Client) -> None:
    data = json.loads(text(visitor, "/pl/library/bawita.json"))
    assert data["card"] == Solution.objects.get(slug="bawita").current.card
    linked = visitor.get("/en/library/bawita.jsonld")
    assert linked["Content-Type"] == "application/ld+json"
    data = linked.json()
    assert data["@type"] == "HowTo"
    assert data["url"].endswith("/en/library/bawita/")
    assert {"@value": "BaWita", "@language": "pl"} in data["name"]
    assert "application/ld+json" in text(visitor, "/en/library/bawita/")


def test_a_reader_tells_us(visitor: Client) -> None:
    page = text(visitor, "/en/library/bawita/tell/?ask=1")
    assert "What does the board cost and who makes it?" in page
    response = visitor.post("/en/library/bawita/tell/", {"question": "", "text": "Kosztuje 300 zł <b>"})
    assert response.status_code == 302
    answer = Answer.objects.get()
    assert answer.text == "Kosztuje 300 zł <b>"
    assert answer.user is None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"text": ""},
        {"text": "x", "contact": "nie adres"},
        {"text": "x" * 2001},
        {"text": "x", "question": "not asked"},
    ],
)
def test_a_bad_answer_keeps_what_was_typed(visitor: Client, data: dict[str, str]) -> None:
    response = visitor.post("/pl/library/bawita/tell/", data)
    assert response.status_code == 200
    assert not Answer.objects.exists()
    if data.get("text"):
        assert data["text"][:100] in response.content.decode()


def test_following(adviser: Actor, client_of: Callable[[Actor], Client], visitor: Client) -> None:
    assert visitor.post("/pl/library/bawita/follow/").status_code == 302
    assert not Subscription.objects.exists()
    client = client_of(adviser)
    client.post("/pl/library/bawita/follow/", {"who": "organisation"})
    client.post("/pl/library/bawita/follow/", {"who": "person"})
    assert Subscription.objects.count() == 2
    client.post("/pl/library/bawita/follow/", {"who": "person", "stop": "1"})
    assert Subscription.objects.get().organisation == adviser.organisation
