"""The real product in a process of its own, with the demonstration, and a real browser to drive it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _own_database(url: str, name: str) -> str:
    """A database of the house's own beside the one that the tests use."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return re.sub(r"/[^/]*$", f"/{name}", url)


@pytest.fixture(scope="session")
def house_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("house")
    environment = {**os.environ, "KRZEW_VAR": str(folder), "KRZEW_DEMO": "1", "PYTHONUNBUFFERED": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "krzew.settings"
    environment.pop("SECRET_KEY", None)
    if url := os.environ.get("DATABASE_URL"):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
        environment["DATABASE_URL"] = _own_database(url, f"krzew_house_{worker}")
    return environment


@pytest.fixture(scope="session")
def krzew(house_environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The `krzew` command inside the house."""

    def call(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "krzew", *words]
        return subprocess.run(command, env=house_environment, check=check, capture_output=True, text=True)

    return call


@pytest.fixture(scope="session")
def house(krzew: Callable[..., Any], house_environment: dict[str, str]) -> Iterator[str]:
    """Address of a running house with the demonstration; KRZEW_HOUSE names one that already runs."""
    if running := os.environ.get("KRZEW_HOUSE"):
        yield running
        return
    krzew("setup", "--demo")
    port = _free_port()
    log = Path(house_environment["KRZEW_VAR"]) / "serve.log"
    with log.open("w") as out:
        command = [sys.executable, "-m", "krzew", "serve", "--port", str(port)]
        server = subprocess.Popen(command, env=house_environment, stdout=out, stderr=out)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(240):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError(log.read_text())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with the module: as long as it runs, its event loop would disturb tests without a browser."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Visit:
    """One person's browser: opens pages, signs in as a persona, listens for trouble."""

    def __init__(self, context: BrowserContext, house: str) -> None:
        self.context, self.house = context, house
        self.page: Page = context.new_page()
        self.trouble: list[str] = []
        self.page.on("console", lambda m: self.trouble.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.house + path)
        assert answer is not None
        assert answer.status < 400, f"{path} answered {answer.status}"
        return self.page

    def sign_in(self, persona: str, language: str = "pl") -> None:
        page = self.open(f"/{language}/")
        page.locator(f"button[name=persona][value={persona}]").click()
        page.wait_for_load_state()

    def axe(self) -> list[str]:
        """What axe finds on the page as it stands, one line each."""
        found = Axe().run(self.page)["violations"]
        return [f"{v['id']}: {v['help']} — {v['nodes'][0]['html'][:160]}" for v in found]

    def is_too_wide(self) -> bool:
        script = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
        return bool(self.page.evaluate(script))


@pytest.fixture
def visit(browser: Browser, house: str) -> Iterator[Callable[..., Visit]]:
    """Open a browser window; `visit(width=375, javascript=False)`."""
    contexts: list[BrowserContext] = []

    def start(width: int = 1280, height: int = 900, javascript: bool = True, **options: Any) -> Visit:
        size = {"width": width, "height": height}
        contexts.append(
            browser.new_context(viewport=size, java_script_enabled=javascript, locale="pl-PL", **options)
        )
        return Visit(contexts[-1], house)

    yield start
    for context in contexts:
        context.close()
