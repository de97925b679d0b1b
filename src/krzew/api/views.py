"""The page about the API, for people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from krzew.accounts.access import public
from krzew.api.routes import api


@public
def schema(request: HttpRequest) -> HttpResponse:
    """Where the schema of today's version is."""
    return redirect("api:openapi-json")


@public
def about(request: HttpRequest) -> HttpResponse:
    """What can be asked, made from the same schema that machines read."""
    found = api.get_openapi_schema()
    calls = [
        _call(address, method, operation)
        for address, methods in found["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api/about.html", {"calls": calls, "version": found["info"]["version"]})


def _call(address: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    return {
        "address": address,
        "method": method.upper(),
        "summary": operation.get("description") or operation["summary"],
        "parameters": [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"],
        "example": _example(address),
    }


def _example(address: str) -> str:
    """An address that can be clicked."""
    for name, value in {"{number}": "", "{slug}": "spoldzielnia-przy-wtz"}.items():
        address = address.replace(name, value)
    code = "unemployment_share" if "/indicators/" in address else "300202"
    return address.replace("{code}", code)
