"""The days of moments where the rows of one file belong to credentials of different time zones."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_ledger import Ledger
from peer_ledger.importing import Row, import_files, import_frame, import_rows

# As the rule files declare them; `None` for a credential that no rule set answers for.
ZONES = {
    "us-nc-cpss": "America/New_York",
    "us-tx-mhps": "America/Chicago",
    "us-mt-cbhpss": "America/Denver",
    "us-or-crm": "America/Los_Angeles",
    "us-xx-unknown": None,
}
FIRST, LAST = datetime(1990, 1, 1), datetime(2049, 12, 31)  # noqa: DTZ001 - the strategy adds the zone


def trainings(rows, **options):
    """Read rows of trainings, each a moment and a credential."""
    table = [["ID", "Title", "Completed", "Hours", "Credential"]]
    table += [[f"p-{number}", "Ethics", moment, "3", credential] for number, (moment, credential) in enumerate(rows)]
    rows = [Row(number, number, row) for number, row in enumerate(table, 1)]
    return import_rows(rows, mapping={"credential": "Credential"}, **options)


def filings(rows, **options):
    """Read rows of filings, whose credential is recorded."""
    table = [["ID", "Sent", "Credential", "Step"]]
    table += [[f"p-{number}", moment, credential, "renewal"] for number, (moment, credential) in enumerate(rows)]
    return import_rows([Row(number, number, row) for number, row in enumerate(table, 1)], **options)


def day_in(zone, moment):
    return moment.astimezone(ZoneInfo(zone)).date() if zone else moment.date()


MOMENTS = st.tuples(
    st.one_of(
        st.sampled_from([datetime(2026, 4, 1, hour, 30) for hour in range(3, 9)]),  # noqa: DTZ001 - as above
        st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(microsecond=0)),
    ),
    st.sampled_from([0, 0, 0, -300, 330, 840, -840]),
).map(lambda pair: pair[0].replace(tzinfo=timezone(timedelta(minutes=pair[1]))))
# The same moment in rows of several credentials.
ROWS = st.lists(MOMENTS, min_size=1, max_size=3).flatmap(
    lambda some: st.lists(st.tuples(st.sampled_from(some), st.sampled_from([*ZONES, ""])), min_size=1, max_size=12)
)


@given(ROWS, st.sampled_from([None, "us-nc-cpss", "us-or-crm"]), st.booleans())
def test_the_day_of_a_row_is_that_of_its_own_credential(rows, fixed, as_text):
    """As the standard library's zones say; a row without a credential has the fixed one, and repeated cells do not matter."""
    cells = [(moment.isoformat() if as_text else moment, credential) for moment, credential in rows]
    zones = [ZONES.get(credential or fixed) for _, credential in rows]
    expected = [day_in(zone, moment) for zone, (moment, _) in zip(zones, rows, strict=True)]
    options = {"fixed": {"credential": fixed}} if fixed else {}
    assert expected == [record.completed for record in trainings(cells, **options).records]
    if all(credential or fixed for _, credential in rows):
        assert expected == [record.sent for record in filings(cells, **options).records]


@given(ROWS, st.sampled_from(["America/Anchorage", "Asia/Tokyo"]))
def test_a_declared_zone_comes_before_those_of_the_rows(rows, zone):
    """It holds for every row."""
    cells = [(moment.isoformat(), credential) for moment, credential in rows]
    expected = [day_in(zone, moment) for moment, _ in rows]
    assert expected == [record.completed for record in trainings(cells, time_zone=zone).records]


def test_the_result_says_which_zone_decided():
    """Once for each zone, with the number of its rows; the credential of a training is not recorded."""
    six, two = "2026-04-01T06:00:00Z", "2026-04-01T02:00:00Z"
    rows = [(two, "us-nc-cpss"), (two, "us-nc-cpss"), (six, "us-tx-mhps"), (six, "us-or-crm"), (six, "us-xx-unknown")]
    imported = trainings(rows, fixed={"credential": "us-nc-cpss"})
    beginnings = [
        "2 rows: the moment is on another day in America/New_York, and that day is recorded",
        "1 row: the moment is on the day as written in America/Chicago, too",
        "1 row: the moment is on another day in America/Los_Angeles, and that day is recorded",
        "1 row: the moment has a time zone, and the time zone of the days is not known",
    ]
    says = [notice.says for notice in imported.notices if notice.kind == "dates"]
    assert [True] * 4 == [text.startswith(start) for text, start in zip(says, beginnings, strict=True)]
    [word] = [notice for notice in imported.notices if notice.kind == "word"]
    assert (6, True) == (word.line, word.says.endswith("the time zone of its days is not known"))
    assert not hasattr(imported.records[0], "credential")


MOMENT = datetime(2026, 4, 1, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize("cell", [MOMENT, MOMENT.isoformat()])
@pytest.mark.parametrize(
    ("expected", "credential"), [(date(2026, 3, 31), "us-or-crm"), (date(2026, 4, 1), "us-nc-cpss")]
)
def test_the_day_that_a_document_states_is_of_the_row_too(expected, credential, cell):
    """The value of a document may be a day, and is read when the record is made."""
    rows = [
        ["ID", "Kind", "Received", "Value", "Credential"],
        ["p-1", "recovery", "2026-04-01", cell, credential],
    ]
    imported = import_rows(
        [Row(number, number, row) for number, row in enumerate(rows, 1)],
        kind="document",
        mapping={"document_kind": "Kind", "value": "Value"},
    )
    assert expected == imported.records[0].value
    moved = [notice for notice in imported.notices if notice.column == "column D 'Value'"]
    assert (["dates"] if credential == "us-or-crm" else []) == [notice.kind for notice in moved]


def test_a_frame_and_a_file_are_read_alike(tmp_path):
    """Moments of a frame know their zone, too; `import_files` has a credential for the rows without one."""
    pandas = pytest.importorskip("pandas")
    moments = [
        datetime(2026, 4, 1, 4, 30, tzinfo=UTC),
        datetime(2026, 4, 1, 4, 30, tzinfo=UTC),
        datetime(2026, 4, 1, 3, 30, tzinfo=UTC),
    ]
    frame = pandas.DataFrame(
        {
            "ID": ["p-1", "p-2", "p-3"],
            "Title": "Ethics",
            "Completed": moments,
            "Hours": 3,
            "Credential": ["us-nc-cpss", "us-tx-mhps", ""],
        }
    )
    days = [date(2026, 4, 1), date(2026, 3, 31), date(2026, 3, 31)]
    mapping = {"credential": "Credential"}
    fixed = {"credential": "us-nc-cpss"}
    assert days == [record.completed for record in import_frame(frame, mapping=mapping, fixed=fixed).records]
    frame.to_csv(tmp_path / "list.csv", index=False)
    ledger = Ledger()
    assert import_files(ledger, [tmp_path / "list.csv"], mapping=mapping).is_appended
    assert days == [record.completed for person in ("p-1", "p-2", "p-3") for record in ledger.records_of(person)]
