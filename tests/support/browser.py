"""Headless Chromium, and a server of this machine that gives it pages and keeps what it asks for."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from attrs import field, frozen

NAMES = ("chromium", "chromium-browser", "google-chrome")

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""How it is started: it finds no other machine by name."""

STRICT = "default-src 'none'; style-src 'unsafe-inline'"
"""A policy under which a page may use its own styles and load nothing: what it tries to load is an error."""


@frozen
class Seen:
    """What a browser made of a page.

    Args:
        dom: the page as HTML after it was loaded.
        console: messages of the console, errors among them.
    """

    dom: str
    console: tuple[str, ...]


@frozen
class Server:
    """Serves pages.

    Args:
        address: where.
        asked_for: the paths that were asked for, in this order.
    """

    address: str
    asked_for: list[str] = field(factory=list)

    def url(self, name: str) -> str:
        """Return the address of a page."""
        return f"{self.address}/{name}"


@contextmanager
def serving(pages: Mapping[str, str], policy: Mapping[str, str]) -> Iterator[Server]:
    """Serve pages by name, each with the policy of its name where there is one."""
    asked_for: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked_for.append(self.path)
            name = self.path.removeprefix("/")
            body = pages.get(name, "").encode()
            self.send_response(200 if name in pages else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if name in policy:
                self.send_header("Content-Security-Policy", policy[name])
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Keep quiet: what is asked for is kept."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Server(f"http://127.0.0.1:{server.server_port}", asked_for)
        finally:
            server.shutdown()
            thread.join()


def seen(url: str, profile: Path, budget: int = 5000) -> Seen:
    """Return what the browser makes of a page.

    Args:
        url: its address.
        profile: an empty folder.
        budget: how many milliseconds its timers may run.
    """
    done = _started(profile, f"--virtual-time-budget={budget}", "--dump-dom", url)
    return Seen(done.stdout, tuple(re.findall(r"CONSOLE\S*\] (.*)", done.stderr)))


WALK = """<!DOCTYPE html><title>Walk</title><iframe width="WIDTH" height="900"></iframe>
<script>
const frame = document.querySelector("iframe"), said = {};
addEventListener("load", async () => {
  for (const name of NAMES) {
    await new Promise((loaded) => { frame.onload = loaded; frame.src = name; });
    const page = frame.contentDocument, window = frame.contentWindow;
    said[name] = await (async () => { STEPS })();
  }
  document.body.dataset.said = JSON.stringify(said);
});
</script>
"""
"""A page that shows others in a frame, one after another, and says what it found in each."""


def walked(pages: Mapping[str, str], steps: str, profile: Path, width: int = 1200) -> tuple[dict[str, Any], list[str]]:
    """Return what steps find on each of some pages, and what the browser asked for. It may say no error.

    Args:
        pages: the pages by name.
        steps: the body of a function in JavaScript, with `page` and `window`.
        profile: an empty folder.
        width: the width of the frame in which they are shown.
    """
    walk = WALK.replace("WIDTH", str(width)).replace("STEPS", steps).replace("NAMES", json.dumps(list(pages)))
    with serving({**pages, "walk": walk}, {}) as server:
        shown = seen(server.url("walk"), profile, 200_000)
    assert shown.console == ()
    match = re.search(r'data-said="([^"]*)"', shown.dom)
    assert match is not None, shown.dom[-2000:]
    said: dict[str, Any] = json.loads(unescape(match[1]))
    return said, server.asked_for


def printed(url: str, profile: Path) -> bytes:
    """Return a page as a PDF file.

    Args:
        url: its address.
        profile: an empty folder.
    """
    file = profile / "page.pdf"
    _started(profile, "--no-pdf-header-footer", f"--print-to-pdf={file}", url)
    return file.read_bytes()


def pictured(url: str, profile: Path, width: int, height: int) -> bytes:
    """Return what a window shows of a page, as a PNG file.

    Args:
        url: its address.
        profile: an empty folder.
        width: the width of the window.
        height: its height.
    """
    file = profile / "page.png"
    _started(profile, "--hide-scrollbars", f"--window-size={width},{height}", f"--screenshot={file}", url)
    return file.read_bytes()


def _started(profile: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found is not None, f"no browser is installed; `.ci/run` installs {NAMES[0]}"
    return subprocess.run(
        [found, *FLAGS, f"--user-data-dir={profile}", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
