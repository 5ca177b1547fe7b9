"""What if: a ledger with further records or without some answers as one to which they were, or never were, appended."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort, examples, sized
from peer_ledger import (
    Certification,
    Course,
    Coverage,
    Credit,
    Ledger,
    Retraction,
    Roster,
    SamePerson,
    TrainingEvent,
    evaluate,
    evaluate_all,
    ruleset,
    standing_history,
    transcript,
)
from peer_ledger.errors import ConflictingRecords, LedgerMisuse, NotARecord, PeerLedgerError, UnknownRecord
from peer_ledger.evaluation import _dossiers as dossiers
from peer_ledger.ledger import Basis, write_archive
from peer_ledger.ledger._about import first_ids
from peer_ledger.ledger._store import MemoryStore
from peer_ledger.ledger._view import current_state
from peer_ledger.records import Erasure
from peer_ledger.testing import check_law
from test_ledger_machine import PEOPLE, to_append

AWARD = Certification(
    id="c-1", person="p-17", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"
)
ETHICS = TrainingEvent(id="e-1", person="p-17", completed="2025-02-03", credits=[Credit(amount=3, topics={"ethics"})])
SEMINAR = TrainingEvent(
    id="e-2", person="p-17", completed="2025-09-18", credits=[Credit(amount="16.75", topics={"recovery"})]
)
QUARTER = TrainingEvent(
    id="e-3", person="p-17", completed="2026-01-10", credits=[Credit(amount="0.25", topics={"recovery"})]
)
ON = "2026-01-15"


def filled(records):
    ledger = Ledger()
    ledger.append(records, at="2026-01-01T00:00Z")
    return ledger


def appended_one_by_one(ledger, records):
    """Append what can be appended, and return it."""
    taken = []
    for record in records:
        try:
            ledger.append(record)
        except PeerLedgerError:
            continue
        taken.append(record)
    return taken


def read_of(view, *, numbered=True):
    """Return all that can be read of a view, apart from what names entries."""
    ids = [entry.record.id for entry in view]
    return {
        "entries": [(entry.seq if numbered else None, entry.record) for entry in view],
        "length": len(view),
        "counts": view.counts(),
        "people": list(view.people()),
        "first": first_ids(view),
        "same": {one: view.same_person(one) for one in PEOPLE},
        "records": {one: view.records_of(one) for one in PEOPLE},
        "about": {one: [entry.record for entry in view.entries_of(one)] for one in PEOPLE},
        "shared": view.shared_records(),
        "withdrawn": [view.is_withdrawn(name) for name in ids],
        "states": [current_state(view, name) for name in ids],
    }


def said_of(report):
    """Return a report without what names the ledger's entries."""
    said = report.to_dict()
    for name in ("known", "supposed", "without"):
        del said["provenance"][name]
    return said


# Reading


@effort(40)
@given(data=st.data())
def test_what_is_read_of_a_supposition_is_what_is_read_after_an_append(data):
    """Whatever is supposed: joined ids, retractions, records for everybody, records that are there already."""
    ledger, other, taken = Ledger(), Ledger(), []
    for _ in range(data.draw(st.integers(1, 14))):
        taken += appended_one_by_one(ledger, [data.draw(to_append(taken))])
    cut = data.draw(st.integers(0, len(taken)))
    other.append(taken[:cut])
    assert read_of(ledger) == read_of(other.supposing(taken[cut:]))
    middle = data.draw(st.integers(cut, len(taken)))
    assert read_of(ledger) == read_of(other.supposing(taken[cut:middle]).supposing(taken[middle:]))
    assert len(other) <= cut


