"""Pictures of figures, the choice of brightness, the living style page. All open, except private figures."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from krzew.ui import figure_store
from krzew.ui.style import sample
from krzew.ui.tokens import SCHEMES

YEAR = 31_536_000


@login_not_required
@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every component with its states."""
    return render(request, "ui/style/index.html", sample(request))


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen brightness in a cookie and go back to where the reader was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in SCHEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax")
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@login_not_required
@require_safe
def figure_svg(request: HttpRequest, key: str, scheme: str) -> HttpResponse:
    """The drawn picture. Its address names its content, so it may be kept for ever."""
    stored = _stored(key)
    if (refusal := _refusal(request, stored)) is not None:
        return refusal
    response = HttpResponse(figure_store.svg(key, scheme), content_type="image/svg+xml")
    return _kept(response, stored)


@login_not_required
@require_safe
def figure_json(request: HttpRequest, key: str, scheme: str) -> HttpResponse:
    """The specification, for the interactive version."""
    stored = _stored(key)
    if (refusal := _refusal(request, stored)) is not None:
        return refusal
    return _kept(JsonResponse(figure_store.dressed(stored.spec, scheme)), stored)


def _stored(key: str) -> figure_store.Stored:
    try:
        return figure_store.load(key)
    except figure_store.UnknownFigure as error:
        raise Http404 from error


def _refusal(request: HttpRequest, stored: figure_store.Stored) -> HttpResponse | None:
    """A private figure is for those who are signed in; who else asks is sent to the door."""
    if stored.public or (getattr(request, "user", None) is not None and request.user.is_authenticated):
        return None
    return redirect_to_login(request.get_full_path())


def _kept(response: HttpResponse, stored: figure_store.Stored) -> HttpResponse:
    who = "public" if stored.public else "private"
    response["Cache-Control"] = f"{who}, max-age={YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
