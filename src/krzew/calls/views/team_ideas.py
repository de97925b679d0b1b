"""Ideas for the team: the list, one idea with the talk, and taking one down for somebody."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krzew.accounts.actors import Actor
from krzew.accounts.permissions import Denied
from krzew.calls.acts import ideas as acts
from krzew.calls.forms.ideas import KeyedForm, SayForm
from krzew.calls.models import IdeaCard
from krzew.calls.present import ideas as present
from krzew.calls.queries import ideas as queries
from krzew.calls.rules import MANAGERS_ONLY, answer_idea, key_in_idea
from krzew.calls.states import IdeaState, WrongState
from krzew.calls.views.base import actor_of, put_errors
from krzew.timeline.queries import history
from krzew.timeline.shown import moments
from krzew.ui.components import Crumb, Tab

SHOWN = 50


def listing(request: HttpRequest) -> HttpResponse:
    """Waiting ones first; the rest by their state."""
    actor: Actor = actor_of(request)
    if not key_in_idea.allows(actor):
        raise Denied(MANAGERS_ONLY)
    chosen = request.GET.get("state", "")
    rows = queries.ideas(actor)
    if chosen in IdeaState.values:
        rows = rows.filter(state=chosen)
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "table": present.listing(page, one_state=chosen in IdeaState.values),
        "page": page,
        "tabs": _tabs(actor, chosen),
        "may_key_in": True,
    }
    return render(request, "calls/team_ideas.html", context)


def _tabs(actor: Actor, chosen: str) -> list[Tab]:
    here = reverse("calls:team_ideas")
    tabs = [Tab(_("All"), here, current=not chosen)]
    for state in (IdeaState.SENT, IdeaState.IN_TALKS, IdeaState.CLOSED):
        count = queries.waiting_ideas(actor) if state == IdeaState.SENT else None
        tabs.append(Tab(str(state.label), f"{here}?state={state}", current=chosen == state, count=count))
    return tabs


def _found(request: HttpRequest, pk: int) -> IdeaCard:
    card = queries.idea(actor_of(request), pk)
    if card is None:
        raise Http404
    return card


def crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("Ideas"), reverse("calls:team_ideas")), *more]


def detail(request: HttpRequest, pk: int, say: SayForm | None = None) -> HttpResponse:
    card = _found(request, pk)
    open_ = card.state in (IdeaState.SENT, IdeaState.IN_TALKS)
    context = {
        "card": card,
        "crumbs": crumbs(Crumb(str(card))),
        "facts": present.facts(card),
        "talk": card.messages.select_related("by"),
        "may_answer": open_ and answer_idea.allows(actor_of(request), card),
        "say": say or SayForm(),
        "near": present.near(card),
        "earlier": queries.similar_ideas(card),
        "moments": moments(list(history(card))),
    }
    return render(request, "calls/team_idea.html", context, status=422 if say else 200)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer, and close the talk when that button was pressed."""
    card, form = _found(request, pk), SayForm(request.POST)
    if not form.is_valid():
        return detail(request, pk, form)
    act = acts.close if request.POST.get("go") == "close" else acts.answer
    try:
        act(actor_of(request), card, form.cleaned_data["text"])
    except WrongState:
        messages.error(request, _("The talk about this idea is closed. Look where it stands now."))
    except ValidationError as error:
        form.add_error("text", " ".join(error.messages))
        return detail(request, pk, form)
    else:
        said = (
            _("The answer is with the author.") if card.email else _("The answer is kept. Call the author.")
        )
        messages.success(request, said)
    return redirect("calls:team_idea", pk=pk)


def key_in(request: HttpRequest) -> HttpResponse:
    actor: Actor = actor_of(request)
    key_in_idea.require(actor)
    form = KeyedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "consent"}
        try:
            card = acts.key_in(actor, **data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Kept. Its number is %(number)s.") % {"number": card.number})
            return redirect("calls:team_idea", pk=card.pk)
    context = {"form": form, "crumbs": crumbs(Crumb(_("Take down an idea")))}
    return render(request, "calls/key_in.html", context, status=422 if form.errors else 200)
