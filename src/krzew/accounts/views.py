"""Pages about oneself, one's organisations and the people in them. Fetch, check, call one act, render."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from krzew.accounts import acts, queries, rules, shown
from krzew.accounts.access import public
from krzew.accounts.actors import Actor
from krzew.accounts.forms import InviteForm, OrganisationForm, ProfileForm
from krzew.accounts.middleware import ORGANISATION_KEY
from krzew.accounts.models import Organisation, Role, User
from krzew.ui.components import Crumb

Page = HttpResponse


def _me(request: HttpRequest) -> Actor:
    me: Actor = request.actor  # type: ignore[attr-defined]
    return me


def _act_for(request: HttpRequest, organisation: Organisation) -> None:
    request.session[ORGANISATION_KEY] = organisation.pk


def _mine(request: HttpRequest, pk: int) -> Organisation:
    """One of the person's organisations; for a stranger it is not there at all."""
    return get_object_or_404(queries.organisations_of(_me(request).user), pk=pk)


def _next(request: HttpRequest, fallback: str) -> str:
    """Where the person was going, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else fallback


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _form_page(request: HttpRequest, form: forms.BaseForm, template: str, **context: Any) -> Page:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def _crumbs(here: str, organisation: Organisation | None = None) -> list[Crumb]:
    """The way from one's organisations to this page."""
    way = [Crumb(_("My organisations"), reverse("accounts:organisations"))]
    if organisation:
        way.append(Crumb(str(organisation), reverse("accounts:organisation", args=[organisation.pk])))
    return [*way, Crumb(here)]


def profile(request: HttpRequest) -> Page:
    user = _me(request).user
    form = ProfileForm(
        _posted(request), initial={"name": user.name, "language": user.language} if user else {}
    )
    if form.is_valid():
        changed = acts.change_profile(_me(request), **form.cleaned_data)
        with override(changed.language):
            messages.success(request, _("Your profile is saved."))
            response = redirect("accounts:profile")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, changed.language, samesite="Lax")
        return response
    return _form_page(request, form, "accounts/profile.html", has_factor=is_mfa_enabled(user))


def second_factor(request: HttpRequest) -> Page:
    """What a second factor is, which to choose, and the way back to what the person wanted."""
    context = {
        "has_factor": is_mfa_enabled(_me(request).user),
        "next": _next(request, reverse("home")),
        "by_number": request.get_host().split(":")[0].replace(".", "").isdigit(),
        "port": request.get_port(),
    }
    return render(request, "accounts/second_factor.html", context)


def organisations(request: HttpRequest) -> Page:
    me = _me(request)
    assert me.user is not None
    context = {"belongings": queries.belongings(me.user), "invitations": queries.invitations_for(me.user)}
    return render(request, "accounts/organisations.html", context)


@require_POST
def switch(request: HttpRequest) -> Page:
    wanted = request.POST.get("organisation", "")
    organisation = _mine(request, int(wanted) if wanted.isdecimal() else 0)
    acts.switch_organisation(_me(request), organisation)
    _act_for(request, organisation)
    messages.success(request, _("You now act for %(organisation)s.") % {"organisation": organisation})
    return redirect(_next(request, reverse("accounts:organisation", args=[organisation.pk])))


def open_organisation(request: HttpRequest) -> Page:
    form = OrganisationForm(_posted(request))
    if form.is_valid():
        organisation = acts.open_organisation(_me(request), **form.cleaned_data)
        _act_for(request, organisation)
        messages.success(
            request, _("The organisation is open and you are its owner. Invite the people you work with.")
        )
        return redirect("accounts:organisation", organisation.pk)
    return _form_page(request, form, "accounts/open.html", crumbs=_crumbs(_("Open an organisation")))


def organisation(request: HttpRequest, pk: int) -> Page:
    organisation, me = _mine(request, pk), _me(request)
    rules.see_organisation.require(me, organisation)
    manages = rules.manage_organisation.allows(me, organisation)
    context = {
        "organisation": organisation,
        "manages": manages,
        "members": shown.members(organisation, queries.members(organisation), linked=manages),
        "invitations": queries.invitations(organisation) if manages else None,
        "roles": list(Role),
        "crumbs": _crumbs(str(organisation)),
    }
    return render(request, "accounts/organisation.html", context)


