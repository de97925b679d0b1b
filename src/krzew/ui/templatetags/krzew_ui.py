"""Tags and filters of the design system. Numbers and dates are formatted in `krzew.ui.formats`."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from krzew.ui import formats
from krzew.ui.chain import Stem, shrub
from krzew.ui.components import Progress

register = template.Library()


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    return formats.number(value, decimals)


@register.filter
def percent(value: Any, decimals: int = 1) -> str:
    return formats.percent(value, decimals)


@register.filter
def share(value: Any, decimals: int = 1) -> str:
    return formats.share(value, decimals)


@register.filter
def money(value: Any, decimals: int = 0) -> str:
    return formats.money(value, decimals)


@register.filter
def quantity(value: Any, unit: str = "") -> str:
    return formats.quantity(value, unit)


@register.filter
def tie(text: Any) -> str:
    return formats.tie(str(text))


for _name in ("day", "day_short", "moment", "ago"):
    register.filter(_name, getattr(formats, _name))


@register.filter
def highlight(text: Any, query: str) -> SafeString:
    return formats.highlight(str(text), query)


@register.filter
def cell(value: Any) -> Any:
    """A value in a table: numbers by locale, nothing as "no data"."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return formats.no_data() if value is None else value
    return formats.number(value)


@register.simple_tag
def count_of(count: int, one: str, few: str, many: str) -> str:
    return f"{formats.number(count)}{formats.NBSP}{formats.plural(count, one, few, many)}"


@register.simple_tag
def local_name(obj: Any, attribute: str) -> Any:
    """`obj.name_pl` or `obj.name_en`, by the language of the page; the other one when that is empty."""
    first, second = ("en", "pl") if (get_language() or "pl").startswith("en") else ("pl", "en")
    return getattr(obj, f"{attribute}_{first}", "") or getattr(obj, f"{attribute}_{second}", "")


@register.simple_tag(takes_context=True)
def sort_url(context: Context, key: str, current: str = "", param: str = "sort") -> str:
    """Link that sorts by `key`, or the other way round if it already does; back to the first page."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query[param] = f"-{key}" if current == key else key
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def page_url(context: Context, number: int, param: str = "page") -> str:
    query = context["request"].GET.copy()
    query[param] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def chosen_theme(context: Context) -> str:
    """The scheme that the reader chose ("light", "dark") or nothing: then the system decides."""
    request = context.get("request")
    theme = request.COOKIES.get("theme", "") if request else ""
    return theme if theme in ("light", "dark") else ""


@register.simple_tag
def htmx() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("ui/htmx.js"))


@register.simple_tag
def progress_head(progress: Progress) -> SafeString:
    """Without JavaScript the page of a running task asks again by itself."""
    if not progress.running:
        return SafeString("")
    return format_html(
        '<noscript><meta http-equiv="refresh" content="{}"></noscript>', max(progress.seconds, 2)
    )


@register.simple_tag
def stems() -> tuple[Stem, ...]:
    return shrub()


@register.simple_tag
def stage_text(stage: str) -> str:
    """Where in the chain: "diagnosis, 6 of 10"."""
    stem = next(stem for stem in shrub() if stem.key == stage)
    return gettext("Place in the chain: %(stage)s, link %(number)d of %(all)d") % {
        "stage": stem.label,
        "number": stem.number,
        "all": len(shrub()),
    }


@register.filter
def page_range(paginator: Any, number: int) -> list[Any]:
    """Pages to link: first, last, and the neighbours of this one; gaps are shown as an ellipsis."""
    return list(paginator.get_elided_page_range(number, on_each_side=1, on_ends=1))
