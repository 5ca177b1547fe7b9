"""Pictures and the card: what they show, where it stands, and that nothing quoted becomes a part of the page."""

import re
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import Certification, Coverage, Credit, Ledger, TrainingEvent, evaluate, evaluate_all
from peer_ledger.presenting._drawing import _MOST_TIERS, _tiers
from peer_ledger.presenting.pictures import due_picture, timeline, topics_picture
from peer_ledger.presenting.rosters import Roster
from peer_ledger.presenting.transcripts import transcript

NASTY = '<script>alert("x")</script> & "quotes"'
READINGS = {"renewal-4-begun": "begun"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def ledger():
    """Awarded on March 14, 2024, renewed on March 2, 2026; a training of each cycle; p-2 awarded a month later, with nothing."""
    made = Ledger()
    made.append(
        [
            Certification(
                id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"
            ),
            Certification(
                id="c-2", person="p-1", credential="us-nc-cpss", act="renewed", on="2026-03-02", expires="2028-03-31"
            ),
            Certification(
                id="c-3", person="p-2", credential="us-nc-cpss", act="awarded", on="2024-04-14", expires="2026-04-30"
            ),
            TrainingEvent(
                id="e-1",
                person="p-1",
                completed="2025-02-03",
                title=NASTY,
                credits=[Credit(amount=20, topics={"ethics"})],
            ),
            TrainingEvent(
                id="e-2",
                person="p-1",
                completed="2026-05-03",
                title="Later",
                credits=[Credit(amount=3, topics={"ethics"})],
            ),
            Coverage(id="all", covers="certification"),
        ]
    )
    return made


def drawn(picture):
    return ET.fromstring(picture.svg)


def test_a_timeline_shows_cycles_and_intervals(ledger):
    """Cycle 1 ends on its due date and cycle 2 begins the day after, although it was renewed before; filing late is apart."""
    rows = [tuple(map(str, row)) for row in timeline(ledger, "p-1", on="2026-06-01", readings=READINGS).table.rows]
    assert ("cycle", "2024-03-14", "2026-03-31", "cycle 1") in rows
    assert ("cycle", "2026-04-01", "2028-03-31", "cycle 2") in rows
    assert ("certificate", "2024-03-14", "2026-06-01", "current") in rows
    [late] = [row for row in rows if row[3] == "filing late"]
    assert ("2028-04-01", "2028-04-30") == late[1:3]  # 30 days after the last of March


def test_a_timeline_shows_what_counted(ledger):
    """The training of the closed cycle did not count for the next, and the sentence says why; the later one did."""
    picture = timeline(ledger, "p-1", on="2026-06-01", readings=READINGS)
    says = {row[1]: row[3] for row in picture.table.rows if row[0] == "training"}
    assert says[date(2026, 5, 3)] == "Later: 3 h counted"
    assert f"{NASTY}: 0 h counted; the rest not: before" in says[date(2025, 2, 3)]
    fills = [one.get("fill") for one in drawn(picture).iter(f"{SVG}circle") if one.find(f"{SVG}title") is not None]
    assert ["none", "currentColor"] == fills


def test_days_stand_in_order_across_a_timeline(ledger):
    """What begins later stands further right, and a span of twice the days is about twice as wide."""
    picture = timeline(ledger, "p-1", on="2026-06-01", readings=READINGS)
    spans = {
        one.find(f"{SVG}title").text.split(":")[0]: (float(one.get("x")), float(one.get("width")))
        for one in drawn(picture).iter(f"{SVG}rect")
        if one.find(f"{SVG}title") is not None
    }
    first, second = spans["cycle 1"], spans["cycle 2"]
    assert first[0] < second[0]
    assert first[0] + first[1] == pytest.approx(second[0], abs=0.3)
    assert second[1] / first[1] == pytest.approx(731 / 748, abs=0.01)


def test_people_are_drawn_by_month_due(ledger):
    """One is due in April 2026, the other in March 2028: 24 months with a bar in the first and the last."""
    picture = due_picture(Roster(evaluate_all(ledger, on="2026-03-15", readings=READINGS)))
    rows = picture.table.rows
    assert (24, date(2026, 4, 1), date(2028, 3, 1)) == (len(rows), rows[0][0], rows[-1][0])
    assert [1, 1] == [sum(rows[place][1:]) for place in (0, -1)]
    assert 0 == sum(sum(row[1:]) for row in rows[1:-1])
    assert "(due: 2; without a settled due date: 0)" in picture.title


def test_nobody_is_drawn_as_nothing():
    """An empty roster, and a person of whom nothing is on file, make pictures without bars."""
    assert () == due_picture(Roster([])).table.rows
    assert () == topics_picture(Roster([]), Ledger()).table.rows
    assert drawn(timeline(Ledger(), "p-1", on="2026-01-01")).tag == f"{SVG}svg"


def test_hours_are_drawn_by_topic(ledger):
    """23 hours of ethics of one person; since 2026 they are 3."""
    roster = Roster(evaluate_all(ledger, on="2026-06-01"))
    assert [("ethics", 23, 1)] == list(topics_picture(roster, ledger).table.rows)
    assert [("ethics", 3, 1)] == list(topics_picture(roster, ledger, since="2026-01-01").table.rows)


def test_nothing_quoted_becomes_a_part_of_the_page(ledger):
    """A training titled as a script shows as text in every picture, on the card and in the roster."""
    reports = list(evaluate_all(ledger, on="2026-06-01"))
    roster = Roster(reports, by={"<b>": {"p-1": NASTY}})
    shown = [
        timeline(ledger, "p-1", on="2026-06-01").html(),
        roster._repr_html_(),
        roster.credits(ledger)._repr_html_(),
        *(report._repr_html_() for report in reports),
    ]
    for one in shown:
        assert "<script" not in one
        assert "<b>" not in one
    assert "&lt;script&gt;" in shown[0]
    assert "&lt;script&gt;" in shown[1]
    for picture in (due_picture(roster), topics_picture(roster, ledger)):
        assert drawn(picture).get("aria-label") == picture.title


class _Read(HTMLParser):
    """What a browser would make of a part: its elements, their attributes that run something, and its text."""

    def __init__(self):
        super().__init__()
        self.tags, self.running, self.text = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.running |= {(tag, name) for name, _ in attrs if name.startswith("on")}

    def handle_data(self, data):
        self.text.append(data)


PIECES = st.sampled_from(
    ["<", ">", "&", '"', "'", "<script>", "</td>", "&lt;", "-->", "]]>", "x", " onclick=", "</style>"]
)


@effort(40)
@given(st.lists(PIECES, min_size=1, max_size=6).map("".join).map(str.strip).filter(bool))
def test_no_title_is_more_than_text(title):
    """Whatever a training is called, its transcript, its timeline and its table have no element that others do not, and say it."""
    ledger = Ledger()
    award = Certification(id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14")
    carried = [Credit(amount=3, topics={"ethics"})]
    ledger.append([award, TrainingEvent(id="e-1", person="p-1", completed="2025-02-03", title=title, credits=carried)])
    plain = Ledger()
    plain.append([award, TrainingEvent(id="e-1", person="p-1", completed="2025-02-03", title="x", credits=carried)])

    def shown(one):
        report = evaluate(one, "p-1", on="2026-01-15")
        return (
            transcript(one, "p-1")._repr_html_(),
            timeline(one, "p-1", on="2026-01-15")._repr_html_(),
            Roster([report], by={title if one is ledger else "x": {"p-1": "y"}}).credits(one)._repr_html_(),
        )

    for made, other in zip(shown(ledger), shown(plain), strict=True):
        read, wanted = _Read(), _Read()
        read.feed(made)
        wanted.feed(other)
        assert (read.tags, read.running) == (wanted.tags, wanted.running)
        assert title in "".join(read.text).replace("\n", " ")


def test_a_card_says_where_somebody_stands(ledger):
    """Status, sentence, dates, a bar as long as what is there, and the sources folded away, each linked."""
    card = evaluate(ledger, "p-2", on="2026-03-15", readings=READINGS)._repr_html_()
    assert '<span class="status soon">! due soon</span>' in card
    assert "20 hours of training" in card
    assert "April 30, 2026" in card
    assert '<span class="bar short" aria-hidden="true"><i style="width:0.0%">' in card
    folded = re.search(r"<details><summary>Sources \([0-9]+\)</summary>.*?</details>", card, re.DOTALL)
    assert folded
    assert 'href="https://pss.unc.edu/certification/recertification"' in folded[0]
    half = Ledger()
    half.append(
        [
            *ledger.records_of("p-2"),
            TrainingEvent(
                id="e-9", person="p-2", completed="2025-01-01", credits=[Credit(amount=5, topics={"ethics"})]
            ),
        ]
    )
    card = evaluate(half, "p-2", on="2026-03-15", readings=READINGS)._repr_html_()
    assert '<i style="width:25.0%">' in card
    assert '<i style="width:100.0%">' in card


@pytest.mark.parametrize(
    ("says", "act"), [("No recertification can be filed", "revoked"), ("made inactive", "made-inactive")]
)
def test_a_card_of_somebody_without_a_step(says, act):
    """Who has no step before them has no requirements on the card."""
    ledger = Ledger()
    ledger.append(
        [
            Certification(id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14"),
            Certification(id="c-2", person="p-1", credential="us-nc-cpss", act=act, on="2025-03-14"),
        ]
    )
    card = evaluate(ledger, "p-1", on="2025-06-01")._repr_html_()
    assert says in card
    assert "requirement</th>" not in card


def test_every_table_has_headings(ledger):
    """Each table of the card, the roster and the pictures has a caption, column headings and row headings."""
    roster = Roster(evaluate_all(ledger, on="2026-06-01"))
    shown = roster._repr_html_() + roster.reports[0]._repr_html_() + timeline(ledger, "p-1", on="2026-06-01").html()
    tables = re.findall(r"<table>.*?</table>", shown, re.DOTALL)
    assert len(tables) >= 4
    for table in tables:
        assert "<caption>" in table
        assert 'scope="col"' in table
        assert table.count('scope="row"') == len(re.findall("<tr>", table)) - 1


@effort(200)
@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from([3.0, 5.5, 7.0, 9.0])), max_size=60))
def test_marks_of_one_lane_do_not_overlap(marks):
    """Each is drawn in the first row in which there is room; only where all rows are full may two overlap."""
    marks.sort()
    tiers = _tiers(marks)
    for place, (mark, tier) in enumerate(zip(marks, tiers, strict=True)):
        before = [other for other, row in zip(marks[:place], tiers, strict=False) if row == tier]
        if tier < _MOST_TIERS - 1:
            assert all(other[0] + other[1] < mark[0] - mark[1] for other in before)
        for row in range(tier):
            rest = [other for other, its in zip(marks[:place], tiers, strict=False) if its == row]
            assert any(other[0] + other[1] >= mark[0] - mark[1] for other in rest), "an earlier row had room"
