"""
The readers that `fuzz.py` feeds: for each the valid inputs to begin with, and what must hold of what it accepts.

The library makes the inputs itself.  Columns and fields that say who somebody is hold a marker, which no message may
show.
"""

import json
import random
import sqlite3
import tempfile
import tomllib
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import attrs

import fuzz_inputs
from peer_ledger import (
    Certification,
    Course,
    Coverage,
    Credit,
    Designation,
    Document,
    Filing,
    Ledger,
    PeerLedgerError,
    Quantity,
    Record,
    Review,
    Ruling,
    SamePerson,
    TrainingEvent,
    Verification,
    evaluate,
    read_rulesets,
    ruleset,
)
from peer_ledger.errors import InvalidData, Problem
from peer_ledger.importing import ImportedFiles, import_file, import_files, profile
from peer_ledger.ledger import read_archive, write_archive
from peer_ledger.records import (
    MonthDay,
    Retraction,
    RuleSetText,
    read_records,
    record_from_json,
    record_to_json,
    write_records,
)
from peer_ledger.rulesets import keep_rules, kept_ruleset, ruleset_from_dict, ruleset_to_dict
from peer_ledger.rulesets._files import digest_of
from peer_ledger.testing import read_cases
from peer_ledger.testing.cases import run_case

MARKER = "Zebulon Quux"
"""A name that stands where names of people do."""

ON = date(2026, 1, 15)
US = "us-nc-cpss"
MOMENTS = [f"2026-0{month}-01T00:00:00Z" for month in range(1, 6)]


class Broken(AssertionError):
    """
    What was accepted does not do what it must.
    """


@attrs.frozen
class Reader:
    """
    One reader of input that nobody vouches for.

    Attributes:
        seeds: What gives valid inputs.
        damage: What changes one of them; it is given all.
        read: What reads a file; it gives what was said, and raises what the library does, or `Broken`.
        per_batch: How many inputs make a batch.
    """

    seeds: Callable[[], list[bytes]]
    damage: Callable[[Random, bytes, list[bytes]], bytes]
    read: Callable[[Path], str]
    per_batch: int = 200


def must(holds: object, says: str) -> None:
    """
    Raise `Broken` unless something holds.
    """
    if not holds:
        raise Broken(says)


# --- what to begin with -----------------------------------------------------------------------------------------------


def some_records() -> list[Record]:
    """
    Return records of every kind, with the marker in all texts about people.
    """
    credit = [Credit(amount="1.5", topics={"ethics"}), Credit(amount=16, topics={"recovery", "boundaries"})]
    return [
        Course(id="c-1", title="Ethics for peers", codes={"ETH-101"}, credits=credit),
        Certification(
            id="a-1", person="p-1", credential=US, act="awarded", on="2024-03-14", expires="2026-03-31", number=MARKER
        ),
        TrainingEvent(
            id="e-1", person="p-1", completed="2025-02-03", title=MARKER, course="c-1", credits=credit, evidence=MARKER
        ),
        TrainingEvent(
            id="e-2",
            person="p-2",
            completed="2025-02-04",
            started="2025-02-01",
            role="presenter",
            delivery="self-study",
        ),
        Designation(id="d-1", person="p-1", name="military", awarded="2024-02-29"),
        Verification(id="v-1", person="p-2", credential=US, seen="2025-06-30", status="active", number=MARKER),
        Filing(id="f-1", person="p-2", credential=US, step="renewal", sent="2025-06-30"),
        Document(
            id="t-1",
            person="p-4",
            kind="reference-letter",
            on="2025-01-31",
            value=Quantity(amount=18, unit="month"),
        ),
        Document(id="t-2", person="p-1", kind="birthday", on="2025-01-31", value=MonthDay(2, 29)),
        Review(id="r-1", person="p-1", event="e-1", decision="rejected", on="2025-07-01", reason=MARKER),
        Ruling(
            id="u-1",
            person="p-2",
            credential=US,
            on="2025-07-01",
            requirement="total",
            effect="sets",
            figure=Quantity(amount="14", unit="hour"),
            reason=MARKER,
        ),
        Coverage(id="o-1", covers="filing"),
        SamePerson(id="s-1", people={"p-2", "p-4"}),
        Retraction(id="d-1~retracted", retracts="d-1", reason=MARKER),
    ]


