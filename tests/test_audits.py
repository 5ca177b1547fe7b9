"""Audits: a sample that anybody can redraw, packets that hold what counted, and folders that are whole and private."""

import hashlib
import json
import stat
from collections import Counter
from itertools import permutations, product

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peer_ledger.proving._audits as audits
from boards import AWARD, COVERED, act, board, document, hours, trained
from effort import effort
from peer_ledger import Course, Credit, Ledger, Review, evaluate
from peer_ledger.errors import InvalidValue, OutputRefused
from peer_ledger.example import ON, import_example
from peer_ledger.proving import audit, draw_sample, packet, read_receipt, verify_receipt
from peer_ledger.proving._samples import drawn
from peer_ledger.rules import Documents

NASTY = '<script>document.title="ran"</script>&"\''
RULES = board(
    hours(8), Documents(id="letters", says="Letters.", need=1, document_kind="reference-letter", cites=("P",))
)


@pytest.fixture(scope="module")
def example():
    return import_example()[0]


# Samples


class OnceMoreError(Exception):
    """A number was passed over, and another one is asked for."""


@pytest.mark.parametrize("limit", [12, 7])
@pytest.mark.parametrize(("people", "size"), [(1, 1), (3, 2), (4, 2), (4, 3), (3, 0)])
def test_every_order_of_every_group_is_as_likely(people, size, limit):
    """Over all numbers that the draws may get, each ordered sample comes out equally often; some numbers are passed over."""
    population = [f"p-{number}" for number in range(people)]
    found = Counter()
    for numbers in product(range(limit), repeat=size):

        def number(draw, attempt, numbers=numbers):
            if attempt:
                raise OnceMoreError
            return numbers[draw - 1]

        try:
            found[drawn(population, size, number, limit)] += 1
        except OnceMoreError:
            continue
    assert {*permutations(population, size)} == {*found}
    assert 1 == len(set(found.values()))


@effort(60)
@given(st.sets(st.text(min_size=1, max_size=4), min_size=1, max_size=8), st.text(min_size=1, max_size=6), st.data())
def test_a_sample_is_redrawn_by_its_method(people, seed, data):
    """Whoever follows the words of the method gets the same people, in whatever order the list is given."""
    size = data.draw(st.integers(0, len(people)))
    listed = data.draw(st.permutations(sorted(people)))
    left, wanted = sorted(people), []
    for draw in range(1, size + 1):
        attempt = 0
        while True:
            text = f"{seed}:{draw}:{attempt}".encode("utf-8", "surrogatepass")
            x = int(hashlib.sha256(text).hexdigest(), 16)
            if x < 2**256 // len(left) * len(left):
                break
            attempt += 1
        wanted.append(left.pop(x % len(left)))
    sample = draw_sample([*listed, *listed[:1]], size=size, seed=seed)
    assert (tuple(wanted), len(people)) == (sample.people, sample.population)
    assert (
        hashlib.sha256(json.dumps(sorted(people), separators=(",", ":")).encode()).hexdigest()
        == sample.population_digest
    )


def test_a_sample_by_hand():
    """The remainders of the SHA-256 of 'x:1:0' by 3 and of 'x:2:0' by 2 are the positions."""
    first = int(hashlib.sha256(b"x:1:0").hexdigest(), 16) % 3
    left = ["a", "b", "c"]
    wanted = [left.pop(first)]
    wanted.append(left.pop(int(hashlib.sha256(b"x:2:0").hexdigest(), 16) % 2))
    sample = draw_sample({"c", "a", "b"}, size=2, seed="x")
    assert tuple(wanted) == sample.people
    assert f"2 of 3 people, drawn with the seed 'x': {', '.join(wanted)}." in str(sample)
    assert [(1, wanted[0]), (2, wanted[1])] == list(sample.table().rows)
    assert list(wanted) == sample.to_dict()["people"]
    assert wanted[0] in sample._repr_html_()


@pytest.mark.parametrize(("size", "seed", "says"), [(4, "x", "size must be at most 3"), (1, "", "seed must be a text")])
def test_what_cannot_be_drawn(size, seed, says):
    """More people than there are, and a draw without a seed."""
    with pytest.raises(InvalidValue, match=says):
        draw_sample(["a", "b", "c"], size=size, seed=seed)


# Packets


def filled():
    ledger = Ledger()
    letter = document("d-1", "reference-letter", by="w-9")
    ledger.append(Course(id="eth", title="Ethics & boundaries", credits=[Credit(amount=3)]))
    ledger.append([
        *COVERED, AWARD, letter,
        trained("e-1", 4, title=NASTY, evidence=f"scans/{NASTY}.pdf"),
        trained("e-2", 3, day="2025-03-05", course="eth"),
        trained("e-3", 2, day="2025-03-06", title="Listening"),
        trained("e-4", 9, day="2019-03-06", title="Long ago"),
        Review(id="r-1", person="p", event="e-1", decision="rejected", on="2025-04-01", by="w-1"),
        Review(id="r-2", person="p", event="e-1", decision="approved", on="2025-05-01", by="w-2", reason=NASTY),
        Review(id="r-3", person="p", event="e-1", decision="rejected", on="2026-05-01", by="w-3"),
        Review(id="r-4", person="p", event="e-1", decision="rejected", on="2025-06-01", credential="yy", by="w-4"),
    ])  # fmt: skip
    return ledger


