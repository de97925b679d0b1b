"""Letters to applicants that leave at once, because the act itself is their reason."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from krzew.accounts.actors import Actor
from krzew.calls.models import Application
from krzew.timeline.acts import post_letter
from krzew.ui.formats import moment


def _post(application: Application, subject: str, body: str) -> None:
    """By e-mail where there is one; those without it see the same on their page and hear it from the team."""
    if application.email:
        post_letter(
            Actor.system(), application, application.email, subject, body, language=application.language
        )


def confirm(application: Application) -> None:
    """It came: the number, the time of the server in Warsaw, what comes next."""
    version = application.versions.last()
    with override(application.language):
        words = {
            "number": application.label,
            "title": application,
            "call": application.call.name,
            "at": moment(application.received_at or (version.sent_at if version else None)),
        }
        subject = _("We have your application %(number)s") % words
        body = (
            _(
                "Good morning,\n\nthe application “%(title)s” in the call “%(call)s” came on %(at)s (Warsaw time). "
                "Its number is %(number)s.\n\nUnder your link you see where it stands and what comes next, and you "
                "can take a copy as PDF. You need not send anything on paper unless the rules of the call say so."
            )
            % words
        )
    _post(application, subject, body)


def say_withdrawn(application: Application) -> None:
    with override(application.language):
        words = {"number": application.label, "title": application}
        subject = _("Application %(number)s is taken back") % words
        body = (
            _(
                "Good morning,\n\nthe application “%(title)s”, number %(number)s, was taken back from its page. "
                "It is no longer assessed. If this was not you, write to the team of the call at once."
            )
            % words
        )
    _post(application, subject, body)


def say_resigned(application: Application, reason: str) -> None:
    with override(application.language):
        words = {"number": application.label, "title": application, "reason": reason.strip() or "–"}
        subject = _("The grant for application %(number)s is given up") % words
        body = (
            _(
                "Good morning,\n\nfor the application “%(title)s”, number %(number)s, the grant or the place on the "
                "reserve list was given up.\n\nReason given: %(reason)s\n\nIf this was not you, write to the team of "
                "the call at once."
            )
            % words
        )
    _post(application, subject, body)


def send_link(application: Application, address: str) -> None:
    """Where the application is; `address` is the full link."""
    with override(application.language):
        subject = _("Your application in Krzew: the link to it")
        body = _(
            "Good morning,\n\nthe application “%(title)s” is kept here:\n%(link)s\n\nWhoever has this link can read "
            "and change it. Nothing is sent before you press “Send the application”."
        ) % {"title": application, "link": address}
    _post(application, subject, body)


def invite(application: Application, name: str, email: str, address: str) -> None:
    """To a member: who asks, what to read and to agree to."""
    with override(application.language):
        words = {
            "name": name,
            "who": application.applicant_name or _("Somebody"),
            "title": application,
            "call": application.call.name,
            "link": address,
        }
        subject = _("You are asked to join an application: %(title)s") % words
        body = (
            _(
                "Good morning,\n\n%(who)s writes an application “%(title)s” in the call “%(call)s” and names you as a "
                "member.\n\nRead it and say whether you agree:\n%(link)s\n\nIf you do nothing, you are not a member."
            )
            % words
        )
    post_letter(Actor.system(), application, email, subject, body, language=application.language)
