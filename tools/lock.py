"""Write the locked requirements: every package with hashes, no address of any index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = "# Made by `make lock` from pyproject.toml. Hashes, no addresses.\n"
# The build of the project itself runs without isolation, so its backend is locked too.
BUILD = "setuptools>=77\n"


def compile_lock(target: str, *options: str) -> None:
    """Resolve pyproject.toml (and the build backend) into `target`."""
    command = [sys.executable, "-m", "piptools", "compile", "--quiet", "--generate-hashes", "--allow-unsafe"]
    command += ["--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links", "--no-annotate"]
    command += ["--no-header", "--strip-extras", "--output-file", target, *options]
    subprocess.run(command, cwd=ROOT, check=True)
    path = ROOT / target
    lines = [line for line in path.read_text().splitlines() if not line.startswith("--")]
    path.write_text(HEADER + "\n".join(lines) + "\n")


def main() -> None:
    build = ROOT / "build-requirements.in"
    build.write_text(BUILD)
    try:
        compile_lock("requirements.txt", "pyproject.toml", build.name)
        compile_lock(
            "requirements-dev.txt",
            "--extra",
            "dev",
            "--constraint",
            "requirements.txt",
            "pyproject.toml",
            build.name,
        )
        compile_lock(
            "requirements-bench.txt",
            "--extra",
            "bench",
            "--constraint",
            "requirements-dev.txt",
            "pyproject.toml",
            build.name,
        )
    finally:
        build.unlink()


if __name__ == "__main__":
    main()
