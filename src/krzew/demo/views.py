"""One-click sign-in as an invented person. Exists only in the demonstration."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from krzew.accounts.access import public
from krzew.accounts.models import User
from krzew.demo.personas import persona

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    chosen = persona(request.POST.get("persona", ""))
    if not settings.KRZEW_DEMO or chosen is None:
        raise Http404
    login(request, get_object_or_404(User, email=chosen.email), backend=BACKEND)
    return redirect("home")
