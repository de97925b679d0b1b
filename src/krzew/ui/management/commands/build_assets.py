"""Write the JavaScript of others that pages load: Vega for interactive figures, htmx for swift ones.

Both come from installed packages, so nothing foreign lies in the repository and versions follow the lock.
"""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Write ui/vega.js and ui/htmx.js into KRZEW_VAR/assets; does nothing when they are up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        target = Path(settings.KRZEW_VAR) / "assets" / "ui"
        target.mkdir(parents=True, exist_ok=True)
        stamp, wanted = target / "versions.txt", self._versions()
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            self.stdout.write("Assets are up to date.")
            return
        (target / "vega.js").write_text(self._vega(), encoding="utf-8")
        (target / "htmx.js").write_text(self._htmx(), encoding="utf-8")
        stamp.write_text(wanted, encoding="utf-8")
        self.stdout.write(f"Assets written to {target}.")

    def _versions(self) -> str:
        return "".join(f"{name} {version(name)}\n" for name in ("vl-convert-python", "django-htmx"))

    def _vega(self) -> str:
        import vl_convert  # loads a JavaScript engine: not needed when everything is up to date

        return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")

    def _htmx(self) -> str:
        return (files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js").read_text(encoding="utf-8")
