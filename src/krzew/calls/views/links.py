"""The way back for somebody who lost the link. The answer never tells whether an address is known."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from krzew.accounts.access import public
from krzew.accounts.throttle import too_many, too_often
from krzew.calls.acts import links as acts
from krzew.calls.forms.links import LostLinkForm
from krzew.timeline.notices import fingerprint

LETTERS_PER_HOUR = 3
ASKED_PER_HOUR = 60
"""From one network address: a whole office or hall may stand behind it."""


@public
@never_cache
def lost(request: HttpRequest) -> HttpResponse:
    """Type the e-mail; letters leave if something was left with it."""
    form = LostLinkForm(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    if asked and too_many(request, "lost_link", ASKED_PER_HOUR):
        form.add_error(
            None, _("Many links were asked for from this place in the last hour. Try again later.")
        )
        asked = False
    if asked:
        _send(form.cleaned_data["email"], form.cleaned_data["website"])
    context = {"form": form, "asked": asked, "days": acts.TICKET_DAYS}
    return render(request, "calls/links_lost.html", context, status=422 if form.errors else 200)


def _send(email: str, robot: str) -> None:
    if not robot and not too_often(f"lost_link:{fingerprint(email)}", LETTERS_PER_HOUR):
        acts.send_tickets(email)


@public
@never_cache
def new(request: HttpRequest, signed: str) -> HttpResponse:
    """Exchange the ticket of a letter. It asks first: programs that look through mail open every address."""
    try:
        if request.method == "POST":
            path = acts.exchange(signed)
            messages.success(
                request, _("This is your new link: keep it. The old one does not work any more.")
            )
            return redirect(path)
        row = acts.of_ticket(signed)
    except acts.Spent:
        return render(request, "calls/links_spent.html", {"days": acts.TICKET_DAYS}, status=410)
    return render(request, "calls/links_new.html", {"row": row})
