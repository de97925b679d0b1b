"""Polish is complete or the build fails: collect strings, and name every missing or fuzzy one.

--collect   write new strings into the catalogues (otherwise only check)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "krzew"
COMMAND = [
    "-m",
    "django",
    "makemessages",
    "-l",
    "pl",
    "--no-location",
    "--no-obsolete",
    "--no-wrap",
    "-v",
    "0",
]


def rooms() -> list[Path]:
    """Folders with a catalogue of their own; the package itself holds the front page's."""
    return [*sorted(p.parent for p in PACKAGE.glob("*/locale")), PACKAGE]


def collect(room: Path) -> None:
    """Run makemessages in one room. The package's own run leaves the rooms out."""
    others = [p.name for p in rooms() if p != room and room == PACKAGE]
    ignore = [f"--ignore={name}/*" for name in others]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": ""}
    subprocess.run([sys.executable, *COMMAND, *ignore], cwd=room, check=True, env=environment)


def problems(catalogue: Path) -> list[str]:
    with catalogue.open("rb") as handle:
        messages = [m for m in read_po(handle) if m.id]
    said = []
    for message in messages:
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.fuzzy or not all(texts):
            kind = "fuzzy" if message.fuzzy else "missing"
            said.append(f"{catalogue.relative_to(PACKAGE.parent.parent)}: {kind}: {message.id!r}")
    return said


def check() -> list[str]:
    """Collect into a copy, so that a string that was never collected counts as missing too."""
    global PACKAGE
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "src" / "krzew"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "data"))
        PACKAGE = copy
        return _collect_all()


def _collect_all() -> list[str]:
    for room in rooms():
        collect(room)
    return [line for room in rooms() for line in problems(room / "locale/pl/LC_MESSAGES/django.po")]


def main() -> int:
    said = _collect_all() if "--collect" in sys.argv else check()
    sys.stdout.write("".join(f"{line}\n" for line in said))
    sys.stdout.write(f"{len(said)} strings without Polish\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