@effort(40)
@given(data=st.data())
def test_what_is_left_out_is_read_as_if_it_had_never_been_recorded(data):
    """With a record its retractions are gone, too; what is supposed can be left out again."""
    ledger, taken = Ledger(), []
    for _ in range(data.draw(st.integers(1, 14))):
        taken += appended_one_by_one(ledger, [data.draw(to_append(taken))])
    once = list({record.id: record for record in taken}.values())
    chosen = data.draw(st.sets(st.sampled_from([record.id for record in once]), max_size=4)) if once else set()
    gone = set(chosen)
    for record in once:
        if isinstance(record, Retraction) and record.retracts in gone:
            gone.add(record.id)
    never, cut = Ledger(), data.draw(st.integers(0, len(once)))
    never.append([record for record in once if record.id not in gone])
    assert read_of(never, numbered=False) == read_of(ledger.without(chosen), numbered=False)
    first = Ledger()
    first.append(once[:cut])
    assert read_of(never, numbered=False) == read_of(first.supposing(once[cut:]).without(chosen), numbered=False)


@effort(40)
@given(data=st.data())
def test_what_an_append_refuses_is_refused_as_a_supposition(data):
    """By the same error with the same message, and the ledger stays as it is."""
    ledger, taken = Ledger(), []
    for _ in range(data.draw(st.integers(1, 8))):
        taken += appended_one_by_one(ledger, [data.draw(to_append(taken))])
    more = data.draw(st.lists(to_append(taken), min_size=1, max_size=4))
    before = ledger.head
    try:
        supposed = read_of(ledger.supposing(more))
    except PeerLedgerError as error:
        assert before == ledger.head
        with pytest.raises(type(error)) as caught:
            ledger.append(more)
        assert str(error) == str(caught.value)
    else:
        assert before == ledger.head
        ledger.append(more)
        assert supposed == read_of(ledger)


@pytest.mark.parametrize(
    ("error", "records"),
    [
        (NotARecord, ["e-9"]),
        (NotARecord, 17),
        (ConflictingRecords, attrs.evolve(ETHICS, completed="2025-02-04")),
        (UnknownRecord, Retraction(id="r-1", retracts="e-9", reason="a mistake")),
        (LedgerMisuse, Erasure(id="x-1", entries=[1])),
    ],
)
def test_refusals(error, records):
    """A supposition is as strict as an append."""
    with pytest.raises(error):
        filled([AWARD, ETHICS]).supposing(records)


def test_only_records_that_are_there_can_be_left_out():
    """The message names the record, and what it was wanted for."""
    with pytest.raises(UnknownRecord, match=r"e-9.*to be left out"):
        filled([AWARD]).without(["c-1", "e-9"])
    with pytest.raises(PeerLedgerError, match="record_ids must be a text, or a list of texts, not None"):
        filled([AWARD]).without(None)
    erased = filled([AWARD])
    erased.erase("p-17")
    [shared] = [entry.record.id for entry in erased if entry.record is not None]
    with pytest.raises(LedgerMisuse, match="an erasure cannot be left out"):
        erased.without(shared)


def test_with_a_record_its_retractions_are_left_out():
    """And the retractions of these, so that nothing names what is not there."""
    ledger = filled([AWARD, ETHICS])
    first = ledger.retract("e-1", reason="somebody else's")
    second = ledger.retract(first.id, reason="it was theirs")
    assert [entry.record.id for entry in ledger.without("e-1")] == ["c-1"]
    assert ledger.without("e-1").basis.without == tuple(sorted(["e-1", first.id, second.id]))
    assert [record.id for record in ledger.without(second.id).records_of("p-17")] == ["c-1"]
    assert [record.id for record in ledger.without(first.id).records_of("p-17")] == ["c-1", "e-1"]


def test_what_was_supposed_later_is_no_part_of_what_was_known_earlier():
    """However suppositions and moments follow each other."""
    ledger = filled([AWARD, ETHICS])
    ledger.append(SEMINAR, at="2026-01-03T00:00Z")
    earlier = ledger.supposing(QUARTER).without("e-1").known_at("2026-01-02T00:00Z")
    assert [entry.record.id for entry in earlier] == ["c-1"]
    again = earlier.supposing(attrs.evolve(QUARTER, id="e-4"))
    assert [entry.record.id for entry in again] == ["c-1", "e-4"]
    assert again.basis == Basis(known=2, supposed=("e-4",), without=("e-1",))


