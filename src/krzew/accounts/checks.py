"""System checks that keep the demonstration away from production."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register()
def demo_is_not_production(app_configs: Any, **kwargs: Any) -> list[Error]:
    if settings.KRZEW_DEMO and settings.PRODUCTION:
        hint = "Unset KRZEW_DEMO, or run without KRZEW_ENV=production."
        return [Error("One-click sign-in must not run in production.", hint=hint, id="krzew.E001")]
    return []
