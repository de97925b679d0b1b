"""What the pages of a test share: one view for the innovator by her link, and for the team and the mentor by number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from krzew.accounts.access import public
from krzew.accounts.actors import Actor
from krzew.timeline.transitions import WrongState
from krzew.trials.acts.steps import Conflict
from krzew.trials.models import Innovation, Test
from krzew.trials.queries.testers import test_of
from krzew.trials.rules import accompany, manage_innovation
from krzew.trials.states import InnovationState, TestState
from krzew.trials.views.base import actor_of, again, by_link, of_team, put_errors
from krzew.trials.views.innovations import crumbs
from krzew.ui.components import Crumb


@dataclass(frozen=True)
class Side:
    """Who looks at the page: the innovator by her link, or the team and the mentor by number."""

    actor: Actor
    innovation: Innovation
    key: str | int
    innovator: bool

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"trials:{name if self.innovator else f'team_{name}'}", args=[self.key, *args])

    @property
    def runs(self) -> bool:
        return self.innovation.state == InnovationState.RUNNING

    @property
    def writes(self) -> bool:
        """May change plan, testers and answers."""
        return self.runs and (self.innovator or manage_innovation.allows(self.actor, self.innovation))

    @property
    def notes(self) -> bool:
        """May write the diary and stop the test."""
        return self.runs and (self.innovator or accompany.allows(self.actor, self.innovation))

    @property
    def test(self) -> Test | None:
        return test_of(self.innovation)

    def planned(self) -> Test:
        """The test, which must be planned already."""
        if self.test is None:
            raise Http404
        return self.test

    def crumbs(self, *more: Crumb) -> list[Crumb]:
        """Innovations > title > test > page, or for the innovator: her innovation > test > page."""
        inner = [Crumb(_("Test"), self.url("test")), *more] if more else [Crumb(_("Test"))]
        if self.innovator:
            return [Crumb(self.innovation.title, reverse("trials:innovation", args=[self.key])), *inner]
        return crumbs(self.innovation, *inner)


TOO_LATE = gettext_lazy(
    "Somebody did this meanwhile, or it is too late for it. Look at what stands here now."
)
View = Callable[..., HttpResponse]


def both(address: str, name: str, view: View) -> list[URLPattern]:
    """One page under two addresses: open for whoever holds the innovator's link, and for the team after signing in."""

    @public
    @never_cache
    def for_innovator(request: HttpRequest, token: str, **rest: Any) -> HttpResponse:
        return view(request, Side(actor_of(request), by_link(request, token), token, True), **rest)

    @never_cache
    def for_team(request: HttpRequest, pk: int, **rest: Any) -> HttpResponse:
        return view(request, Side(actor_of(request), of_team(request, pk), pk, False), **rest)

    for made in (for_innovator, for_team):
        made.__doc__ = view.__doc__
    return [
        path(f"innovation/<str:token>/{address}", for_innovator, name=name),
        path(f"innovations/<int:pk>/{address}", for_team, name=f"team_{name}"),
    ]


def shown(
    request: HttpRequest, side: Side, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the test; the parts that all pages have are put in."""
    known = {"innovation": side.innovation, "side": side, "test": side.test, "kicker": side.innovation.title}
    return render(request, template, known | context, status=status)


def must_write(side: Side) -> None:
    """A page that only changes things is not shown to those who may not change them."""
    if not side.innovator:
        manage_innovation.require(side.actor, side.innovation)


def kept(
    request: HttpRequest,
    side: Side,
    form: Form,
    save: Callable[[], object],
    *,
    title: str,
    done: str,
    template: str = "trials/test_form.html",
    said: str = "",
    **context: Any,
) -> HttpResponse:
    """Show a form; keep what is typed by one act. What an act refuses stands beside its field, and nothing is lost."""
    status, meanwhile = 200, False
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except ValidationError as error:
            put_errors(form, error)
        except WrongState:
            form.add_error(None, TOO_LATE)
        except Conflict as conflict:
            again(form, revision=conflict.now.revision)  # type: ignore[attr-defined]
            status, meanwhile = 409, True
        else:
            messages.success(request, said or _("Saved."))
            return redirect(done)
    context |= {"title": title, "form": form, "meanwhile": meanwhile, "cancel_url": done}
    context.setdefault("crumbs", side.crumbs(Crumb(title)))
    return shown(request, side, template, context, 422 if form.errors else status)


def is_over(test: Test) -> bool:
    return test.state in (TestState.ENDED, TestState.STOPPED)


def typed(request: HttpRequest) -> Any:
    """What was sent, even when nothing was typed; None while the page is only read."""
    return request.POST if request.method == "POST" else None
