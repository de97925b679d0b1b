"""Grants as open data for everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from krzew.accounts.access import public
from krzew.trials.grants import granted, package


@public
@require_safe
def export(request: HttpRequest) -> JsonResponse:
    """Every announced grant as 360Giving JSON."""
    content = package(granted())
    if not content["grants"]:  # the standard knows no empty file
        raise Http404(_("No grant has been announced yet."))
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})
