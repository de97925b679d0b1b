"""Rows of a form: hint, error, counter and buttons in place of short lists."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from krzew.ui.forms import Combobox, Date, Decimal

FEW = [(str(n), f"choice {n}") for n in range(7)]
MANY = [(str(n), f"choice {n}") for n in range(8)]


class Sample(forms.Form):
    text = forms.CharField(widget=forms.Textarea, max_length=20, help_text="Short, please.")
    few = forms.ChoiceField(choices=FEW)
    many = forms.ChoiceField(choices=MANY)
    maybe = forms.ChoiceField(choices=[("", "---------"), *FEW[:2]], required=False)
    kept = forms.ChoiceField(choices=FEW, widget=forms.Select(attrs={"data-select": ""}))
    cost = forms.DecimalField(widget=Decimal("zł"), localize=False)
    when = forms.DateField()
    place = forms.CharField(
        widget=Combobox("/places/suggest/", display=lambda value: {"300202": "Czarnków"}.get(value, value))
    )


def row(name: str, **data: Any) -> str:
    form = Sample(data or None)
    return str(form[name].as_field_group())


def test_short_lists_become_buttons() -> None:
    assert row("few").count('type="radio"') == 7
    assert "<fieldset" in row("few")
    assert "<legend" in row("few")
    assert "<select" in row("many")
    assert "<select" in row("kept")


def test_no_choice_is_offered_only_where_it_is_allowed() -> None:
    assert row("maybe").count('type="radio"') == 3
    assert "---" not in row("maybe")


def test_choices_set_later_are_counted_too() -> None:
    form = Sample()
    form.fields["few"].choices = MANY  # type: ignore[attr-defined]
    assert "<select" in str(form["few"].as_field_group())


def test_hint_and_error_are_announced_with_the_field() -> None:
    html = row("text", text="")
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_helptext"' in html
    assert 'id="id_text_error"' in html
    assert 'aria-invalid="true"' in html


def test_long_text_is_counted_and_never_cut_off() -> None:
    html = row("text", text="x" * 30)
    assert "x" * 30 in html
    assert "maxlength" not in html
    assert 'data-counter="20"' in html


@pytest.mark.parametrize("typed", ["12 345,50", "12345.50", "12\u00a0345,50"])
def test_money_is_read_as_people_write_it(typed: str) -> None:
    form = Sample({"cost": typed})
    form.is_valid()
    assert str(form.cleaned_data["cost"]) == "12345.50"


def test_date_is_the_browsers_own() -> None:
    assert 'type="date"' in row("when")
    assert isinstance(Sample()["when"].field.widget, Date)


def test_combobox_shows_the_name_and_posts_the_value() -> None:
    html = str(Sample(initial={"place": "300202"})["place"].as_field_group())
    assert 'value="Czarnków"' in html
    assert 'name="place" value="300202"' in html


@pytest.mark.parametrize(("data", "value"), [({"place": "300202", "place_text": "Czarnków"}, "300202"),
                                             ({"place": "", "place_text": "Czarn"}, "Czarn")])  # fmt: skip
def test_combobox_works_without_javascript(data: dict[str, str], value: str) -> None:
    form = Sample(data)
    form.is_valid()
    assert form.cleaned_data["place"] == value


def test_typed_markup_is_escaped_in_every_field() -> None:
    bad = '"><script>x</script>'
    form = Sample(dict.fromkeys([*Sample.base_fields, "place_text"], bad))
    assert "<script>" not in str(form)


def test_error_summary_links_to_each_field(partial: Any) -> None:
    form = Sample({"text": "", "few": "99"})
    html = partial("error_summary", form=form)
    assert 'href="#id_text"' in html
    assert 'href="#id_few_0"' in html
    assert partial("error_summary", form=Sample()).strip() == ""
