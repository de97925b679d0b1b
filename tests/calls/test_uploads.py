"""A file of 200 MB sent to a running server: a clear page, little memory, and nothing lost."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
SENT = 200 * MEGABYTE


@dataclass
class House:
    port: int
    pid: int
    token: str
    title: str
    folder: Path

    @property
    def memory(self) -> int:
        """The most memory that the server has had, in bytes."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        assert found is not None
        return int(found[1]) * 1024

    def get(self, path: str, cookies: str = "") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Cookie": cookies})
        return connection.getresponse()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("uploads")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    gone = ("DATABASE_URL", "KRZEW_ENV", "KRZEW_DEMO")
    environment = {k: v for k, v in os.environ.items() if k not in gone}
    environment |= {"KRZEW_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "krzew.settings"}
    environment |= {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "TMPDIR": str(folder)}
    script = Path(__file__).with_name("uploads_house.py")
    command = [sys.executable, str(script), str(port)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert server.stdout is not None
    line = server.stdout.readline()
    try:
        assert line, (folder / "log").read_text()
        told: dict[str, Any] = json.loads(line)
        yield House(port, server.pid, told["token"], told["title"], folder)
    finally:
        server.terminate()
        server.wait(timeout=20)


def send(house: House, size: int) -> http.client.HTTPResponse:
    """A browser sends a file with the form, as far as the server lets it."""
    page = f"/pl/application/{house.token}/files/"
    first = (
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="film.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF-1.7\n"
    )
    last = b"\r\n--edge--\r\n"
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=120)
    connection.putrequest("POST", f"{page}plan/add/")
    for name, value in {
        "Content-Type": "multipart/form-data; boundary=edge",
        "Content-Length": str(len(first) + size + len(last)),
        "Referer": f"http://127.0.0.1:{house.port}{page}",
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(first)
    block = b"\0" * MEGABYTE
    for _n in range(size // MEGABYTE):
        connection.send(block)
    connection.send(last)
    return connection.getresponse()


def test_a_file_of_200_mb_gets_a_clear_page_and_takes_no_room(house: House) -> None:
    house.get(f"/pl/application/{house.token}/").read()  # everything that a page needs is loaded
    before, stored = house.memory, size_of(house.folder)
    answer = send(house, SENT)
    page = answer.read().decode()
    assert answer.status == 413
    assert "<h1" in page
    assert "201" in page  # its size is said
    assert f'href="/pl/application/{house.token}/files/"' in page
    assert house.memory - before < 30 * MEGABYTE
    assert size_of(house.folder) - stored < MEGABYTE


def test_what_was_typed_before_is_there_afterwards(house: House) -> None:
    send(house, SENT).read()
    page = house.get(f"/pl/application/{house.token}/check/")
    assert page.status == 200
    assert house.title in page.read().decode()


def test_nobody_else_says_that_something_was_too_large(house: House) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    connection.request("GET", f"/pl/application/{house.token}/", headers={"Krzew-Too-Large": "99"})
    assert connection.getresponse().status == 200


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.name != "log")