def test_a_record_can_be_supposed_to_say_something_else():
    """Left out, then supposed with the same id."""
    ledger = filled([AWARD, ETHICS, SEMINAR])
    view = ledger.without("e-2").supposing(attrs.evolve(SEMINAR, credits=[Credit(amount=17, topics={"recovery"})]))
    assert view.basis == Basis(known=3, supposed=("e-2",), without=("e-2",))
    assert evaluate(ledger, "p-17", on=ON).hours_outcome == "short"
    assert evaluate(view, "p-17", on=ON).hours_outcome == "met"


# What it says about itself


def test_a_supposition_names_what_it_supposes():
    """In its basis and representation, and in reports: as data, as text and as a card."""
    ledger = filled([AWARD, ETHICS, SEMINAR])
    view = ledger.supposing(QUARTER).without("e-1")
    assert (Basis(known=3, supposed=("e-3",), without=("e-1",)), True) == (view.basis, bool(view.basis))
    assert (Basis(known=3), False) == (ledger.basis, bool(ledger.basis))
    assert "supposed in part" in repr(view)
    assert "supposed" not in repr(ledger)
    report = evaluate(view, "p-17", on=ON)
    assert report.to_dict()["provenance"]["supposed"] == ["e-3"]
    assert report.to_dict()["provenance"]["without"] == ["e-1"]
    says = "This is a supposition: with e-3, which was never recorded; without e-1, which is on file."
    assert str(report).splitlines()[0] == says
    assert says in report._repr_html_()
    assert "supposition" not in str(evaluate(ledger, "p-17", on=ON))
    assert "supposition" not in evaluate(ledger, "p-17", on=ON)._repr_html_()


def test_a_roster_says_that_it_is_supposed():
    """In its title, which tables and pages have, too."""
    ledger = filled([AWARD, ETHICS])
    assert "if it were as supposed" in Roster(evaluate_all(ledger.supposing(SEMINAR), on=ON)).title
    assert "if it were as supposed" in Roster(evaluate_all(ledger.without("e-1"), on=ON))._repr_html_()
    assert "supposed" not in Roster(evaluate_all(ledger, on=ON)).title


def test_of_many_supposed_records_five_are_named():
    """The rest is counted."""
    more = [attrs.evolve(QUARTER, id=f"x-{number}") for number in range(7)]
    first = str(evaluate(filled([AWARD]).supposing(more), "p-17", on=ON)).splitlines()[0]
    assert first == "This is a supposition: with x-0, x-1, x-2, x-3, x-4 and 2 more, none of which was recorded."


def test_what_is_supposed_and_left_out_again_is_no_supposition():
    """The view is one of the ledger itself, with its head."""
    ledger = filled([AWARD, ETHICS])
    for view in (
        ledger.supposing([]),
        ledger.supposing(ETHICS),
        ledger.supposing(QUARTER).without("e-3"),
        ledger.without([]),
        ledger.supposing(QUARTER).known_at("2025-12-31T00:00Z"),
    ):
        assert not view.basis
    assert ledger.supposing(QUARTER).without("e-3").head == ledger.head
    assert ledger.supposing(QUARTER).without("e-3").verify()


def test_nothing_proves_a_supposition(tmp_path):
    """It has no head, is not verified and not archived, and what is supposed has no digest."""
    view = filled([AWARD]).supposing(QUARTER)
    for prove in (lambda: view.head, view.verify, lambda: write_archive(view, tmp_path / "a.jsonl")):
        with pytest.raises(LedgerMisuse, match=r"a supposition .*because it was never recorded"):
            prove()
    assert list(tmp_path.iterdir()) == []
    assert [64, 0] == [len(entry.digest) for entry in view]


