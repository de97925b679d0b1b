"""Grants as open data in the 360Giving standard 1.4: what was granted, to whom, for what, how much was paid.

A grant to a person or an informal group names nobody: the standard asks for a generic name in such a case.
Organisations are named; their identifier is the prefix of this installation and their tax number.
Source: https://standard.threesixtygiving.org, JSON Schema of version 1.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from krzew.calls.applications.answers import APPLICANT
from krzew.calls.models import Application, Call, Decision, Kind
from krzew.calls.states import ApplicationState, Outcome
from krzew.places.names import short_name
from krzew.trials.journey import grant_in_force
from krzew.trials.models import Innovation
from krzew.ui.addresses import absolute

VERSION = "1.4"
ORGANISATIONS = (Kind.ORGANISATION, Kind.PARTNERSHIP)
Json = dict[str, Any]


def granted(call: Call | None = None) -> QuerySet[Application]:
    """Applications whose grant was announced and not given up."""
    told = Decision.objects.filter(outcome=Outcome.GRANTED, released_at__isnull=False).order_by(
        "-released_at"
    )
    rows = Application.objects.filter(state=ApplicationState.SELECTED, granted__gt=0, call__isnull=False)
    rows = rows.filter(decisions__in=told).distinct()
    if call is not None:
        rows = rows.filter(call=call)
    whole = rows.select_related("call__programme__organisation", "place").prefetch_related(
        Prefetch("decisions", queryset=told, to_attr="told"),
        Prefetch(
            "innovation",
            queryset=Innovation.objects.select_related("call__programme").prefetch_related(
                "agreements__tranches"
            ),
        ),
    )
    return whole.order_by("call__closes_at", "number")


def package(rows: Iterable[Application]) -> Json:
    """The file: its description and every grant."""
    now = timezone.now()
    return {
        "version": VERSION,
        "title": _("Grants for social innovations"),
        "description": _("Every grant that was announced in Krzew and not given up."),
        "issued": _moment(now),
        "modified": _moment(now),
        "publisher": {"name": settings.KRZEW_GRANTS_PUBLISHER, "website": absolute("")},
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "grants": [grant(row) for row in rows],
    }


def grant(row: Application) -> Json:
    """One grant. Raises nothing: what is not known is left out, as the standard asks."""
    call = row.call
    told: list[Decision] = row.told  # type: ignore[attr-defined]
    assert row.granted is not None
    assert told[0].released_at is not None
    innovation = getattr(row, "innovation", None)
    found: Json = {
        "id": f"{settings.KRZEW_GRANTS_PREFIX}-{call.slug}-{row.number}",
        "title": row.title,
        "description": _description(row, innovation),
        "currency": "PLN",
        "amountAwarded": _number(row.granted),
        "awardDate": _moment(told[0].released_at),
        "fundingOrganization": [_funder(call)],
        "grantProgramme": [_programme(call)],
        "fromOpenCall": "Yes",
        "dateModified": _moment(max(row.changed_at, told[0].released_at)),
        "dataSource": absolute(reverse("calls:call", args=[call.slug])),
    }
    if row.amount is not None:
        found["amountAppliedFor"] = _number(row.amount)
    if row.place is not None:
        found["beneficiaryLocation"] = [{"name": short_name(row.place), "countryCode": "PL"}]
    return found | _recipient(row) | _money_and_dates(innovation)


def _description(row: Application, innovation: Innovation | None) -> str:
    """The public description; where there is none yet, only what the grant is for."""
    if innovation is not None and innovation.is_public and innovation.public_text:
        return innovation.public_text
    return _("A test of a social innovation in a small scale, in the call “%(call)s”.") % {
        "call": row.call.name
    }


def _recipient(row: Application) -> Json:
    if row.kind in ORGANISATIONS:
        data = row.answers.get(APPLICANT) or {}
        key = data.get("nip") or f"a{row.pk}"
        name = row.applicant_name or _("an organisation")
        return {"recipientOrganization": [{"id": f"{settings.KRZEW_GRANTS_PREFIX}-org-{key}", "name": name}]}
    return {
        "recipientIndividual": {
            "id": f"{settings.KRZEW_GRANTS_PREFIX}-ind-{row.call.slug}-{row.number}",
            "name": _("A person or an informal group"),
        }
    }


def _funder(call: Call) -> Json:
    home = call.programme.organisation
    return {"id": f"{settings.KRZEW_GRANTS_PREFIX}-funder-{home.pk}", "name": home.name}


def _programme(call: Call) -> Json:
    url = absolute(reverse("calls:call", args=[call.slug]))
    return {"code": call.slug, "title": call.name, "url": url}


def _money_and_dates(innovation: Innovation | None) -> Json:
    """What the agreement says about time, and what was paid so far."""
    agreement = grant_in_force(innovation) if innovation else None
    if agreement is None:
        return {}
    paid = sum((t.paid_amount or Decimal(0) for t in agreement.tranches.all()), Decimal(0))
    found: Json = {"amountDisbursed": _number(paid)}
    if agreement.starts_on and agreement.ends_on:
        dates = {"startDate": _midnight(agreement.starts_on), "endDate": _midnight(agreement.ends_on)}
        found["plannedDates"] = [dates]
    return found


def _number(money: Decimal) -> int | float:
    """The standard wants numbers: whole zlotys stay whole."""
    return int(money) if money == money.to_integral_value() else float(money)


def _midnight(day: date) -> str:
    return _moment(datetime.combine(day, time(), timezone.get_default_timezone()))


def _moment(at: datetime) -> str:
    """Full date-time everywhere: a plain date is read as two things at once by checkers that skip formats."""
    return at.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
