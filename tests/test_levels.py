"""Provisional and full certificates: each lasts as long as it does, and where the level is not known it is asked."""

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import test_join
from boards import AWARD, COVERED, act, asked, board, hours
from effort import effort, sized
from peer_ledger import Ledger, evaluate, ruleset
from peer_ledger.errors import InvalidData
from peer_ledger.evaluation import _general, _grants, _known, _levels
from peer_ledger.rules import CERTIFICATE_LEVEL, Anniversary, Condition, Provisional, questions_of
from peer_ledger.testing import LAWS, check_law
from remarks import sentences

HALF_A_YEAR = Provisional(months=6, cites=("P",))
TEXAS, IDAHO, FAMILY, NEW_YORK, MAINE = "us-tx-mhps", "us-id-cpss", "us-id-cfsp", "us-ny-nycps", "us-me-cipss"


def on_file(name, *certificates, on="2026-03-01"):
    """Return the report on a day under a bundled rule set, on acts given as kind, day and other fields."""
    ledger = Ledger()
    ledger.append(
        [
            *COVERED,
            *(
                act(f"c-{place}", kind, day, credential=name, **more)
                for place, (kind, day, more) in enumerate(certificates)
            ),
        ]
    )
    return evaluate(ledger, "p", on=on, ruleset=name)


def due(report):
    return [str(day) for day in report.dates.due.candidates] if report.dates.due else []


@pytest.mark.parametrize(
    ("name", "level", "ends"),
    [
        (TEXAS, "full", ["2027-11-14"]),  # two years, less a day (1 TAC 354.3207)
        (TEXAS, "provisional", ["2026-05-14"]),  # six months, less a day (1 TAC 354.3205)
        (IDAHO, "full", ["2026-11-14"]),  # a year (BPA Health)
        (IDAHO, "provisional", ["2026-05-14"]),  # six months (IDAPA 16.07.19.200)
        (MAINE, "provisional", ["2026-11-14"]),  # a year, as the full one
        (MAINE, "full", ["2026-11-14"]),
    ],
)
def test_a_certificate_lasts_as_long_as_its_level(name, level, ends):
    report = on_file(name, ("awarded", "2025-11-15", {"level": level}))
    assert due(report) == ends
    assert report.standing == "current"
    assert not any("level" in caveat for caveat in sentences(report.caveats))


def test_a_two_year_certificate_of_texas_is_not_late_after_six_months():
    ledger = Ledger()
    ledger.append(act("c", "awarded", "2024-07-15", credential=TEXAS, level="full"))
    report = evaluate(ledger, "p", on="2025-08-01", ruleset=TEXAS)
    assert (report.standing, report.in_force, due(report)) == ("current", "yes", ["2026-07-14"])
    assert report.finding("first-work").result == "not asked"


def test_an_unknown_level_is_a_question():
    """In Texas both are usual, and it leaves the answer open; in Idaho few are provisional, and it is a caveat."""
    texas = on_file(TEXAS, ("awarded", "2024-07-15", {}))
    assert (texas.standing, texas.in_force, due(texas)) == (
        "undetermined",
        "undetermined",
        ["2025-01-14", "2026-07-14"],
    )
    [asked_] = [one for one in texas.questions if one.question.id == CERTIFICATE_LEVEL]
    assert {one.reading.id: dict(one.answer)["standing"] for one in asked_.alternatives}["full"] == "current"
    idaho = on_file(IDAHO, ("awarded", "2025-06-15", {}))
    assert (idaho.standing, due(idaho)) == ("current", ["2026-06-14"])
    assert "Is the certificate that was awarded provisional or full? Assumed: It is full." in sentences(idaho.caveats)
    maine = on_file(MAINE, ("awarded", "2025-06-15", {}))
    assert not any(CERTIFICATE_LEVEL == one.id for one in questions_of(ruleset(MAINE)))
    assert due(maine) == ["2026-06-14"]


@pytest.mark.parametrize(
    ("name", "printed", "asks"),
    [
        (TEXAS, "2026-02-14", "first-work"),  # twelve months: six and an extension of six
        (TEXAS, "2026-09-15", "first-work"),  # nineteen months, the longest
        (TEXAS, "2026-09-16", "training"),
        (TEXAS, "2027-02-14", "training"),
    ],
)
def test_a_printed_expiry_tells_the_level(name, printed, asks):
    report = on_file(name, ("awarded", "2025-02-15", {"expires": printed}))
    assert due(report) == [printed]
    stand = {finding.requirement: finding.result for finding in report.findings}
    assert stand[asks] == "short"
    assert {stand["first-work"], stand["training"]} == {"short", "not asked"}
    assert not any(one.question.id == CERTIFICATE_LEVEL for one in report.questions)


