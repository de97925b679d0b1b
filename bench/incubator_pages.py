"""Pages of a large call over HTTP, beside pretalx with the same shape of data, on both databases.

3,000 applications, 9,000 assessments by 60 people, 3,000 ideas. The call is measured while it is assessed and
again once its ranking is made. The peer comes from its package, in an environment of its own
(bench/peers/pretalx.sh); its pages are timed in the same run in the same way.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.incubator.serving import (
    ROOT,
    Installation,
    free_port,
    has_postgres,
    installation,
    on_postgres,
    running,
    timed,
)

Row = dict[str, Any]
APPLICATIONS, ASSESSORS, EACH, IDEAS = 3_000, 60, 3, 3_000
BUDGET, REPEATS, PEER_REPEATS = 300, 60, 20
SIZE = f"{APPLICATIONS:,} applications, {APPLICATIONS * EACH:,} assessments"
CALL = "/pl/calls/duzy-nabor"
STAGE = f"{CALL}/assessment/merit"
Pages = dict[str, tuple[str, str]]
WHILE_ASSESSED: Pages = {
    "team's list": ("manager", f"{CALL}/applications/"),
    "team's list, search": ("manager", f"{CALL}/applications/?q=kuchnia+seniorki"),
    "team's list, filter and last page": (
        "manager",
        f"{CALL}/applications/?stage=merit&sort=-amount&page=60",
    ),
    "assessment dashboard": ("manager", f"{STAGE}/"),
    "assessment dashboard, by spread": ("manager", f"{STAGE}/?sort=-differ&show=missing"),
    "assessor's desk": ("assessor", "/pl/assessments/"),
    "ideas, list": ("manager", "/pl/ideas/"),
    "calls, public": ("public", "/pl/calls/"),
}
ONCE_RANKED: Pages = {
    "ranking": ("manager", f"{CALL}/ranking/"),
    "decision list": ("manager", f"{CALL}/decision/"),
}
PEER = Path(os.environ.get("PRETALX_VENV") or ROOT / ".venv" / "peers" / "pretalx").absolute()
EVENT = "/orga/event/nabor"
PEER_PAGES = {
    "team's list": f"{EVENT}/submissions/",
    "team's list, search": f"{EVENT}/submissions/?q=kuchnia",
    "assessment dashboard": f"{EVENT}/reviews/?page_size=50",
    "assessment dashboard, 250 rows": f"{EVENT}/reviews/?page_size=250",
}


def run() -> list[Row]:
    rows = measure("sqlite")
    return rows + on_postgres("bench.incubator_pages") if has_postgres() else rows


def measure(label: str, database: str = "") -> list[Row]:
    """All rows on one database: ours while assessed, ours once ranked, the peer's beside them."""
    with installation(database) as own:
        own.script("bench.incubator.data", "fill", *map(str, (APPLICATIONS, ASSESSORS, EACH, IDEAS)))
        rows = _pages(own, WHILE_ASSESSED)
        own.script("bench.incubator.data", "finish")
        rows += _ranked(own)
    peer = _peer(database)
    return [_beside(row, peer) | {"name": f"{row['name']} ({label})"} for row in [*rows, *_missing(peer)]]


def _pages(own: Installation, pages: Pages) -> list[Row]:
    counted = own.script("bench.incubator.data", "count", json.dumps(pages))
    with own.served() as home:
        return [_row(home, name, page, counted) for name, page in pages.items()]


def _row(home: str, name: str, page: tuple[str, str], counted: Row) -> Row:
    who, address = page
    found = timed(home + address, counted["cookies"].get(who, ""), REPEATS)
    queries = counted["queries"][name]
    met = found["p95_ms"] < BUDGET and queries <= 30
    facts = {"budget_ms": BUDGET, "queries": queries, "load": round(os.getloadavg()[0], 1)}
    return {"name": name, "size": SIZE, **found, **facts, "met": met}


