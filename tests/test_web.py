"""The web application of the documentation, with ids that hold markup, as text and in a real browser."""

import re
import shutil
import subprocess
import threading
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from peer_ledger import Certification, Ledger

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "web.md"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOSTILE = (
    "<img/src=x/onerror=document.title='ran'>",
    "\"><svg/onload=document.title='ran'>",
    "'/onmouseover=document.title='ran'/x='",
    "</title><script>document.title='ran'</script>",
    "<style>*{display:none}</style>",
    "javascript:document.title='ran'",
    "a/../b",
    "p?id=q#r&on=2020-01-01",
    "%3Cimg%3E",
    "..",
    "&lt;b&gt;",
)


def application(text):
    """Return the names that the page's first block of code defines."""
    code = re.search(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[1]
    names = {}
    exec(compile(code, "web.md", "exec"), names)
    return names


@pytest.fixture
def ledger(tmp_path):
    """Return the path of a ledger whose people's ids are hostile."""
    path = tmp_path / "peers.ledger"
    with Ledger.open(path) as opened:
        opened.append(
            Certification(id=f"c-{place}", person=person, credential="us-nc-cpss", act="awarded", on="2024-03-14")
            for place, person in enumerate(HOSTILE)
        )
    return path


def asked(names, path, where, query):
    """Ask the application; return the status, the headers and the body."""
    answered = []
    environment = {"PATH_INFO": where, "QUERY_STRING": query}
    body = names["Application"](path)(environment, lambda status, headers: answered.extend([status, dict(headers)]))
    return *answered, b"".join(body).decode()


class Seen(HTMLParser):
    """The elements, handlers, links and text of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.handlers, self.links = set(), {}, []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.handlers |= {(tag, name): value for name, value in attrs if name.startswith("on")}
        self.links += [value for name, value in attrs if name == "href"]


def test_ids_are_text_on_every_page(ledger):
    """No id adds an element, a handler or another address, and each leads to its own person."""
    names = application(PAGE.read_text("utf-8"))
    pages = [("/", "on=2026-01-15")] + [("/people", f"on=2026-01-15&id={quote(person, safe='')}") for person in HOSTILE]
    for where, query in pages:
        status, headers, body = asked(names, ledger, where, query)
        assert "200 OK" == status
        seen = Seen()
        seen.feed(body)
        assert not {"img", "script", "svg", "b"} & seen.tags
        assert seen.handlers.keys() <= {("thead", "onclick"), ("input", "oninput")}
        policy = headers["Content-Security-Policy"]
        for handler in seen.handlers.values():  # the one that sorts is allowed by its digest
            assert f"'sha256-{b64encode(sha256(handler.encode()).digest()).decode()}'" in policy
        assert "'unsafe-inline'" not in policy.partition("script-src-attr")[2]
        assert "default-src 'none'" in policy
        if where == "/":
            links = [link for link in seen.links if link.startswith("/")]
            assert sorted(f"/people?id={quote(person, safe='')}" for person in HOSTILE) == sorted(links)
    for person in HOSTILE:
        assert "200 OK" == asked(names, ledger, "/api", f"on=2026-01-15&id={quote(person, safe='')}")[0]


class Quiet(WSGIRequestHandler):
    """A handler that logs nothing."""

    def log_message(self, *_):
        pass


def looked_at(names, ledger, tmp_path):
    """Return what a browser makes of the first page, after each heading of the roster was pressed."""
    with make_server(
        "127.0.0.1", 0, names["Application"](ledger, today=lambda: "2026-01-15"), handler_class=Quiet
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
            done = subprocess.run(
                [BROWSER, *flags, f"--user-data-dir={tmp_path / 'browser'}", "--virtual-time-budget=3000", "--dump-dom",
                 f"http://127.0.0.1:{server.server_port}/"],
                capture_output=True, text=True, check=True, timeout=120,
            )  # fmt: skip
        finally:
            server.shutdown()
    return done.stdout


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium (Debian: apt-get install chromium)")
@pytest.mark.parametrize(("is_escaped", "is_guarded"), [(True, True), (False, True), (True, False), (False, False)])
def test_nothing_of_an_id_runs_in_a_browser(ledger, tmp_path, is_escaped, is_guarded):
    """Escaping alone and the policy alone keep every handler from running; without both, one runs."""
    text = PAGE.read_text("utf-8")
    if not is_escaped:
        text = text.replace("{escape(person)}", "{person}")
    names = application(text)
    if not is_guarded:
        names["POLICY"] = "img-src 'none'"
    title = re.search(r"<title>([^<]*)</title>", looked_at(names, ledger, tmp_path))[1]
    assert ("Where people stand" if is_escaped or is_guarded else "ran") == title