def test_an_expiry_alone_leaves_the_first_day_open():
    """Six months before it or two years before it: until the level is known, the days that count are not known."""
    ledger = Ledger()
    ledger.append([*COVERED, act("c", "awarded", None, credential=TEXAS, expires="2026-07-14")])
    report = evaluate(ledger, "p", on="2026-03-01", ruleset=TEXAS)
    assert (report.standing, due(report)) == ("current", ["2026-07-14"])
    begins = [str(day) for day in report.dates.earning_begins.candidates]
    assert begins == ["2024-07-15", "2026-01-15"]
    assert CERTIFICATE_LEVEL in [one.question.id for one in report.questions]


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [
        (TEXAS, ("2025-03-15", "2025-09-10"), "2027-09-14"),  # two years from September 15
        (IDAHO, ("2025-03-15", "2025-09-10"), "2026-09-14"),  # a year from September 15
        (IDAHO, ("2025-02-28", "2025-08-27"), "2026-08-27"),  # six months from February 28 end on August 27
        (IDAHO, ("2025-08-31", "2026-02-20"), "2027-02-27"),  # they end on February 27
    ],
)
def test_a_full_certificate_follows_a_provisional_one(name, begins, ends):
    awarded, renewed = begins
    report = on_file(name, ("awarded", awarded, {"level": "provisional"}), ("renewed", renewed, {}))
    assert due(report) == [ends]


@pytest.mark.parametrize(
    ("printed", "renewed", "ends"),
    [
        ("2025-12-14", "2025-12-10", "2026-12-14"),  # six months: a provisional one, and a year from its end
        ("2026-03-14", "2026-03-10", "2027-03-14"),  # 90 days from December 14, and 92 to June 14: provisional
        ("2026-03-16", "2026-03-10", "2027-06-14"),  # 92 days from December 14, and 90 to June 14: a full one
        ("2026-06-14", "2026-06-10", "2027-06-14"),  # a year, and the next one follows
    ],
)
def test_the_nearer_length_tells_the_level(printed, renewed, ends):
    """Idaho's certificates last six months or a year, and nothing says how far the former are extended."""
    report = on_file(IDAHO, ("awarded", "2025-06-15", {"expires": printed}), ("renewed", renewed, {}), on="2026-06-12")
    assert due(report) == [ends]


def test_a_renewal_of_which_no_level_is_on_file_is_of_a_full_certificate():
    """What is asked for full certificates is asked after the renewal, and not of the provisional one before it."""
    rules = board(hours(8, only_if=Condition(level="full")), provisional=HALF_A_YEAR)
    some = [*COVERED, act("c", "awarded", "2024-06-01", level="provisional"), act("r", "renewed", "2024-11-20")]
    assert "not asked" == asked(some[:-1], "2024-09-01", rules).finding("training").result
    assert "short" == asked(some, "2025-06-01", rules).finding("training").result


@pytest.mark.parametrize(("renewed", "due"), [("2026-11-30", date(2026, 11, 30)), ("2026-12-01", date(2028, 11, 30))])
def test_a_renewal_on_the_last_day_of_the_cycle_that_follows_begins_no_other(renewed, due):
    """
    Half a year from June 1, 2024 ends on November 30, and two years after that on November 30, 2026.

    A day later a renewal seems to be missing, and the cycle is counted from the one on file.
    """
    some = [*COVERED, act("c", "awarded", "2024-06-01", level="provisional"), act("r", "renewed", renewed)]
    assert due == asked(some, renewed, board(provisional=HALF_A_YEAR)).dates.due.day


@pytest.mark.parametrize("name", [NEW_YORK, FAMILY])
def test_a_provisional_certificate_of_unknown_length_is_due_on_its_printed_expiry(name):
    """No source states how long a provisional certificate of New York, or of Idaho's family partners, lasts."""
    plain = on_file(name, ("awarded", "2025-11-15", {"level": "provisional"}))
    assert (plain.standing, due(plain)) == ("undetermined", [])
    assert "No source says when a certificate ends, and no expiration date is on file." in sentences(plain.caveats)
    printed = on_file(name, ("awarded", "2025-11-15", {"level": "provisional", "expires": "2026-11-14"}))
    assert (printed.standing, due(printed)) == ("current", ["2026-11-14"])


@pytest.mark.parametrize("name", ["us-nc-cpss", "us-oh-cprs", "us-ny-crpa"])
def test_rules_without_levels_say_that_a_level_was_not_used(name):
    told = [f"The level on file (full) was not used: the rules of {name} know no levels of a certificate."]
    with_level = on_file(name, ("awarded", "2025-06-15", {"level": "full"}))
    without = on_file(name, ("awarded", "2025-06-15", {}))
    assert [caveat for caveat in sentences(with_level.caveats) if "level" in caveat] == told
    assert not any("level" in caveat for caveat in sentences(without.caveats))
    assert with_level.dates == without.dates


