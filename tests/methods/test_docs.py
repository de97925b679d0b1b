"""The worked examples of the documentation run as printed and give what they say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "methods"
METHODS = sorted(path.stem for path in DOCS.glob("*.md") if path.stem != "README")


@pytest.mark.parametrize("method", METHODS)
def test_example_prints_what_the_page_says(method: str) -> None:
    text = (DOCS / f"{method}.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    printed = "\n".join(re.findall(r"```text\n(.*?)```", text, re.DOTALL))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == printed.split()


def test_notebook_example_runs() -> None:
    done = subprocess.run(
        [sys.executable, DOCS / "notebook_example.py"], capture_output=True, text=True, check=True
    )
    assert "Na pierwszym miejscu jest" in done.stdout