# Where it stands on


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_any_view_can_be_supposed_about(kind, tmp_path):
    """Ledgers in memory and in a file, as they are and as they were; and the ledger is what it was."""
    with Ledger() if kind == "memory" else Ledger.open(tmp_path / "a.ledger") as ledger:
        ledger.append([AWARD, ETHICS], at="2026-01-01T00:00Z")
        ledger.append(SEMINAR, at="2026-01-02T00:00Z")
        then = ledger.known_at("2026-01-01T12:00Z")
        assert [record.id for record in then.supposing(QUARTER).records_of("p-17")] == ["c-1", "e-1", "e-3"]
        later = ledger.supposing(QUARTER)
        assert [record.id for record in later.known_at("2026-01-01T12:00Z").records_of("p-17")] == ["c-1", "e-1"]
        assert [record.id for record in later.known_at("2026-01-02T00:00Z").records_of("p-17")][-1] == "e-3"
        assert (ledger.head[0], len(ledger), bool(ledger.verify())) == (3, 3, True)
        # What is appended later is not in it, and an id that was supposed is free.
        ledger.append(attrs.evolve(QUARTER, completed="2026-01-11"))
        assert str(later.records_of("p-17")[-1].completed) == "2026-01-10"
        assert len(later) == 4


def test_an_empty_ledger_can_be_supposed_about():
    """Nothing is known about anybody, and then something is supposed."""
    view = Ledger().supposing([AWARD, ETHICS])
    assert evaluate(view, "p-17", on=ON).standing == "current"
    assert Ledger().supposing([]).head == Ledger().head


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_what_is_erased_later_is_gone_from_a_supposition(kind, tmp_path):
    """From what it reads and from what was read before."""
    with Ledger() if kind == "memory" else Ledger.open(tmp_path / "a.ledger") as ledger:
        ledger.append([AWARD, ETHICS, SEMINAR, attrs.evolve(ETHICS, id="f-1", person="p-18")])
        views = ledger.supposing(attrs.evolve(QUARTER, person="p-18")), ledger.without("e-1")
        for view in views:
            assert evaluate(view, "p-17", on=ON).standing == "current"
        ledger.erase("p-17")
        for view in views:
            assert evaluate(view, "p-17", on=ON).standing == "undetermined"
            assert view.records_of("p-17") == ()
            assert list(view.people()) == ["p-18"]
            assert "training-event" in view.counts()


# Answers


def supposing_is_appending(situation):
    """What is supposed about a person, in two parts, changes every answer as an append does."""
    cut, middle = sorted(situation.draw(st.tuples(*[st.integers(0, len(situation.records))] * 2)))
    first, rest = situation.records[:cut], situation.records[cut:]
    ledger = situation.ledger(first)
    situation.ask(ledger)  # which may keep what it found out
    view = ledger.supposing(rest[: middle - cut]).supposing(rest[middle - cut :])
    whole = situation.ledger()
    assert said_of(situation.ask(whole)) == said_of(situation.ask(view))
    asked = {"on": situation.on, "ruleset": situation.ruleset, "rulesets": situation.rulesets}
    assert [said_of(report) for report in evaluate_all(whole, **asked)] == [
        said_of(report) for report in evaluate_all(view, **asked)
    ]
    assert str(transcript(whole, "p")) == str(transcript(view, "p"))


def leaving_out_is_never_recording(situation):
    """What is left out changes every answer as if it had never been there."""
    ids = [record.id for record in situation.records]
    gone = situation.draw(st.sets(st.sampled_from(ids), max_size=3)) if ids else set()
    for record in situation.records:
        if isinstance(record, Retraction) and record.retracts in gone:
            gone.add(record.id)
    ledger = situation.ledger()
    situation.ask(ledger)
    never = situation.ledger([record for record in situation.records if record.id not in gone])
    assert said_of(situation.ask(never)) == said_of(situation.ask(ledger.without(gone)))


@pytest.mark.parametrize("rules", sized(["us-nc-cpss", "us-ny-crpa"], ["us-nc-cpss"]))
@pytest.mark.parametrize("law", [supposing_is_appending, leaving_out_is_never_recording])
def test_answers(law, rules):
    """A supposition is answered as an append would be."""
    assert check_law(ruleset(rules), law, examples=examples(25))


