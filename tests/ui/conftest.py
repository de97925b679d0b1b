"""Rendering of partials, and a folder of figures for each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override


@pytest.fixture
def figure_folder(tmp_path: Path, settings: Any) -> Path:
    settings.KRZEW_VAR = tmp_path
    return tmp_path / "figures"


@pytest.fixture
def partial() -> Callable[..., str]:
    """Render `ui/<name>.html` in a language."""

    def render(name: str, lang: str = "en", path: str = "/", **context: Any) -> str:
        with override(lang):
            return render_to_string(f"ui/{name}.html", context, RequestFactory().get(path))

    return render