def test_a_condition_on_a_level_needs_levels():
    """It never holds where the rules have none, nor before the first certification."""
    rules = board(hours(8, only_if=Condition(unless=Condition(level="provisional"))))
    with pytest.raises(
        InvalidData, match=r"only_if\.unless\.level: never holds: the rule set has no provisional stage"
    ):
        asked([AWARD], "2025-06-01", rules)
    known = attrs.evolve(rules, provisional=HALF_A_YEAR)
    first = attrs.evolve(known.procedures[0], step="initial", editions=known.procedures[0].editions)
    with pytest.raises(InvalidData, match="never holds: there is no certificate before the first"):
        asked([AWARD], "2025-06-01", attrs.evolve(known, procedures=(*known.procedures, first)))


MONTHS = st.sampled_from([1, 3, 6, 12, 18])
DAYS = st.sampled_from(["2023-08-31", "2024-01-31", "2024-02-29", "2024-12-31"]) | st.dates(
    date(2023, 1, 1), date(2025, 12, 31)
).map(str)


@given(DAYS, MONTHS, st.sampled_from(["same-day", "next-day", "month", "next-month"]))
@effort(100)
def test_a_provisional_certificate_ends_where_cycles_of_its_length_end(day, months, begins):
    """Whatever day cycles begin on, it ends as the first cycle under rules whose certificates all last so long."""
    full = Anniversary(months=24, begins=begins)
    rules = board(cycle=full, provisional=Provisional(months=months, cites=("P",)))
    short = board(cycle=attrs.evolve(full, months=months))
    award = [act("c", "awarded", day, level="provisional")]
    plain = [act("c", "awarded", day)]
    assert asked(award, day, rules).dates.due == asked(plain, day, short).dates.due
    assert (
        asked([attrs.evolve(award[0], level="full")], day, rules).dates.due
        == asked(plain, day, board(cycle=full)).dates.due
    )


# Planted faults.


def take_every_award_for_full(patch):
    patch.setattr(_grants, "level_of", lambda *_: None)


def count_a_full_certificate_from_the_award(patch):
    patch.setattr(_grants, "is_renewed_apart", lambda *_: False)


def never_ask(patch):
    real = _levels.level_of
    patch.setattr(_grants, "level_of", lambda act_, *rest: real(attrs.evolve(act_, level=act_.level or "full"), *rest))


@pytest.mark.parametrize(
    ("plant", "test"),
    [
        (take_every_award_for_full, test_an_unknown_level_is_a_question),
        (never_ask, test_an_unknown_level_is_a_question),
        (
            count_a_full_certificate_from_the_award,
            lambda: test_a_full_certificate_follows_a_provisional_one(
                TEXAS, ("2025-03-15", "2025-09-10"), "2027-09-14"
            ),
        ),
        (
            take_every_award_for_full,
            lambda: test_a_certificate_lasts_as_long_as_its_level(TEXAS, "provisional", ["2026-05-14"]),
        ),
    ],
)
def test_a_planted_fault_is_found(monkeypatch, plant, test):
    _known._known.cache_clear()
    plant(monkeypatch)
    with pytest.raises((AssertionError, ValueError, KeyError)):
        test()


def test_a_requirement_of_one_level_is_no_requirement_of_everybody(monkeypatch):
    """The answer that is joined from sums would take a person's level for everybody's."""
    rules = attrs.evolve(ruleset(TEXAS))
    real = _general.is_general

    def fault(condition, **more):
        return real(condition and attrs.evolve(condition, level=None, late=condition.late or False), **more)

    ledger = Ledger()
    for place, level in enumerate(("full", "provisional")):
        ledger.append(act(f"c-{place}", "awarded", "2025-11-15", credential=TEXAS, level=level, person=f"p-{place}",
                          expires="2026-05-14"))  # fmt: skip
    people = [list(ledger.records_of(f"p-{place}")) for place in range(2)]
    assert test_join.differing(rules, people, COVERED, date(2026, 3, 1)) == []
    _known._known.cache_clear()
    for module in (_general, _known):
        monkeypatch.setattr(module, "is_general", fault)
    try:
        assert test_join.differing(rules, people, COVERED, date(2026, 3, 1)) != []
    finally:
        _known._known.cache_clear()


@pytest.mark.parametrize("name", [TEXAS, IDAHO, NEW_YORK, MAINE])
def test_the_laws_hold_where_there_are_levels(name):
    for law in ("first_cycle_lies_where_a_calendar_says", "a_life_is_a_walk_day_by_day", "every_day_lies_in_one_cycle"):
        check_law(ruleset(name), LAWS[law], examples=sized(20, 5))
