"""Polish is complete or the build fails: collect strings, and name every missing or fuzzy one.

--collect   write new strings into the catalogues (otherwise only check)
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.pofile import read_po

MARKS = ("_", "gettext", "gettext_lazy", "ngettext")
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


def hidden(room: Path) -> list[str]:
    """Strings inside an f-string, which the collector does not see: each must be known from another place."""
    with (room / "locale/pl/LC_MESSAGES/django.po").open("rb") as handle:
        known = {text for m in read_po(handle) for text in (m.id if isinstance(m.id, tuple) else (m.id,))}
    files = room.glob("*.py") if room == PACKAGE else room.rglob("*.py")
    found = [(path, text) for path in sorted(files) for text in _in_f_strings(path) if text not in known]
    return [f"{path.relative_to(PACKAGE.parent.parent)}: not collected: {text!r}" for path, text in found]


def _in_f_strings(path: Path) -> list[str]:
    parts = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.JoinedStr)]
    calls = [n for part in parts for n in ast.walk(part) if isinstance(n, ast.Call) and n.args]
    said = [n.args[0] for n in calls if isinstance(n.func, ast.Name) and n.func.id in MARKS]
    return [arg.value for arg in said if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]


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
    said = [line for room in rooms() for line in problems(room / "locale/pl/LC_MESSAGES/django.po")]
    return said + [line for room in rooms() for line in hidden(room)]


def main() -> int:
    said = _collect_all() if "--collect" in sys.argv else check()
    sys.stdout.write("".join(f"{line}\n" for line in said))
    sys.stdout.write(f"{len(said)} strings without Polish\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