def a_ledger(ledger: Ledger) -> Ledger:
    """
    Fill a ledger, with a correction and an erasure.
    """
    ledger.append(some_records(), at=MOMENTS[0])
    ledger.correct("e-2", {"title": MARKER}, reason=MARKER, at=MOMENTS[1])
    ledger.append(TrainingEvent(id="e-3", person="p-3", completed="2025-02-04"), at=MOMENTS[1])
    ledger.erase("p-3", at=MOMENTS[2])
    ledger.append(TrainingEvent(id="e-4", person="p-5", completed="2025-02-04", title="x" * 6000), at=MOMENTS[3])
    return ledger


def _with_even_salts(make: Callable[[Path], None]) -> bytes:
    """Return the file that something makes, the same bytes in every run."""
    with tempfile.TemporaryDirectory() as folder, mock.patch("secrets.token_bytes", random.Random(1).randbytes):
        make(Path(folder) / "made")
        return (Path(folder) / "made").read_bytes()


def _archived(path: Path) -> None:
    write_archive(a_ledger(Ledger()), path)


def _archived_rules(path: Path) -> None:
    ledger = Ledger()
    ledger.append(some_records()[:3], at=MOMENTS[0])
    keep_rules(ledger, ruleset("us-vt-crc"), at=MOMENTS[1])
    write_archive(ledger, path)


def _kept_in_a_file(path: Path) -> None:
    with Ledger.open(path) as ledger:
        a_ledger(ledger)
    with closing(sqlite3.connect(path)) as sql, sql:
        # How far a writer saw the file go by itself hangs on when its log was moved into it.
        sql.execute("UPDATE head SET filed = 0, filed_layout = 0")


def archives() -> list[bytes]:
    """
    Return archives of ledgers.
    """
    return [_with_even_salts(_archived), _with_even_salts(_archived_rules)]


def databases() -> list[bytes]:
    """
    Return the files of ledgers.
    """
    made = (_with_even_salts(_kept_in_a_file), _with_even_salts(lambda path: Ledger.open(path).close()))
    # The header counts the changes, of which there are more or fewer by when the log was moved into the file.
    return [b"".join((data[:24], b"\0\0\0\x20", data[28:92], b"\0\0\0\x20", data[96:])) for data in made]


def _bundled(name: str) -> str:
    return files("peer_ledger.rulesets").joinpath(name).read_text("utf-8")


_REFINING = """
format = 1

[[rulesets]]
extends = "us-vt-crc"
id = "norrland"
name = "Norrland"
seen_on = 2026-11-21
"""


def rule_files() -> list[bytes]:
    """
    Return files of rule sets.
    """
    names = ("us-vt.toml", "us-wv.toml", "national-icrc-pr.toml", "us-id.toml", "us-de.toml", "us-mn.toml")
    return [*(_bundled(name).encode() for name in names), _REFINING.encode()]


def rule_values() -> list[bytes]:
    """
    Return rule sets as JSON.
    """
    names = ("us-vt-crc", "us-nc-cpss", "us-mn-cprs")
    known = [name for name in names if name in _rule_ids()]
    return [json.dumps(ruleset_to_dict(ruleset(name))).encode() for name in known]


def _rule_ids() -> tuple[str, ...]:
    from peer_ledger import ruleset_ids  # noqa: PLC0415 - its name is taken by nothing else here

    return ruleset_ids()


def case_files() -> list[bytes]:
    """
    Return files of a few worked cases each.
    """
    found = []
    for name in ("us-vt.cases.toml", "us-nc.cases.toml", "us-wv.cases.toml"):
        data = tomllib.loads(_bundled(name))
        cases = data["cases"][:4]
        groups = {group for case in cases for group in case.get("include", ())}
        kept = {group: records for group, records in data.get("groups", {}).items() if group in groups}
        for record in (record for case in cases for record in case.get("records", ()) if "training" in record):
            record["title"] = MARKER
        found.append(fuzz_inputs.toml_text({"groups": kept, "cases": cases}).encode())
    return found


def profile_files() -> list[bytes]:
    """
    Return files of profiles.
    """
    folder = files("peer_ledger.importing").joinpath("profiles")
    return [
        folder.joinpath(name).read_text("utf-8").encode()
        for name in ("plain.toml", "relias.toml", "usual.toml", "json.toml")
    ]


def json_tables() -> list[bytes]:
    """
    Return files of xAPI statements and of credentials, with a name where people are.
    """
    samples = Path(__file__).parent / "samples"
    found = [(samples / f"{name}.json").read_text("utf-8") for name in ("xapi", "open-badge", "clr")]
    return [text.replace("did:example:p-1", MARKER).replace("p-2@example.org", MARKER).encode() for text in found]


