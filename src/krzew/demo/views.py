"""One-click sign-in as an invented person. Exists only in the demonstration."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from krzew.accounts.access import public
from krzew.accounts.actors import Actor
from krzew.accounts.models import User
from krzew.demo.personas import Persona, persona
from krzew.trials.queries.innovations import OWN, own

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    chosen = persona(request.POST.get("persona", ""))
    if not settings.KRZEW_DEMO or chosen is None:
        raise Http404
    user = get_object_or_404(User, email=chosen.email)
    login(request, user, backend=BACKEND)
    return redirect(_landing(chosen, user))


def _landing(chosen: Persona, user: User) -> str:
    """Where she has something to do; an innovator at her own innovation."""
    if chosen.lands != "trials:innovation":
        return reverse(chosen.lands)
    row = own(Actor.of(user)).first()
    return reverse(chosen.lands, args=[f"{OWN}{row.pk}"]) if row else reverse("home")