def _ranked(own: Installation) -> list[Row]:
    """The ranking made as its team makes it, in a process that has done nothing else; then its pages."""
    took = own.script("bench.incubator.data", "rank")
    waits = {
        "ranking made: points, calibration, four lists": took["rank_s"],
        "ranking taken as the basis of the decision": took["adopt_s"],
    }
    rows: list[Row] = [{"name": name, "size": SIZE, "ours_s": seconds} for name, seconds in waits.items()]
    return rows + _pages(own, ONCE_RANKED)


# --- the peer ---------------------------------------------------------------------------------------


def _peer(database: str) -> Row:
    """Times and queries of the peer's pages; why not, when it is not there."""
    if not (PEER / "bin" / "python").exists():
        return {"missing": "pretalx is not installed: bench/peers/pretalx.sh"}
    with tempfile.TemporaryDirectory(prefix="pretalx-bench-") as folder:
        environment = _peer_environment(folder, database)
        filled = _peer_script(environment)
        port = free_port()
        home = f"http://127.0.0.1:{port}"
        command = [str(PEER / "bin" / "python"), "-m", "gunicorn", "pretalx.wsgi", "--threads", "8"]
        with running([*command, "--bind", f"127.0.0.1:{port}"], environment, f"{home}/orga/login/"):
            found: Row = {
                name: timed(home + address, filled["cookie"], PEER_REPEATS, warm=2)
                | {"queries": filled["queries"][address]}
                for name, address in PEER_PAGES.items()
            }
    return {"name": f"pretalx {filled['version']}", "pages": found}


def _peer_environment(folder: str, database: str) -> dict[str, str]:
    own = {
        "PRETALX_DATA_DIR": folder,
        "PRETALX_FILESYSTEM_STATIC": f"{folder}/static",
        "PRETALX_REDIS_SESSIONS": "False",
        "DJANGO_SETTINGS_MODULE": "bench.peers.pretalx_settings",
        "PYTHONPATH": str(ROOT),
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PRETALX_", "KRZEW_", "DATABASE_URL"))}
    return kept | own | (_peer_database(database) if database else {})


def _peer_database(database: str) -> dict[str, str]:
    """A database of its own in the same server."""
    import psycopg

    with closing(psycopg.connect(database, autocommit=True)) as connection:
        connection.execute("CREATE DATABASE pretalx")
    parts = urlsplit(database)
    given = {"TYPE": "postgresql", "NAME": "pretalx", "USER": parts.username or "", "PASS": ""}
    given |= {"HOST": parts.hostname or "", "PORT": str(parts.port)}
    return {f"PRETALX_DB_{name}": value for name, value in given.items()}


def _peer_script(environment: dict[str, str]) -> Any:
    numbers = [str(n) for n in (APPLICATIONS, ASSESSORS, EACH)]
    command = [str(PEER / "bin" / "python"), str(ROOT / "bench" / "peers" / "pretalx_data.py"), *numbers]
    done = subprocess.run(
        [*command, json.dumps(list(PEER_PAGES.values()))],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"pretalx: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _missing(peer: Row) -> list[Row]:
    return [{"name": "pretalx", "skipped": peer["missing"]}] if "missing" in peer else _larger(peer)


def _larger(peer: Row) -> list[Row]:
    """The peer's dashboard as it comes, with 250 rows a page; ours has 50."""
    name = "assessment dashboard, 250 rows"
    return [{"name": f"{peer['name']}: its {name}", "size": SIZE, **peer["pages"][name], "of_peer": True}]


def _beside(row: Row, peer: Row) -> Row:
    """The row with what the peer's page took; above 1 we are faster."""
    theirs = peer.get("pages", {}).get(row["name"])
    if not theirs:
        return row
    facts = {"peer": peer["name"], **{f"peer_{key}": value for key, value in theirs.items()}}
    return row | facts | {"ratio": round(theirs["p95_ms"] / row["p95_ms"], 2)}


if __name__ == "__main__":
    print(
        json.dumps(
            measure("postgresql", os.environ["DATABASE_URL"]) if "DATABASE_URL" in os.environ else run()
        )
    )
    sys.exit()