def record_files() -> list[bytes]:
    """
    Return files of records.
    """
    lines = [record_to_json(record) + "\n" for record in some_records()]
    with Ledger() as ledger:
        keep_rules(ledger, ruleset("us-vt-crc"))
        kept = [record_to_json(record) + "\n" for record in ledger.shared_records()]
    return ["".join(lines).encode(), "".join(lines[:3]).encode(), "".join(kept).encode()]


def single_records() -> list[bytes]:
    """
    Return records, one a file.
    """
    return [record_to_json(record).encode() for record in some_records()]


def kept_texts() -> list[bytes]:
    """
    Return rule sets as a ledger keeps them.
    """
    with Ledger() as ledger:
        keep_rules(
            ledger, ruleset("us-vt-crc"), ruleset("us-wv-cprss") if "us-wv-cprss" in _rule_ids() else ruleset(US)
        )
        return [one.text.encode() for one in ledger.shared_records() if isinstance(one, RuleSetText)]


_TABLES = [
    [
        ["Employee ID", "Name", "Course", "Course Code", "Completed", "Hours", "Ethics Hours", "Topics", "Delivery", "Provider"],
        ["p-1", MARKER, "Ethics", "ETH-101", "2025-02-03", "3", "1.5", "Ethics; Recovery", "Live webinar", "Academy"],
        ["p-2", MARKER, "Boundaries", "", "03/14/2025", "90 minutes", "", "Ethics and boundaries", "Classroom", "Academy"],
        [MARKER, MARKER, MARKER, "x", "2025-04-31", "1h 30m", "", "Wellness, Recovery", "Self study", ""],
        ["p-4", MARKER, "Recovery", "", "Mar 4, 2025", "2", "0", "Basket weaving", "?", ""],
        ["Total", "", "", "", "", "20.5", "", "", "", ""],
    ],
    [
        ["Peer ID", "Certificate Number", "Board Action", "Effective Date", "Expiration Date"],
        ["p-1", MARKER, "Awarded", "2024-03-14", "2026-03-31"],
        [MARKER, "NC-1", "Renewed", "2025-02-05", ""],
        ["p-2", "NC-2", "Revoked", "2025-02-30", "2026-03-31"],
    ],
    [
        ["Peer ID", "Document", "Date", "By", "Value"],
        ["p-1", "Reference letter", "2020-12-08", MARKER, "18 months"],
        ["p-1", "Fee", "2021-02-02", "", "$20"],
        ["p-2", "Birthday", "2021-02-02", "", "02-29"],
        ["p-2", "Reference letter", "2021-02-02", "w-1", MARKER],
    ],
    [
        ["Course Code", "Course Title", "Provider", "Delivery", "Hours", "Ethics Hours", "Topics", "Approved By"],
        ["ETH-300", "Ethics", "Institute", "Live webinar", "3", "3", "Ethics; Boundaries", "NCCPSS"],
        ["ETH-150", "Refresher", "Institute", "Self study", "1.5", "1.5", "Ethics", ""],
    ],
    [
        ["Peer ID", "Event", "Decision", "On", "By", "Reason"],
        ["p-1", "e-1", "rejected", "2025-07-01", "w-1", MARKER],
        ["p-1", MARKER, "accepted", "2025-07-01", MARKER, ""],
    ],
]  # fmt: skip


def tables() -> list[bytes]:
    """
    Return tables of text.
    """
    made = [
        "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\n" for row in rows)
        for rows in _TABLES
    ]
    return [one.encode() for one in made] + [b"\xef\xbb\xbf" + made[0].replace("\n", "\r\n").encode()]


def workbooks() -> list[bytes]:
    """
    Return workbooks, with days and shared texts, and without.
    """
    days = [[cell.replace("2025-02-03", "day 45691") for cell in row] for row in _TABLES[0]]
    made = [
        fuzz_inputs.workbook_of(days),
        fuzz_inputs.workbook_of(days, shared=False),
        fuzz_inputs.workbook_of(_TABLES[2]),
    ]
    return [fuzz_inputs.packed(list(parts.items())) for parts in made]


# --- what must hold of what is accepted -------------------------------------------------------------------------------


def _answered(ledger: Any) -> None:
    """Ask where people stand; that may be refused, and nothing else may happen."""
    for person in list(ledger.people())[:2]:
        try:
            str(evaluate(ledger, person, on=ON))
        except PeerLedgerError as error:
            str(error)


def _anew(path: Path) -> Path:
    """Return a path where nothing is, because an archive is never replaced by anything else."""
    path.unlink(missing_ok=True)
    return path