def test_a_packet_holds_what_counted():
    """Each training and document that counted, its evidence, newest review that applies and entry; and why others did not."""
    ledger = filled()
    made = packet(ledger, "p", on="2026-02-01", ruleset=RULES)
    assert evaluate(ledger, "p", on="2026-02-01", ruleset=RULES) == made.report
    counted = [(one.record, requirement.requirement) for one in made.exhibits for requirement in one.counted]
    assert sorted(counted) == [("d-1", "letters"), ("e-1", "training"), ("e-2", "training"), ("e-3", "training")]
    assert 8 == sum(one.counted[0].counted for one in made.exhibits if one.kind == "training")
    exhibits = {one.record: one for one in made.exhibits}
    assert (f"scans/{NASTY}.pdf", "r-2") == (exhibits["e-1"].evidence, exhibits["e-1"].review.id)
    assert ("Ethics & boundaries", None, None) == (
        exhibits["e-2"].title, exhibits["e-2"].evidence, exhibits["e-2"].review,
    )  # fmt: skip
    assert ("reference-letter", "w-9") == (exhibits["d-1"].kind, exhibits["d-1"].by)
    for one in made.exhibits:
        entry = ledger.entry(one.record)
        assert (entry.seq, entry.recorded_at, entry.digest) == (one.entry, one.recorded_at, one.digest)
    page = made.html()
    assert "e-4" in page
    assert () == made.problems
    assert verify_receipt(read_receipt(made.receipt.text()), ledger, rulesets={RULES.id: RULES})
    assert all(source.title in page for finding in made.report.findings for source in finding.cites)
    assert f"{ledger.head[0]}:{ledger.head[1]}" in page


def test_hostile_texts_are_escaped():
    """What somebody wrote into a title, a file's name, a reason or an id is shown, and runs nowhere."""
    ledger = filled()
    ledger.append(
        [attrs.evolve(AWARD, id="c-9", person=NASTY), attrs.evolve(trained("e-9", 1), person=NASTY, title=NASTY)]
    )
    found = audit(ledger, on="2026-02-01", size=2, seed=NASTY, ruleset=RULES)
    pages = [found.html(["1.html", "2.html"]), found._repr_html_(), *(one.html() for one in found.packets)]
    pages += [one._repr_html_() for one in found.packets]
    for page in pages:
        assert "<script>" not in page
    assert all("&lt;script&gt;" in page for page in pages[:2])


def test_a_closed_cycle():
    """The packet of a cycle that a renewal closed is about that cycle."""
    ledger = filled()
    ledger.append(act("c-2", "renewed", "2026-01-15"))
    made = packet(ledger, "p", on="2026-02-01", ruleset=RULES, cycle=1)
    assert "cycle 1" in made.title
    assert 1 == made.receipt.cycle
    assert {"e-1", "e-2", "e-3", "d-1"} == {one.record for one in made.exhibits}


def test_what_to_ask_for():
    """A row for each training and document that counted, with where it is kept; JSON and sentences have them, too."""
    made = packet(filled(), "p", on="2026-02-01", ruleset=RULES)
    rows = {row["record"]: row for row in made.evidence().to_rows()}
    assert "the certificate of completion of March 5, 2025" == rows["e-2"]["ask_for"]
    assert "the document: reference letter of March 4, 2025" == rows["d-1"]["ask_for"]
    assert ("approved", None) == (rows["e-1"]["review"], rows["e-2"]["kept"])
    assert {*rows} == {one["record"] for one in made.to_dict()["exhibits"]}
    assert "the certificate of completion of March 5, 2025: no place is on file (e-2)" in str(made)


# Folders


def test_a_folder_is_whole_and_private(example, tmp_path):
    """Index, packets, sample and evidence; only the owner reads them; nothing that is there is mixed with it."""
    found = audit(example, on=ON, size=3, seed="board meeting", progress=lambda *_: None)
    files = found.write(tmp_path / "audit")
    assert ["index.html", "1.html", "2.html", "3.html", "sample.json", "evidence.csv"] == [file.name for file in files]
    assert {file.name for file in files} == {file.name for file in (tmp_path / "audit").iterdir()}
    assert {0o600} == {stat.S_IMODE(file.stat().st_mode) for file in files}
    assert 0o700 == stat.S_IMODE((tmp_path / "audit").stat().st_mode)
    index = files[0].read_text("utf-8")
    for name, one in zip(("1.html", "2.html", "3.html"), found.packets, strict=True):
        assert f'<a href="{name}">{one.report.person}</a>' in index
        assert f"Audit packet: {one.report.person} on" in (tmp_path / "audit" / name).read_text("utf-8")
    assert list(found.sample.people) == json.loads(files[4].read_text("utf-8"))["people"]
    assert len(files[5].read_text("utf-8").splitlines()) == 1 + sum(len(one.exhibits) for one in found.packets)
    with pytest.raises(OutputRefused, match="is not empty"):
        found.write(tmp_path / "audit")
    with pytest.raises(OutputRefused, match="is not a folder"):
        found.write(files[0])
    assert "3 of 39 people" in str(found)


def test_a_folder_without_an_index_is_not_whole(example, tmp_path, monkeypatch):
    """Where a packet cannot be written, no index says that all are there."""
    found = audit(example, on=ON, size=2, seed="x")
    real = audits.written_whole
    monkeypatch.setattr(audits, "written_whole", lambda path: real(path) if path.suffix == ".html" else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        found.write(tmp_path / "audit")
    assert not (tmp_path / "audit" / "index.html").exists()


def test_who_is_drawn_from(example):
    """Everybody who holds, held or applied for the credential, or those that the caller names."""
    found = audit(example, on=ON, size=2, seed="x", people=["p-101", "p-102"])
    assert {"p-101", "p-102"} == {one.report.person for one in found.packets}
    assert 2 == found.sample.population
    assert () == audit(example, on=ON, size=0, seed="x").packets
    assert [] == audit(example, on=ON, size=0, seed="x").evidence().to_rows()
    with pytest.raises(InvalidValue, match="size must be at most 2"):
        audit(example, on=ON, size=3, seed="x", people=["p-101", "p-102"])
