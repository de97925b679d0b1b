"""Error pages (400, 403, 404, 500, and 403_csrf.html for an expired form) are found by Django by name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "krzew.ui"
    label = "ui"
    verbose_name = _("Design system")