def _kept_in(ledger: Ledger, records: list[Record], folder: Path) -> None:
    """Append records; what is appended verifies, is archived, and is read again to the same digests."""
    try:
        ledger.append(records, at=MOMENTS[0])
    except PeerLedgerError as error:
        must(len(ledger) == 0, "something was appended of what was refused")
        raise error from None
    must(ledger.verify(), f"what was appended does not verify: {ledger.verify()}")
    write_archive(ledger, _anew(folder / "again"))
    must(read_archive(folder / "again").head == ledger.head, "the archive of what was appended is another ledger")
    _answered(ledger)


def read_rule_file(path: Path) -> str:
    """
    Read rule sets as `rules check` does; what is accepted is written, read again, and asked.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise InvalidData("rule file", (Problem("", "is not UTF-8"),)) from None
    for rules in read_rulesets(text):
        _same_again(rules)
    return ""


def _same_again(rules: Any) -> None:
    again = ruleset_from_dict(json.loads(json.dumps(ruleset_to_dict(rules))))
    must(again == rules, "a rule set that was written and read is another")
    must(digest_of(again) == digest_of(rules), "a rule set that was written and read has another digest")
    with Ledger() as ledger:
        ledger.append([attrs.evolve(one, credential=rules.id) for one in some_records()[1:2]])
        ledger.append(some_records()[2:4])
        try:
            str(evaluate(ledger, "p-1", on=ON, ruleset=rules))
        except PeerLedgerError as error:
            str(error)


def read_rule_value(path: Path) -> str:
    """
    Read a rule set from plain values.
    """
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise InvalidData("JSON", (Problem("", "is none"),)) from None
    _same_again(ruleset_from_dict(data))
    return ""


def read_case_file(path: Path) -> str:
    """
    Read worked cases, and hold the first of them against the rules.
    """
    return "\n".join("".join(run_case(case).differences) for case in read_cases(path)[:3])


def read_profile_file(path: Path) -> str:
    """
    Read profiles, and tables by them.
    """
    file = path.rename(path.with_suffix(".toml"))
    try:
        found = [profile(file)]
    except PeerLedgerError as error:
        if "add one of this file's profiles" not in str(error):
            raise
        names = [one.removeprefix("#") for one in str(error).partition("path: ")[2].split(", ")]
        found = [profile(f"{file}#{name}") for name in names]
    said = []
    for one in found:
        for number, table in enumerate(tables()[:3]):
            given = path.with_name(f"{number}.csv")
            given.write_bytes(table)
            try:
                said.append(str(import_file(given, profile=one)))
            except PeerLedgerError as error:
                said.append(str(error))
    return "\n".join(said)


def read_record_file(path: Path) -> str:
    """
    Read a file of records; what is accepted is written, read again, and kept.
    """
    records = read_records(path)
    write_records(records, _anew(path.with_name("again")))
    must(read_records(path.with_name("again")) == records, "records that were written and read are others")
    _kept_in(Ledger(), list(records), path.parent)
    return ""


def read_single_record(path: Path) -> str:
    """
    Read a record; what is accepted is written, and read again.
    """
    record = record_from_json(path.read_bytes())
    again = record_to_json(record)
    must(record_from_json(again) == record, "a record that was written and read is another")
    must(record_to_json(record_from_json(again)) == again, "a record is written in two ways")
    str(record)
    return ""


_ON_ERASURE = ("is empty, but no later entry records its erasure", "is recorded as erased, but is not")
"""What an archive that is accepted may have: the ledger says it when it is verified."""


def read_archive_file(path: Path) -> str:
    """
    Read an archive; what is accepted verifies but for erasures, is archived again, and is read to the same digests.
    """
    into = Ledger()
    try:
        ledger = read_archive(path, into)
    except PeerLedgerError:
        must(len(into) == 0, "something was read of an archive that was refused")
        raise
    altered = [one for one in ledger.verify().problems if not one.endswith(_ON_ERASURE)]
    must(not altered, f"an archive that was accepted does not verify: {altered}")
    write_archive(ledger, _anew(path.with_name("again")))
    must(read_archive(path.with_name("again")).head == ledger.head, "an archive that was written and read is another")
    _answered(ledger)
    for one in ledger.shared_records():
        if isinstance(one, RuleSetText):
            try:
                kept_ruleset(ledger, one.ruleset)
            except PeerLedgerError as error:
                return str(error)
    return ""


def read_kept_text(path: Path) -> str:
    """
    Read a rule set that a ledger keeps, when what it keeps is this.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise InvalidData("text", (Problem("", "is not UTF-8"),)) from None
    digest = "0" * 64
    with suppress(ValueError, RecursionError):  # the library's own error among them; so that the digest is no obstacle
        digest = digest_of(ruleset_from_dict(json.loads(text)))
    with Ledger() as ledger:
        ledger.append(RuleSetText(id="k", ruleset=US, version="1", digest=digest, text=text))
        kept_ruleset(ledger, US)
    return ""