def test_every_question_can_be_put():
    """Standing over time, and many people by several processes."""
    ledger, event = filled([AWARD, ETHICS, SEMINAR]), QUARTER
    renewed = Certification(
        id="c-2", person="p-17", credential="us-nc-cpss", act="renewed", on="2026-03-01", expires="2028-03-31"
    )
    view, whole = ledger.supposing([event, renewed]), filled([AWARD, ETHICS, SEMINAR, event, renewed])
    assert standing_history(whole, "p-17", until="2030-01-01") == standing_history(view, "p-17", until="2030-01-01")
    assert [report.to_dict() for report in evaluate_all(view, on=ON)] == [
        report.to_dict() for report in evaluate_all(view, on=ON, processes=2)
    ]


# Cost


class CountedRows(MemoryStore):
    """Entries in memory, of which it is counted how many are read."""

    def __init__(self):
        super().__init__()
        self.read = []

    def rows(self, last):
        self.read.append("all")
        return super().rows(last)

    def rows_of(self, person, last, *, kind=None):
        found = super().rows_of(person, last, kind=kind)
        self.read += [row.id for row in found]
        return found


def test_a_supposition_costs_what_it_supposes(monkeypatch):
    """Making one, and asking about one person, reads nobody else's entries; others' dossiers are not made again."""
    store = CountedRows()
    ledger = Ledger(store=store)
    ledger.append(
        [attrs.evolve(record, id=f"{record.id}-{number}", person=f"p-{number}")
         for number in range(40) for record in (AWARD, ETHICS)]
    )  # fmt: skip
    before = [report.status for report in evaluate_all(ledger, on=ON)]
    store.read.clear()
    made = []
    monkeypatch.setattr(dossiers, "read_about", lambda view, person: made.append(person) or READ(view, person))
    view = ledger.supposing(attrs.evolve(SEMINAR, person="p-17"))
    assert {"c-1-17", "e-1-17"} == {*store.read}
    evaluate(view, "p-17", on=ON)
    assert {"c-1-17", "e-1-17"} == {*store.read}
    assert before[:5] == [report.status for report in evaluate_all(view, on=ON)][:5]
    assert made == ["p-17"]


READ = dossiers.read_about


def test_a_course_supposed_is_one_for_everybody():
    """A record about nobody in particular changes what is true of people whose own records are the same."""
    event = TrainingEvent(id="e-9", person="p-17", completed="2025-03-04", course="eth-1")
    ledger = filled([AWARD, SEMINAR, event])
    course = Course(id="eth-1", title="Ethics", credits=[Credit(amount="3.25", topics={"ethics"})])
    said = Coverage(id="k-1", covers="document")
    bare, *others = (
        said_of(evaluate(view, "p-17", on=ON))
        for view in (
            ledger,
            filled([AWARD, SEMINAR, event, course]),
            ledger.supposing(course),
            filled([AWARD, SEMINAR, event, said]),
            ledger.supposing(said),
            filled([AWARD, SEMINAR, event, course, said]).without(["eth-1", "k-1"]),
        )
    )
    assert others[0] == others[1] != bare
    assert others[2] == others[3] != bare
    assert others[4] == bare


def test_two_ids_supposed_to_be_one_person():
    """What is true of the other ids changes, too, though no record names all of them."""
    ledger = filled(
        [AWARD, SamePerson(id="s-1", people={"p-17", "p-16"}), attrs.evolve(ETHICS, person="p-18"),
         SamePerson(id="s-2", people={"p-18", "p-19"})]
    )  # fmt: skip
    for person in ("p-16", "p-19"):
        evaluate(ledger, person, on=ON)
    view = ledger.supposing(SamePerson(id="s-3", people={"p-17", "p-18"}))
    for person in ("p-16", "p-19"):
        assert evaluate(view, person, on=ON).standing == "current"
        assert [str(evaluate(view, person, on=ON).finding("training").counted)] == ["3"]
        assert said_of(evaluate(view.without("s-3"), person, on=ON)) == said_of(evaluate(ledger, person, on=ON))
        split = view.without("s-3").without("s-1").without("s-2")
        assert said_of(evaluate(split, person, on=ON))["provenance"]["entries"] == 0
