"""Partials say what they are given, in words as well as in shapes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.core.paginator import Paginator
from hypothesis import given
from hypothesis import strategies as st

from krzew.ui.chain import STAGES, shrub
from krzew.ui.components import (
    Button,
    Cell,
    Column,
    Crumb,
    Fact,
    Figure,
    Interval,
    Moment,
    Position,
    Progress,
    Tab,
    Table,
    Tag,
    Task,
)  # fmt: skip
from krzew.ui.formats import NBSP

Render = Callable[..., str]
POSITION = Position("Out of work", 8.1, "%", "2024", 2.1, 4.0, 5.2, 6.4, 9.9, 5.0, place="Brzezina")


def test_position_is_described_in_words(partial: Render) -> None:
    html = partial("position", position=POSITION)
    assert 'role="img"' in html
    said = re.search(r'aria-label="([^"]+)"', html)
    assert said
    assert said[1] == (
        "Brzezina: 8.1%; places like it: from 2.1% to 9.9%; the middle half: from 4.0% to 6.4%; "
        "median of the country: 5.0%"
    )


def test_position_keeps_order_on_the_strip() -> None:
    marks = {name: float(mark[:-1]) for name, mark in POSITION.marks.items()}
    order = ["low", "q1", "country", "median", "q3", "value", "high"]
    assert sorted(order, key=lambda name: marks[name]) == order
    assert marks["low"] > 0
    assert marks["high"] < 100
    assert marks["box"] == pytest.approx(marks["q3"] - marks["q1"], abs=0.02)


def test_a_place_outside_its_group_stays_on_the_strip() -> None:
    marks = replace(POSITION, value=40.0).marks
    assert float(marks["value"][:-1]) <= 96


def test_missing_value_says_why_and_draws_nothing(partial: Render) -> None:
    html = partial("position", position=Position("Nursery places", None, missing="not collected for gminas"))
    assert "not collected for gminas" in html
    assert "<svg" not in html


numbers = st.floats(-1e9, 1e9, allow_nan=False)


@given(values=st.lists(numbers, min_size=5, max_size=5), own=numbers, country=numbers)
def test_every_strip_stays_within_its_frame(values: list[float], own: float, country: float) -> None:
    low, q1, median, q3, high = sorted(values)
    position = Position("x", own, low=low, q1=q1, median=median, q3=q3, high=high, country=country)
    marks = [float(mark[:-1]) for mark in position.marks.values()]
    assert all(0 <= mark <= 100 for mark in marks)


def test_interval_is_described(partial: Render) -> None:
    html = partial("interval", interval=Interval("Loneliness", 0.35, 0.08, 0.71))
    assert 'aria-label="0.35, probably between 0.08 and 0.71"' in html


def test_table_sorts_by_links(partial: Render) -> None:
    columns = [Column("name", "Name", sortable=True), Column("n", "People", "number", sortable=True)]
    table = Table("Places", columns, [["Brzezina", 4312]], sort="-n")
    html = partial("table", "pl", "/x/?q=a&page=4", table=table)
    assert 'aria-sort="descending"' in html
    assert html.count("aria-sort") == 1
    assert 'href="?q=a&amp;sort=n"' in html
    assert 'href="?q=a&amp;sort=name"' in html
    assert f"4{NBSP}312" in html
    assert 'data-label="People"' in html


def test_table_escapes_and_names_missing_values(partial: Render) -> None:
    rows = [[Cell("<script>x</script>", "/p/"), None], ["b", Cell(None, missing="suppressed")]]
    html = partial("table", table=Table("T", [Column("a", "A"), Column("b", "B", "number")], rows))
    assert "<script>" not in html
    assert "no data" in html
    assert "suppressed" in html


def test_table_with_a_wrong_row_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        list(Table("T", [Column("a", "A")], [[1, 2]]).body())


def test_empty_table_is_a_sentence(partial: Render) -> None:
    html = partial("table", table=Table("Meetings", [Column("a", "A")], [], empty="add the first one."))
    assert "Meetings: add the first one." in html
    assert "<table" not in html


@pytest.mark.parametrize("stage", list(STAGES))
def test_chain_lights_one_stem(partial: Render, stage: str) -> None:
    html = partial("chain", stage=stage)
    assert html.count('class="lit"') == 1
    assert html.count('class="unlit"') == len(STAGES) - 1
    assert "of 10" in html


def test_stems_of_the_mark_stay_in_their_frame() -> None:
    for stem in shrub():
        points = [float(n) for n in re.findall(r"-?\d+\.\d", stem.stem + stem.leaf)]
        assert all(0 <= x <= 120 for x in points[::2])
        assert all(0 <= y <= 96 for y in points[1::2])


def test_what_is_not_possible_is_said_not_greyed(partial: Render) -> None:
    html = partial("button", button=Button("Sign off", reason="Choose a solution first."))
    assert "Choose a solution first." in html
    assert "<button" not in html
    assert "disabled" not in html


def test_button_does_not_take_its_link_from_the_page(partial: Render) -> None:
    html = partial("button", button=Button("Save"), url="/elsewhere/", reason="no")
    assert "elsewhere" not in html
    assert "<button" in html


def test_task_says_who_is_waited_for_and_by_when(partial: Render) -> None:
    html = partial(
        "task_list", "pl", tasks=[Task("Przeczytaj", "/t/", "waiting", due=date(2026, 3, 8), who="wójt")]
    )
    assert "czeka na: wójt" in html
    assert f"do 8{NBSP}marca{NBSP}2026" in html
    assert ">czeka<" in html


def test_progress_asks_again_only_while_running(partial: Render) -> None:
    running = partial("progress", progress=Progress("Report", 40, poll_url="/poll/"))
    assert 'hx-get="/poll/"' in running
    assert 'value="40"' in running
    done = partial("progress", progress=Progress("Report", state="done", poll_url="/poll/", done_url="/r/"))
    assert "hx-get" not in done
    assert 'href="/r/"' in done


def test_progress_numbers_are_for_machines(partial: Render) -> None:
    """A decimal comma in `value` would empty the bar."""
    assert 'value="33.3"' in partial("progress", "pl", progress=Progress("R", 33.3)).replace("33.30", "33.3")


def test_figure_has_both_schemes_a_table_and_its_source(partial: Render) -> None:
    table = Table("T", [Column("a", "A")], [[1]])
    html = partial("figure", figure=Figure("a" * 64, "It fell", "GUS", "2024", table, interactive=True))
    for variant in ("light", "light-narrow", "dark", "dark-narrow"):
        assert f"/{'a' * 64}/{variant}.svg" in html
    assert 'alt="It fell"' in html
    assert "Source: GUS, 2024." in html
    assert "<details" in html
    assert "data-vega=" in html


def test_still_figure_does_not_load_vega(partial: Render) -> None:
    assert "vega" not in partial("figure", figure=Figure("a" * 64, "It fell", "GUS", "2024"))


def test_links_that_are_here_say_so(partial: Render) -> None:
    assert partial("tabs", tabs=[Tab("A", "/a/", True), Tab("B", "/b/", count=3)]).count("aria-current") == 1
    crumbs = partial("breadcrumb", crumbs=[Crumb("Home", "/"), Crumb("Here", "/here/")])
    assert 'aria-current="page">Here' in crumbs
    assert "/here/" not in crumbs


def test_pagination_keeps_the_query(partial: Render) -> None:
    html = partial("pagination", "en", "/?q=a&page=2", page=Paginator(range(100), 10).page(2))
    assert "11–20 of 100" in html
    assert "?q=a&amp;page=3" in html


def test_facts_events_and_tags_escape(partial: Render) -> None:
    bad = "<i>x</i>"
    for html in (
        partial("summary_list", facts=[Fact(bad, [bad], note=bad)]),
        partial("timeline", moments=[Moment(date(2026, 1, 1), bad, bad, bad)]),
        partial("tag", tag=Tag(bad)),
        partial("notice", title=bad, text=bad),
        partial("empty_state", title=bad, text=bad),
    ):
        assert "<i>" not in html