def read_table(path: Path) -> str:
    """
    Import a table of text or a workbook; what is accepted is written and read again, and adds nothing a second time.
    """
    said = []
    for how in ({}, {"dates": ["MM/DD/YYYY"], "complete_until": ON, "credential": US, "missing": "keep", "today": ON}):
        with Ledger() as ledger:
            done = import_files(ledger, [path], **how)
            said.append(str(done))
            for one in done.files:
                said += [str(row) for row in (*one.imported.rejected, *one.imported.notices)]
                _of_people(done, path)
            if done.is_appended:
                _imported_once_more(ledger, path, how)
    if done.unread:
        raise done.unread[0][1]
    return "\n".join(said)


def _of_people(done: ImportedFiles, path: Path) -> None:
    for file in done.files:
        write_records(file.imported.records, _anew(path.with_name("again")))
        again = read_records(path.with_name("again"))
        must(again == file.imported.records, "records that were imported, written and read are others")


def _imported_once_more(ledger: Ledger, path: Path, how: Any) -> None:
    must(ledger.verify(), "what was imported does not verify")
    before = ledger.head
    import_files(ledger, [path], **how)
    must(ledger.head == before, "importing a file again added something")
    _answered(ledger)


def read_database(path: Path) -> str:
    """
    Open a ledger's file and read all of it; when nothing is wrong with it, it can be archived and appended to.
    """
    said = [_read_all(path, read_only=True)]
    with Ledger.open(path) as ledger:
        sound = ledger.verify()
        said.append(str(sound))
        if sound:
            write_archive(ledger, _anew(path.with_name("again")))
            must(
                read_archive(path.with_name("again")).head == ledger.head,
                "the archive of a sound file is another ledger",
            )
            ledger.append(TrainingEvent(id="new", person="p-new", completed="2025-02-04"))
            must(ledger.verify(), "a sound file that was appended to is not sound any more")
        else:
            try:
                ledger.append(TrainingEvent(id="new", person="p-new", completed="2025-02-04"))
                ledger.erase("p-1")
            except PeerLedgerError as error:
                said.append(str(error))
    return "\n".join(said)


def _read_all(path: Path, *, read_only: bool) -> str:
    said = []
    with Ledger.open(path, read_only=read_only) as ledger:
        for look in (
            lambda: list(ledger),
            lambda: len(ledger),
            lambda: ledger.head,
            lambda: [
                (ledger.records_of(one), ledger.entries_of(one), ledger.same_person(one)) for one in ledger.people()
            ],
            ledger.counts,
            ledger.shared_records,
            lambda: len(ledger.known_at(MOMENTS[1])),
            lambda: [ledger.is_withdrawn(name) for name in ("e-1", "d-1", "d-1~retracted")],
            lambda: _answered(ledger),
            lambda: said.append(str(ledger.verify())),
            lambda: write_archive(ledger, _anew(path.with_name("out"))),
        ):
            try:
                look()
            except PeerLedgerError as error:
                said.append(str(error))
    return "\n".join(said)


READERS = {
    "rules": Reader(rule_files, fuzz_inputs.damaged_toml, read_rule_file, 60),
    "rule-value": Reader(rule_values, fuzz_inputs.damaged_json, read_rule_value, 60),
    "kept-rules": Reader(kept_texts, fuzz_inputs.damaged_json, read_kept_text, 100),
    "cases": Reader(case_files, fuzz_inputs.damaged_toml, read_case_file, 60),
    "profiles": Reader(profile_files, fuzz_inputs.damaged_toml, read_profile_file, 100),
    "records": Reader(record_files, fuzz_inputs.damaged_lines, read_record_file),
    "record": Reader(single_records, fuzz_inputs.damaged_json, read_single_record, 500),
    "archive": Reader(archives, fuzz_inputs.damaged_archive, read_archive_file),
    "table": Reader(tables, fuzz_inputs.damaged_table, read_table, 100),
    "json": Reader(json_tables, fuzz_inputs.damaged_json, read_table, 100),
    "workbook": Reader(workbooks, fuzz_inputs.damaged_workbook, read_table, 100),
    "database": Reader(databases, fuzz_inputs.damaged_database, read_database, 60),
}
"""The readers, by name."""
