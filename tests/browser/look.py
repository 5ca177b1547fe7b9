"""
Render the card, the roster, the pictures and the transcript in a real browser, light and dark, and check what it made of them.

    python tests/browser/look.py --to looks [--browser chromium] [--docs docs/_build/html]

It is no part of the ordinary tests: it needs a browser (Debian: apt-get install chromium).  It writes one HTML file and two PNG files
for each part, prints what it checked, and ends with 1 if anything was not as it should be.  The pictures are for looking at.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from peer_ledger import Certification, Credit, Ledger, TrainingEvent, evaluate, evaluate_all
from peer_ledger.example import ON, SHOWN, import_example
from peer_ledger.presenting.pictures import due_picture, timeline, topics_picture
from peer_ledger.presenting.rosters import Roster
from peer_ledger.presenting.transcripts import transcript
from peer_ledger.reports._html import page

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--virtual-time-budget=2000",
)  # fmt: skip
NASTY = '<script>document.title="ran"</script><img src=x onerror=document.title="ran">'
PRESS = """<script>
addEventListener("load", function () {
  var heads = document.querySelectorAll("thead th"), said = [];
  heads.forEach(function (head, place) {
    head.querySelector("button").click();
    var rows = Array.from(document.querySelectorAll("tbody tr"));
    var keys = rows.map(function (row) {
      var cell = row.cells[place];
      return "sort" in cell.dataset ? cell.dataset.sort : cell.textContent.trim();
    });
    said.push(head.textContent + "=" + head.getAttribute("aria-sort") + "=" + keys.join("&&"));
  });
  var find = document.querySelector(".find input");
  if (find) {
    find.value = "SOON  fee";
    find.dispatchEvent(new Event("input"));
    var shown = Array.from(document.querySelectorAll("tbody tr")).filter(function (row) { return !row.hidden; });
    document.body.setAttribute("data-found", shown.map(function (row) { return row.cells[0].textContent; }).join(" "));
    document.body.setAttribute("data-count", document.querySelector(".find output").value);
  }
  document.body.setAttribute("data-said", said.join("||"));
});
</script>"""


def parts():
    """Return the parts that are looked at, by name."""
    ledger, _ = import_example()
    roster = Roster(evaluate_all(ledger, on=ON))
    nasty = Ledger()
    nasty.append(
        [
            Certification(id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14"),
            TrainingEvent(
                id="e-1", person="p-1", completed="2025-02-03", title=NASTY, evidence=NASTY,
                credits=[Credit(amount=3, topics={"ethics"})],
            ),
        ]
    )  # fmt: skip
    lapsed = "p-103"
    return {
        "card": evaluate(ledger, SHOWN, on=ON)._repr_html_(),
        "card-undetermined": evaluate(ledger, lapsed, on=ON)._repr_html_(),
        "card-revoked": evaluate(ledger, "p-107", on=ON)._repr_html_(),
        "roster": Roster(roster.reports, by={"employer": employers(ledger)})._repr_html_(),
        "table": roster.hours_short()._repr_html_(),
        "timeline": timeline(ledger, SHOWN, on=ON)._repr_html_(),
        "timeline-late": timeline(ledger, lapsed, on=ON)._repr_html_(),
        "timeline-long": timeline(ledger, "p-117", on=ON)._repr_html_(),
        "due": due_picture(roster)._repr_html_(),
        "topics": topics_picture(roster, ledger)._repr_html_(),
        "transcript": transcript(ledger, SHOWN)._repr_html_(),
        "nasty": transcript(nasty, "p-1")._repr_html_() + timeline(nasty, "p-1", on="2026-01-15")._repr_html_(),
    }


def employers(ledger):
    """Return every third person another employer."""
    return {person: ("Harbor", "Blue Ridge", "Harbor")[place % 3] for place, person in enumerate(ledger.people())}


def run(browser, *arguments):
    """Run the browser once, with a profile of its own."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def photograph(browser, address, to, *, dark, size="1100,1000"):
    """Take a picture of a page."""
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    run(browser, scheme, f"--window-size={size}", f"--screenshot={to}", address)


def faults(name, dom):
    """Say what the browser did not make of a part as it should."""
    if 'data-said="' not in dom and name in ("roster", "table"):
        yield "the headings could not be pressed"
    if name == "roster":
        yield from not_found(dom)
    if "<title>ran</title>" in dom or re.search(r"<img|<script>document\.title", dom):
        yield "something that was quoted became a part of the page"
    for table in re.findall(r"<table>.*?</table>", dom, re.DOTALL):
        if "<caption>" not in table or 'scope="col"' not in table or 'scope="row"' not in table:
            yield "a table lacks its caption or the scope of its headings"
    for drawing in re.findall(r"<svg[^>]*>", dom):
        if 'role="img"' not in drawing or "aria-label=" not in drawing:
            yield "a picture has no name for a screen reader"
    for said in re.findall(r'data-said="([^"]*)"', dom):
        for heading in said.split("||"):
            title, order, *keys = heading.split("=", 2)
            values = [one for one in keys[0].replace("&amp;", "&").split("&&") if one]
            figures = all(re.fullmatch(r"-?[0-9.]+", one) for one in values)
            if order != "ascending" or values != sorted(values, key=float if figures else None):
                yield f"pressing {title!r} did not sort: {order}, {values[:5]}"


def not_found(dom):
    """Say what the field above the roster did not find of those who are due soon and have a fee to pay, or found beside."""
    wanted = {
        report.person
        for report in evaluate_all(import_example()[0], on=ON)
        if report.status == "due soon"
        and any(one.requirement == "fee" and one.result != "met" for one in report.findings)
    }
    found = set(re.search(r'data-found="([^"]*)"', dom).group(1).split())
    if not wanted or found != wanted or f'data-count="{len(wanted)} of ' not in dom:
        yield f"searching found {sorted(found)}, not {sorted(wanted)}"


def main():
    """Render, check, and say what was found."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--to", type=Path, required=True, help="the folder to write to")
    asked.add_argument("--browser", default="chromium")
    asked.add_argument("--docs", type=Path, help="the built documentation, whose front page is photographed, too")
    asked.add_argument("--only", nargs="*", help="the parts to render; all when left out")
    given = asked.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    wrong = 0
    for name, body in parts().items():
        if given.only and name not in given.only:
            continue
        made = given.to / f"{name}.html"
        made.write_text(page(name, body), "utf-8")
        pressed = given.to / f"{name}.pressed.html"
        can_sort = name in ("roster", "table")
        pressed.write_text(page(name, body + (PRESS if can_sort else "")), "utf-8")
        found = list(faults(name, run(given.browser, "--dump-dom", pressed.resolve().as_uri())))
        for dark in (False, True):
            to = given.to / f"{name}.{'dark' if dark else 'light'}.png"
            photograph(given.browser, made.resolve().as_uri(), to, dark=dark)
        print(f"{name}: {'; '.join(found) or 'as it should be'}")
        wrong += len(found)
    if given.docs:
        for dark in (False, True):
            to = given.to / f"docs.{'dark' if dark else 'light'}.png"
            photograph(given.browser, (given.docs / "index.html").resolve().as_uri(), to, dark=dark, size="1300,900")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