def change_organisation(request: HttpRequest, pk: int) -> Page:
    organisation, me = _mine(request, pk), _me(request)
    rules.manage_organisation.require(me, organisation)
    form = OrganisationForm(_posted(request), instance=organisation)
    if form.is_valid():
        acts.change_organisation(me, organisation, **form.cleaned_data)
        messages.success(request, _("The organisation is saved."))
        return redirect("accounts:organisation", pk)
    kept = Organisation.objects.get(pk=pk)
    crumbs = _crumbs(_("Change the organisation"), kept)
    return _form_page(request, form, "accounts/change.html", organisation=kept, crumbs=crumbs)


def invite(request: HttpRequest, pk: int) -> Page:
    organisation, me = _mine(request, pk), _me(request)
    rules.manage_organisation.require(me, organisation)
    form = InviteForm(_posted(request), initial={"role": Role.MEMBER})
    if form.is_valid() and _invited(request, form, organisation):
        messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
        return redirect("accounts:organisation", pk)
    crumbs = _crumbs(_("Invite a person"), organisation)
    return _form_page(request, form, "accounts/invite.html", organisation=organisation, crumbs=crumbs)


def _invited(request: HttpRequest, form: InviteForm, organisation: Organisation) -> bool:
    def link(token: str) -> str:
        return request.build_absolute_uri(reverse("accounts:invitation", args=[token]))

    try:
        acts.invite(_me(request), organisation, link=link, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_POST
def withdraw(request: HttpRequest, pk: int) -> Page:
    invitation = get_object_or_404(
        rules.manage_invitation.filter(_me(request), queries.all_invitations()), pk=pk
    )
    try:
        acts.withdraw_invitation(_me(request), invitation)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return redirect("accounts:organisation", invitation.organisation_id)


@public
@never_cache
def invitation(request: HttpRequest, token: str) -> Page:
    """The page behind the link in an invitation: for people with and without an account."""
    invitation, me = queries.invitation_by(token), _me(request)
    if invitation and request.method == "POST":
        joined = acts.accept_invitation(me, invitation)
        _act_for(request, invitation.organisation)
        messages.success(
            request, _("You now act for %(organisation)s.") % {"organisation": joined.organisation}
        )
        return redirect("accounts:organisation", invitation.organisation_id)
    context = {"invitation": invitation, "landing": shown.landing(me, invitation), "path": request.path}
    context["role"] = Role(invitation.role) if invitation else None
    return render(request, "accounts/invitation.html", context, status=200 if invitation else 404)


def leave(request: HttpRequest, pk: int) -> Page:
    organisation = _mine(request, pk)
    if request.method != "POST":
        return render(request, "accounts/leave.html", {"organisation": organisation})
    try:
        acts.leave(_me(request), organisation)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("You no longer belong to %(organisation)s.") % {"organisation": organisation}
        )
    return redirect("accounts:organisations")


def person(request: HttpRequest, pk: int, person: int) -> Page:
    """One member: which roles, and a button for each to give or take."""
    organisation, me = _mine(request, pk), _me(request)
    rules.manage_organisation.require(me, organisation)
    user = get_object_or_404(queries.people(organisation), pk=person)
    if request.method == "POST":
        return _change_role(request, organisation, user)
    context = {"organisation": organisation, "person": user, "roles": queries.roles_held(organisation, user)}
    context["crumbs"] = _crumbs(str(user), organisation)
    return render(request, "accounts/person.html", context)


def _change_role(request: HttpRequest, organisation: Organisation, user: User) -> Page:
    change = acts.take_role if "take" in request.POST else acts.give_role
    role = request.POST.get("take") or request.POST.get("give") or ""
    try:
        change(_me(request), organisation, user, Role(role))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except ValueError:
        messages.error(request, _("There is no such role. Choose one of those below."))
    else:
        messages.success(request, _("The roles are changed."))
    if queries.people(organisation).filter(pk=user.pk).exists():
        return redirect("accounts:person", organisation.pk, user.pk)
    return redirect("accounts:organisation", organisation.pk)
