"""Sentences of allauth whose Polish addresses one gender only. Our catalogue translates them.

Our catalogue is read before that of allauth, because this app stands before it in `INSTALLED_APPS`.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

OURS_INSTEAD = [
    gettext_noop("Forgot your password?"),
    gettext_noop("Are you sure?"),
    gettext_noop("I have saved my recovery codes"),
    gettext_noop("You are already logged in as %(user_display)s."),
    gettext_noop("This mail can be safely ignored if you did not initiate this action."),
    gettext_noop(
        "You're receiving this email because you or someone else has requested a password reset for your "
        "user account.\nIt can be safely ignored if you did not request a password reset. Click the link "
        "below to reset your password."
    ),
    gettext_noop(
        "Forgotten your password? Enter your email address below, and we'll send you an email allowing "
        "you to reset it."
    ),
    gettext_noop(
        "We have sent you an email. If you have not received it please check your spam folder. "
        "Otherwise contact us if you do not receive it in a few minutes."
    ),
    gettext_noop(
        "You currently do not have any email address set up. You should really add an email address "
        "so you can receive notifications, reset your password, etc."
    ),
    gettext_noop("You are about to deactivate authenticator app based authentication. Are you sure?"),
    ngettext_lazy(
        "You have added %(count)s security key.", "You have added %(count)s security keys.", "count"
    ),
]
