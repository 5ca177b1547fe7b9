"""What is one training or one course is decided in one place, surely or as an open question, and never in silence."""

import unicodedata
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards import AWARD, COVERED, XX, act, asked, board, hours, trained
from effort import effort
from peer_ledger import (
    Certification,
    Credit,
    Ledger,
    Roster,
    SamePerson,
    TrainingEvent,
    evaluate,
    evaluate_all,
    ruleset,
)
from peer_ledger.evaluation import _alike as alike
from peer_ledger.evaluation import _groupings as groupings
from peer_ledger.evaluation import _twins as twins
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.importing import import_file, plan_import
from peer_ledger.records import Approval, Course, Origin, Retraction, Review
from peer_ledger.records._sameness import Likeness, folded_title, same_course, same_record
from peer_ledger.rules import OF_FACTS, CarryOver, NotSharedWith, Part, SessionCount, TrainingFilter
from remarks import in_words, sentences

ON = "2026-03-01"
DAY = timedelta(days=1)
ASSUMED = {question.id: question.assumed for question in OF_FACTS}


# Titles.


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Recovery Basics", "recovery  basics"),
        ("WRAP: Part I", "wrap \u2013 part i"),
        ("Ethics & boundaries", "Ethics and Boundaries"),
        ("Veterans\u2019 needs", "Veterans' needs"),
        ("E-learning (ethics)", "E\u2011learning: ethics"),
        ("\uff25\uff54\uff48\uff49\uff43\uff53", "Ethics"),
        ("Stra\u00dfe", "STRASSE"),
        ("Cafe\u0301 talk", "Caf\u00e9 talk"),
        ("Part \u2160", "part I"),
        ("\u201cListening\u201d", "Listening"),
        ("\ufb01rst\u00a0aid", "First aid"),
    ],
)
def test_titles_are_compared_without_what_is_only_typography(one, other):
    assert folded_title(one) == folded_title(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("WRAP I", "WRAP II"), ("Ethics 2024", "Ethics 2025"), ("Caf\u00e9", "Cafe"), ("?!", "!?"), ("C-1", "C-2")],
)
def test_titles_that_differ_in_a_letter_or_a_number_differ(one, other):
    assert folded_title(one) != folded_title(other)


@given(st.text(min_size=1), st.sampled_from([str.upper, str.title, lambda text: f"  {text}\u2014", lambda text: text]))
@effort(300)
def test_folding_twice_changes_nothing_and_neither_do_spaces_around(title, change):
    assert folded_title(folded_title(title) or "x") == (folded_title(title) or "x")
    if folded_title(title).isascii() and title.isascii() and any(map(str.isalnum, title)):
        assert folded_title(change(title)) == folded_title(title)
    assert folded_title(unicodedata.normalize("NFD", title)) == folded_title(title)


# Pairs.


LIKENESSES = st.builds(
    Likeness,
    course=st.sampled_from([None, "c-1", "c-2"]),
    in_catalog=st.booleans(),
    codes=st.just(frozenset({"c-2"})),
    titles=st.sampled_from([frozenset(), frozenset({"a"}), frozenset({"b"}), frozenset({"a", "b"})]),
    provider=st.sampled_from([None, "p", "q"]),
    day=st.sampled_from([date(2025, 3, 4), date(2025, 3, 5)]),
    role=st.sampled_from(["attended", "taught"]),
    content=st.sampled_from([None, frozenset({(None, Fraction(3))}), frozenset({(None, Fraction(4))})]),
    source=st.sampled_from([None, "lms"]),
    is_confirmed=st.booleans(),
).map(
    lambda one: attrs.evolve(
        one, in_catalog=(known := one.course == "c-1" and one.in_catalog), codes=one.codes if known else frozenset()
    )
)


@given(LIKENESSES, LIKENESSES, LIKENESSES)
@effort(500)
def test_surely_the_same_course_is_an_equivalence_and_every_comparison_is_symmetric(one, other, third):
    assert same_course(one, other) == same_course(other, one)
    assert same_record(one, other) == same_record(other, one)
    assert one.course is None or same_course(one, one) == "same"
    if same_course(one, other) == same_course(other, third) == "same":
        assert same_course(one, third) == "same"
    assert same_record(one, other) != "same"


def of(**more):
    """Return the likeness of a training; by itself without a title, a course and a provider."""
    named = {"id": "e", "person": "p", "completed": "2025-03-04", "credits": [Credit(amount=3)], **more}
    course = named.pop("catalog", None)
    return Likeness.of(TrainingEvent(**named), course)


ETHICS = Course(id="c-eth", title="Ethics for peers", codes={"ETH-101"})


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"course": "c-eth", "catalog": ETHICS}, {"course": "ETH-101", "catalog": ETHICS, "provider": "nami"}, "same"),
        ({"course": "HR-1"}, {"course": "hr-1", "title": "Any"}, "same"),
        ({"course": "hr-1", "provider": "nami"}, {"course": "hr-1"}, "likely"),
        (
            {"course": "101", "provider": "a", "title": "X"},
            {"course": "101", "provider": "b", "title": "Y"},
            "different",
        ),
        ({"course": "101", "provider": "a", "title": "X"}, {"course": "101", "provider": "b", "title": "x"}, "likely"),
        ({"course": "101", "provider": "a"}, {"course": "101", "provider": "b", "title": "x"}, "likely"),
        ({"course": "hr-1", "title": "WRAP"}, {"course": "hr-2", "title": "WRAP"}, "different"),
        ({"title": "WRAP"}, {"title": "wrap."}, "likely"),
        ({"title": "WRAP", "provider": "a"}, {"title": "WRAP", "provider": "a"}, "likely"),
        ({"title": "WRAP", "provider": "a"}, {"title": "WRAP"}, "likely"),
        ({"title": "WRAP", "course": "hr-1"}, {"title": "WRAP"}, "likely"),
        ({"title": "Ethics for peers"}, {"course": "c-eth", "catalog": ETHICS, "title": "Ethics (LMS)"}, "likely"),
        ({"title": "WRAP", "provider": "a"}, {"title": "WRAP", "provider": "b"}, "different"),
        ({"title": "WRAP I"}, {"title": "WRAP II"}, "unlike"),
        ({"title": "WRAP"}, {}, "unlike"),
        ({}, {}, "unlike"),
    ],
)
def test_which_trainings_are_of_one_course(one, other, expected):
    assert same_course(of(**one), of(**other, completed="2025-06-01")) == expected


def listed(source, **more):
    return {"origin": Origin(source=source, key=("1",)), **more}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"title": "WRAP"}, {"title": "Wrap"}, "likely"),
        ({}, {}, "likely"),
        ({"course": "c"}, {"course": "c"}, "likely"),
        ({"title": "WRAP"}, {"title": "Wrap", "credits": [Credit(amount=180, unit="minute")]}, "likely"),
        ({"title": "WRAP"}, {"title": "Wrap", "credits": None}, "likely"),
        ({"title": "WRAP"}, {"title": "Wrap", "credits": [Credit(amount=2)]}, "different"),
        ({"title": "WRAP"}, {"title": "Wrap", "credits": [Credit(amount=3, topics={"ethics"})]}, "different"),
        ({"title": "WRAP"}, {"title": "Wrap", "completed": "2025-03-05"}, "different"),
        ({"title": "WRAP"}, {"title": "Wrap", "role": "taught"}, "different"),
        ({"title": "WRAP", "course": "a"}, {"title": "Wrap", "course": "b"}, "different"),
        ({"title": "WRAP", "provider": "a"}, {"title": "Wrap", "provider": "b"}, "different"),
        ({"title": "WRAP"}, {"title": "Ethics"}, "different"),
        ({"title": "WRAP"}, {}, "unlike"),
        ({"credits": None}, {"credits": None}, "unlike"),
        ({"credits": []}, {"credits": []}, "unlike"),
        # Two lists write the same training differently.
        (listed("lms", title="WRAP"), listed("tracker", title="Wrap", credits=[Credit(amount=2)]), "likely"),
        (listed("lms", title="WRAP", course="17"), listed("tracker", title="Wrap", course="W"), "likely"),
        (listed("lms", title="WRAP", provider="a"), listed("tracker", title="Wrap", provider="b"), "likely"),
        (listed("lms", title="WRAP"), listed("tracker"), "likely"),
        (listed("lms", title="WRAP"), listed("tracker", credits=[Credit(amount=2)]), "unlike"),
        (listed("lms", title="WRAP"), listed("tracker", title="Ethics"), "different"),
        (listed("lms", course="17"), listed("tracker", course="W"), "likely"),
    ],
)
def test_which_records_may_be_of_one_training(one, other, expected):
    assert same_record(of(**one), of(**other)) == expected


def test_records_that_a_reviewer_accepted_one_by_one_are_two_trainings():
    one = attrs.evolve(of(title="WRAP"), is_confirmed=True)
    assert (same_record(one, one), same_record(one, attrs.evolve(one, is_confirmed=False))) == ("different", "likely")


# Groups of what may be one, where some cannot.


def partitions(items):
    """Yield every way of sorting things into groups."""
    if not items:
        yield []
        return
    first, *rest = items
    for groups in partitions(rest):
        yield [{first}, *groups]
        for place, group in enumerate(groups):
            yield [*groups[:place], {first, *group}, *groups[place + 1 :]]


def coarsest(nodes, links, apart):
    """Return the groupings that are possible and of which no other possible one is coarser, word for word."""

    def is_possible(groups):
        for group in groups:
            inner = [pair for pair in links if group.issuperset(pair)]
            if any(group.issuperset(pair) for pair in apart) or (len(group) > 1 and not is_spanned(group, inner)):
                return False
        return True

    def is_spanned(group, inner):
        reached = {min(group)}
        while new := {node for pair in inner if reached & {*pair} for node in pair} - reached:
            reached |= new
        return reached == group

    possible = [{frozenset(group) for group in groups} for groups in partitions(nodes) if is_possible(groups)]

    def is_finer(one, other):
        return one != other and all(any(group <= wider for wider in other) for group in one)

    return {frozenset(one) for one in possible if not any(is_finer(one, other) for other in possible)}


PAIRS = list(combinations(range(5), 2))


@given(st.sets(st.sampled_from(PAIRS)), st.sets(st.sampled_from(PAIRS)))
@effort(300)
def test_groupings_are_the_coarsest_that_join_nothing_that_differs(links, apart):
    links = links - apart
    for component in groupings.components_of(5, links):
        inner = {pair for pair in links if {*pair} <= {*component}}
        outside = {pair for pair in apart if {*pair} <= {*component}}
        found = groupings.groupings_of(component, inner, outside)
        assert found.is_complete
        assert {frozenset(map(frozenset, groups)) for groups in found.all} == coarsest(component, inner, outside)


# The answers of boards.


NC = (
    Certification(id="c", person="p", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"),
    trained("eth", 3, {"ethics"}, day="2025-02-03", title="Ethics in practice"),
)
NE = (
    Certification(id="c", person="p", credential="us-ne-cpss", act="awarded", on="2022-01-10"),
    Certification(id="c-2", person="p", credential="us-ne-cpss", act="renewed", on="2024-01-10"),
    trained("eth", 6, {"ethics"}, day="2025-02-03", title="Ethics in practice"),
)


def answers(records, rules, on=ON, **more):
    report = asked(records, on=on, ruleset=ruleset(rules) if isinstance(rules, str) else rules, **more)
    return report, report.assumed.finding("training")


def listed_with(report):
    """Return the open questions, each with the hours under each of its readings."""
    return {
        one.question.id: {other.reading.id: dict(other.answer)["hours"] for other in one.alternatives}
        for one in report.questions
        if one.question.about == "facts"
    }


def recovery(name, day, title, amount="8.5", **more):
    return trained(name, amount, {"recovery"}, day=day, title=title, **more)


def test_a_program_counts_once_in_nebraska_and_a_title_alone_leaves_that_open():
    """6 of ethics and WRAP I twice, of 7 hours each: 13 or 20 of 20 (206 NAC 7-002)."""
    twice = recovery("a", "2024-02-03", "WRAP I", 7), recovery("b", "2024-12-03", "WRAP I", 7)
    report, finding = answers([*NE, *twice], "us-ne-cpss", on="2025-06-01")
    assert (report.status, report.hours_outcome) == ("undetermined", "undetermined")
    assert listed_with(report) == {"same-course": {"same": "short", "different": "met"}}
    assert (finding.counted, finding.short) == (13, 7)
    assert "a and b have the same title and may be the same course; whether they are is an open question." in sentences(
        report.caveats
    )
    assert in_words(report.finding("training").because).endswith(
        "; it depends on whether trainings that look alike are the same"
    )


@pytest.mark.parametrize("repeats", ["count", "once"])
def test_topics_that_only_one_record_of_a_training_names_are_its_topics(repeats):
    """
    3 hours of ethics are asked for; one list has 3 on recovery, the other 3 on nothing known, by a provider.

    Unknown topics are taken to count, so that it depends on whether the two are one training: then it is on recovery.
    """
    ethics = Part(id="ethics", says="Of which.", need=3, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    rules = board(hours(3, parts=(ethics,), repeats=repeats))
    rows = [
        trained("e-1", 3, {"recovery"}, day="2025-03-04", origin=Origin(source="lms", key=("1",))),
        trained("e-2", 3, None, day="2025-03-04", title="WRAP", provider="acme"),
    ]
    counting = {"unrecorded-training": "counts"}
    report = asked([AWARD, *COVERED, *rows], on=ON, ruleset=rules, readings=counting)
    assert listed_with(report) == {"recorded-twice": {"one": "short", "several": "met"}}
    assert asked([AWARD, *COVERED, rows[1]], on=ON, ruleset=rules, readings=counting).hours_outcome == "met"


def test_two_lists_may_have_codes_of_their_own_for_one_course():
    """3 hours on one day in both lists, and again in each: 3 hours if the first two are one training, or 6."""
    rows = [
        trained(name, 3, {"recovery"}, day=day, course=course, origin=Origin(source=source, key=(name,)))
        for name, day, course, source in [
            ("e-1", "2025-03-04", "17", "lms"),
            ("e-2", "2025-03-04", "W", "tracker"),
            ("e-3", "2025-04-04", "17", "lms"),
            ("e-4", "2025-05-04", "W", "tracker"),
        ]
    ]
    rules = board(hours(6, repeats="once"))
    report = asked([AWARD, *COVERED, *rows], on=ON, ruleset=rules)
    assert (report.hours_outcome, {*listed_with(report)}) == ("undetermined", {"recorded-twice"})
    assert report.assumed.finding("training").short == 3
    assert asked([AWARD, *COVERED, *rows[1:]], on=ON, ruleset=rules).hours_outcome == "met"


@pytest.mark.parametrize("repeats", ["count", "once"])
@pytest.mark.parametrize(("need", "outcome", "asked_about"), [(6, "met", {}), (9, "undetermined", {"recorded-twice"})])
def test_a_row_without_a_title_may_be_of_one_of_two_trainings_and_joins_them_not(repeats, need, outcome, asked_about):
    """Three rows of 3 hours of one day, two of them titled: two trainings or three, so 6 hours for sure, 9 perhaps."""
    rows = [
        trained(name, 3, {"recovery"}, day="2025-03-04", **more)
        for name, more in (
            ("e-1", {"title": "WRAP", "course": "RB-1", "origin": Origin(source="lms", key=("1",))}),
            ("e-2", {"title": "Ethics", "course": "E-1", "origin": Origin(source="tracker", key=("2",))}),
            ("e-3", {}),
        )
    ]
    report = asked([AWARD, *COVERED, *rows], on=ON, ruleset=board(hours(need, repeats=repeats)))
    assert (report.hours_outcome, {*listed_with(report)}) == (outcome, {*asked_about})


def test_a_title_alone_leaves_it_open_in_north_carolina_and_a_course_does_not():
    """3 of ethics and 8.5 twice: 11.5 or 20 of 20."""
    days = ("2025-06-01", "2025-09-01")
    report, finding = answers([*NC, *(recovery(day, day, "Recovery basics") for day in days)], "us-nc-cpss")
    assert (report.hours_outcome, finding.short) == ("undetermined", Fraction("8.5"))
    assert listed_with(report) == {"same-course": {"same": "short", "different": "met"}}
    report, finding = answers([*NC, *(recovery(day, day, "Recovery", course="hr-1") for day in days)], "us-nc-cpss")
    assert (report.hours_outcome, finding.short, listed_with(report)) == ("short", Fraction("8.5"), {})
    assert [line.why_not for line in finding.lines][-1].kind == "same-course"
    assert not any("count." in caveat and "same" in caveat for caveat in sentences(report.caveats))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "Recovery Basics"}, {"title": "Recovery Basics"}),
        ({"title": None}, {"title": None}),
        (listed("lms", title="Recovery Basics"), listed("tracker", title="Recovery basics")),
        (listed("lms", title="Recovery Basics", course="17"), listed("tracker", title="Recovery basics", course="R")),
        (listed("lms", title="Recovery Basics"), listed("tracker", title=None)),
        ({"title": "Recovery Basics"}, {"title": "Recovery Basics", "person": "p-2"}),
        # Two ids of a person are two lists, even in one export.
        ({"title": "Recovery Basics"}, {"title": None, "person": "p-2"}),
        (listed("lms", title="Recovery Basics"), {**listed("lms", title=None), "person": "p-2"}),
        ({"title": "Recovery", "provider": "a"}, {"title": "Recovery", "provider": "b", "person": "p-2"}),
    ],
)
@pytest.mark.parametrize("repeats", ["once", "each-time"])
def test_a_training_recorded_twice_makes_nobody_compliant_in_silence(one, other, repeats):
    """However it is recorded, and whether a course counts once or each time."""
    same = SamePerson(id="s", people={"p", "p-2"})
    records = [*NC, same, recovery("a", "2025-06-01", **one), recovery("b", "2025-06-01", **other)]
    report, finding = answers(records, "us-nc-cpss", readings={"repeats": repeats})
    assert (report.hours_outcome, finding.counted, finding.short) == ("undetermined", Fraction("11.5"), Fraction("8.5"))
    [readings] = listed_with(report).values()
    assert list(readings.values()) == ["short", "met"]
    assert "a and b look like the same training recorded twice; whether they are is an open question." in sentences(
        report.caveats
    )
    assert "a and b look like the same training recorded twice; one of them counts." in sentences(
        report.assumed.caveats
    )
    assert not any(
        "both count" in caveat for caveat in (*sentences(report.caveats), *sentences(report.assumed.caveats))
    )


@pytest.mark.parametrize(("person", "counted"), [("p", 40), ("p-2", 23)])
def test_two_ids_of_a_person_record_one_training_with_other_hours(person, counted):
    """
    Indiana asks 40 hours: 6 on ethics and 17 are there, and a second 17 under another id of the person, or the same id.

    Under one id, rows of one list that differ are two trainings: 40.  Under two ids they may be one, of 17 hours: 23.
    """
    award = Certification(id="c", person="p", credential="us-in-caprc-ii", act="awarded", on="2024-03-10")
    records = [
        award,
        SamePerson(id="s", people={"p", "p-2"}),
        trained("eth", 6, {"ethics"}, day="2025-02-03", title="Ethics"),
        trained("a", 17, {"recovery"}, day="2025-06-01", title="Recovery", provider="a"),
        trained("b", 17, {"recovery"}, day="2025-06-01", title="Recovery", provider="b", person=person),
    ]
    report, finding = answers(records, "us-in-caprc-ii", on="2025-12-01")
    assert (report.hours_outcome, finding.counted) == ("met" if counted == 40 else "undetermined", counted)


def test_a_training_recorded_twice_counts_once_in_texas_too():
    """Texas says nothing of repeats: 14 hours are there besides; 3 or 6 more make 17 or 20 of 20."""
    award = Certification(
        id="c", person="p", credential="us-tx-mhps", act="renewed", on="2024-07-15", expires="2026-07-14"
    )
    approved = {"approvals": [Approval(by="tx-training-entity")]}
    others = [
        trained("eth", 3, {"ethics"}, day="2025-02-03", title="Ethics", **approved),
        trained("x", 11, {"recovery"}, day="2025-03-03", title="Recovery", **approved),
    ]
    once = recovery("a", "2025-06-01", "Wellness", 3, **approved)
    report, finding = answers([award, *others, once], "us-tx-mhps")
    assert (report.hours_outcome, finding.short) == ("short", 3)
    report, finding = answers([award, *others, once, attrs.evolve(once, id="b")], "us-tx-mhps")
    assert (report.hours_outcome, finding.short) == ("undetermined", 3)
    assert listed_with(report) == {"recorded-twice": {"one": "short", "several": "met"}}
    report, finding = answers([award, *others, once, attrs.evolve(once, id="b", completed="2025-06-02")], "us-tx-mhps")
    assert (report.hours_outcome, listed_with(report)) == ("met", {})


def test_sessions_of_different_courses_are_told_apart_by_their_titles():
    """Five different ones are asked; four titles are there, one of them twice."""
    five = board(SessionCount(id="training", says="Five different ones.", need=5, repeats="once", cites=("P",)))
    titles = ["One", "Two", "Three", "Four", "four."]
    some = [trained(f"e-{place}", 1, day=f"2025-03-0{place + 1}", title=title) for place, title in enumerate(titles)]
    report, finding = answers([AWARD, *some], five)
    assert (report.hours_outcome, finding.counted, finding.short) == ("undetermined", 4, 1)
    assert listed_with(report) == {"same-course": {"same": "short", "different": "met"}}
    assert (
        in_words(finding.lines[-1].why_not)
        == "has the same title as a training of March 4, 2025, and is taken to be the same course again"
    )
    assert (
        in_words(report.finding("training").because) == "it depends on whether trainings that look alike are the same"
    )


def test_a_course_that_counts_once_ever_is_looked_for_in_earlier_cycles_by_its_title():
    ever = board(hours(8, repeats="once-ever"))
    first, again = trained("a", 8, title="WRAP"), trained("b", 8, title="Wrap", day="2026-08-01")
    records = [AWARD, first, act("c-2", "renewed", "2026-05-31"), again]
    report, finding = answers(records, ever, on="2026-09-01")
    assert (report.hours_outcome, finding.short) == ("undetermined", 8)
    assert listed_with(report) == {"same-course": {"same": "short", "different": "met"}}
    assert in_words(finding.lines[-1].why_not) == (
        "looks like the training that was already counted on March 4, 2025, and is taken to be the same"
    )


def test_hours_of_a_training_recorded_twice_are_carried_over_once():
    """In the first cycle 6 and 4 hours, 8 needed: 2 are left, or 6 if the 4 are two trainings. Then 4 more, 8 needed."""
    rules = board(hours(8, carry_over=CarryOver(at_most=20, cites=("P",))))
    first = [trained("a", 6, title="A"), trained("b", 4, title="B"), trained("b-2", 4, title="b")]
    records = [AWARD, *first, act("c-2", "renewed", "2026-05-31"), trained("d", 4, title="D", day="2026-08-01")]
    report, finding = answers(records, rules, on="2026-09-01")
    assert (report.hours_outcome, finding.short) == ("undetermined", 2)
    assert listed_with(report) == {"recorded-twice": {"one": "short", "several": "met"}}


def test_what_is_one_training_is_one_for_another_credential_too():
    """Of 4 and 3 hours, the latter recorded twice, another credential needs 8 first: it leaves nothing, or 2 of 10."""
    other = board(hours(8, not_shared_with=apart(XX)), id="ww-board")
    ours = board(hours(8, not_shared_with=apart("ww-board")))
    awards = [AWARD, attrs.evolve(AWARD, id="c-w", credential="ww-board")]
    records = [*awards, trained("a", 4, title="A"), trained("b", 3, title="B"), trained("b-2", 3, title="b")]
    for reading, short in (("one", 8), ("several", 6)):
        readings = {"recorded-twice": reading}
        report, finding = answers(records, ours, on="2025-06-01", rulesets={"ww-board": other}, readings=readings)
        assert (report.hours_outcome, finding.short) == ("short", short)


def apart(other):
    return (NotSharedWith(ruleset=other, requirement="training", cites=("P",)),)


# What tips nothing is not asked.


def test_where_it_tips_nothing_nothing_is_asked():
    """20 hours are there without the second one; or too few with both."""
    for amount, outcome in (("17", "met"), ("4", "short")):
        some = recovery("a", "2025-06-01", "Recovery", amount), recovery("b", "2025-06-01", "recovery", amount)
        report, finding = answers([*NC, *some], "us-nc-cpss")
        assert (report.hours_outcome, listed_with(report)) == (outcome, {})
        assert finding.counted == 3 + Fraction(amount)
        assert "a and b look like the same training recorded twice; one of them counts." in sentences(report.caveats)


def test_where_only_a_figure_depends_on_it_a_caveat_gives_it():
    """3 and 4 hours are there, or 3 and twice 4: 13 or 9 are missing."""
    some = recovery("a", "2025-06-01", "Recovery", "4"), recovery("b", "2025-09-01", "recovery", "4")
    report, finding = answers([*NC, *some], "us-nc-cpss")
    assert finding.short == 13
    [caveat] = [
        caveat for caveat in sentences(report.caveats) if caveat.startswith("Are trainings with the same title")
    ]
    assert caveat.endswith("9 hours of training would be missing.")


def test_what_both_count_for_is_said_to_count_twice():
    some = recovery("a", "2025-06-01", "Recovery"), recovery("b", "2025-06-01", "Recovery")
    report, finding = answers(
        [*NC, *some], "us-nc-cpss", readings={"repeats": "each-time", "recorded-twice": "several"}
    )
    assert (report.hours_outcome, finding.counted) == ("met", 20)
    assert "a and b look like the same training recorded twice; both count." in sentences(report.caveats)


# How it is settled.


def evaluated(ledger, **more):
    return evaluate(ledger, "p", on=ON, **more)


def looking_alike(day="2025-09-01"):
    ledger = Ledger()
    ledger.append([*COVERED, *NC, recovery("a", "2025-06-01", "Recovery"), recovery("b", day, "recovery")])
    assert evaluated(ledger).hours_outcome == "undetermined"
    return ledger


@pytest.mark.parametrize(("courses", "outcome"), [(("hr-1", "hr-1"), "short"), (("hr-1", "hr-2"), "met")])
def test_course_ids_settle_whether_two_trainings_are_one_course(courses, outcome):
    ledger = looking_alike()
    for record, course in zip(("a", "b"), courses, strict=True):
        ledger.correct(record, {"course": course}, reason="the certificate names it")
    assert (evaluated(ledger).hours_outcome, listed_with(evaluated(ledger))) == (outcome, {})


def test_a_retraction_or_a_rejection_settles_that_a_training_was_recorded_twice():
    for settle in (
        lambda ledger: ledger.retract("b", reason="it was recorded twice"),
        lambda ledger: ledger.append(Review(id="r", person="p", event="b", decision="rejected", on="2025-10-01")),
    ):
        ledger = looking_alike("2025-06-01")
        settle(ledger)
        report = evaluated(ledger)
        assert (report.hours_outcome, listed_with(report)) == ("short", {})
        assert not any("look like" in caveat for caveat in sentences(report.caveats))


def test_reviews_that_accept_both_settle_that_a_training_was_not_recorded_twice():
    """Where a course counts each time."""
    ledger = looking_alike("2025-06-01")
    each_time = {"readings": {"repeats": "each-time"}}
    for record, outcome in (("a", "undetermined"), ("b", "met")):
        ledger.append(Review(id=f"r-{record}", person="p", event=record, decision="approved", on="2025-10-01"))
        assert evaluated(ledger, **each_time).hours_outcome == outcome


def test_readings_settle_it_for_everybody():
    ledger = looking_alike()
    for reading, outcome in (("same", "short"), ("different", "met")):
        [report] = evaluate_all(ledger, on=ON, readings={"same-course": reading})
        assert (report.hours_outcome, listed_with(report)) == (outcome, {})


def test_the_roster_and_its_frames_show_it():
    roster = Roster(evaluate_all(looking_alike(), on=ON))
    [row] = roster.table().to_rows()
    assert (row["hours"], row["open_questions"]) == ("undetermined", "same-course")
    assert {one["question"] for one in roster.questions().to_rows()} == {"same-course"}
    assert [one["training_is"] for one in roster.table().to_rows()] == ["undetermined"]


# Many of them.


def test_many_titles_make_one_question_and_no_combinations():
    """40 titles, twice each, of different lengths: 40 times the longer one, or all."""
    some = [
        recovery(f"e-{number}-{again}", date(2025, 1, 1) + (number + 100 * again) * DAY, f"Title {number}", 1 + again)
        for number in range(40)
        for again in (0, 1)
    ]
    for need, outcome in ((80, "met"), (81, "undetermined"), (120, "undetermined"), (121, "short")):
        report, finding = answers([AWARD, *some], board(hours(need, repeats="once")))
        assert (report.hours_outcome, finding.short) == (outcome, max(0, need - 80))
        assert list(listed_with(report)) == (["same-course"] if outcome == "undetermined" else [])


def like_either(records=2):
    """Return trainings of two providers with the same title, and some of which the provider is not on record."""
    some = [recovery("x", "2025-01-01", "WRAP", 2, provider="x"), recovery("y", "2025-01-03", "WRAP", 2, provider="y")]
    blank = [recovery(f"b-{number}", f"2025-02-{number + 1:02}", "WRAP", 3) for number in range(records)]
    return [AWARD, *some, *blank]


def test_a_record_that_looks_like_two_different_trainings_is_one_of_them_alone():
    """2 and 2 of two providers, and 3 of one of them: 2 + 3 at least, and all 7 at most."""
    for need, outcome in ((5, "met"), (6, "undetermined"), (7, "undetermined"), (8, "short")):
        report, finding = answers(like_either(1), board(hours(need, repeats="once")))
        assert (report.hours_outcome, finding.short) == (outcome, max(0, need - 5))


def three_records(day):
    """Return two records of one list of which one alone has topics, so that they are two, and one of another list."""
    other = trained("x", 6, {"recovery"}, day=day, origin=Origin(source="lms", key=("1",)))
    return [trained("a", 6, {"recovery"}, day=day), trained("b", 6, None, day=day), other]


@pytest.mark.parametrize("joins", [False, True])
@pytest.mark.parametrize("rules", ["board", "us-nc-cpss"])
def test_a_record_that_looks_like_two_different_ones_does_not_make_them_one(monkeypatch, rules, joins):
    """
    Two trainings took place at least, whichever of them the third record is of, and three at most.

    North Carolina's rules of 2021 ask 20 hours of any topics, the board asks 12, and a course counts once.
    """
    if joins:
        monkeypatch.setattr(twins.Twins, "may_be_one", lambda *_: True)
    if rules == "board":
        report, _ = answers([AWARD, *three_records("2025-03-04")], board(hours(12, repeats="once")))
        assert (report.hours_outcome, bool(report.questions)) == (("undetermined", True) if joins else ("met", False))
        return
    held = attrs.evolve(AWARD, credential=rules, on="2020-04-09")
    _, finding = answers([held, *three_records("2021-03-04")], rules, on="2021-06-30", readings={"repeats": "once"})
    assert (finding.result, finding.short) == ("short", 14 if joins else 8)


def test_where_there_are_too_many_ways_what_is_certain_is_said_and_the_rest_is_open(monkeypatch):
    """
    Of 2, 2 and five times 3 hours at least 5 count and at most 19.

    If all of them are taken to be one, 3 count; so 3 is certain, 4 and 5 are not known to be, and 20 are not there.
    """
    monkeypatch.setattr(alike, "MOST_WAYS", 1)
    for need, joined, outcome in ((3, "met", "met"), (4, "undetermined", "undetermined"), (20, "short", "short")):
        rules = board(hours(need, repeats="once"))
        report, _ = answers(like_either(5), rules, readings={"same-course": "same"})
        assert report.hours_outcome == joined
        if joined == "undetermined":
            assert "too many trainings look alike" in in_words(report.finding("training").because)
        assert answers(like_either(5), rules)[0].hours_outcome == outcome
    monkeypatch.setattr(groupings, "MOST_STEPS", 3)
    assert answers(like_either(5), board(hours(4, repeats="once")))[0].hours_outcome == "undetermined"


def disagreeing(name, day, amount, source, **more):
    return trained(name, amount, {"recovery"}, day, origin=Origin(source=source, key=(name,)), **more)


ONE_IS_WRONG = [
    disagreeing("t-a", "2025-03-04", 3, "tracker", title="Wellness", course="hr-2"),
    disagreeing("t-b", "2025-03-04", 2, "lms", title="Wellness"),
    disagreeing("t-c", "2025-05-03", 4, "lms", title="Recovery", course="hr-2"),
]
"""Two are 3 and 2 hours. One with 3, or 2, and none of hr-2 after it; or 2 and, if t-a names a wrong course, 4 hours."""
TWO_OR_ONE = [
    disagreeing("t-d", "2025-07-04", 3, "lms", title="Advocacy"),
    disagreeing("t-e", "2025-07-04", 4, "tracker", title="Advocacy"),
]
"""Two are 7 hours, one is 3 or 4."""


@pytest.mark.parametrize(
    ("events", "need", "outcome"),
    [
        (ONE_IS_WRONG, 2, "met"),
        (ONE_IS_WRONG, 3, "undetermined"),
        (ONE_IS_WRONG, 6, "undetermined"),
        (ONE_IS_WRONG, 7, "short"),
        ([*ONE_IS_WRONG, *TWO_OR_ONE], 5, "met"),
        ([*ONE_IS_WRONG, *TWO_OR_ONE], 6, "undetermined"),
        ([*ONE_IS_WRONG, *TWO_OR_ONE], 13, "undetermined"),  # t-a and t-b are one, t-d and t-e two
        ([*ONE_IS_WRONG, *TWO_OR_ONE], 14, "short"),
    ],
)
def test_a_wrong_record_of_a_course_that_counts_once_ever_may_block_nothing(events, need, outcome):
    rules = board(hours(need, repeats="once-ever"))
    assert outcome == answers([AWARD, *events], rules)[0].hours_outcome


@pytest.mark.parametrize(("need", "outcome"), [(2, "undetermined"), (6, "undetermined"), (7, "short")])
def test_a_wrong_record_may_name_a_wrong_course(need, outcome):
    """
    Of hours on ethics: two of a day may be one training, in one list on recovery and of the course that comes later.

    Two trainings are 2 hours on ethics, and the later one of the course counts no more. One is 0 or 2 hours; but if the
    list that says recovery is wrong about the course as well, the later training counts: 2 and 4 hours.
    """
    events = [
        trained("t-a", 2, {"recovery"}, "2025-03-04", course="hr-2", origin=Origin(source="tracker", key=("1",))),
        trained("t-b", 2, {"ethics"}, "2025-03-04", title="Wellness", origin=Origin(source="lms", key=("1",))),
        trained("t-c", 4, {"ethics"}, "2025-05-03", course="hr-2", origin=Origin(source="lms", key=("2",))),
    ]
    ethics = Part(id="ethics", says="Of which.", need=need, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    rules = board(hours(need, parts=(ethics,), repeats="once-ever"))
    assert outcome == answers([AWARD, *events], rules)[0].hours_outcome


@given(st.permutations(range(4)))
@effort(20)
def test_the_order_of_recording_does_not_matter(order):
    records = [*like_either(1), recovery("d", "2025-02-01", "Wrap!", 3)][1:]
    mixed = [records[place] for place in order]
    rules = board(hours(6, repeats="once"))
    assert answers([AWARD, *mixed], rules)[0].to_dict() == answers([AWARD, *records], rules)[0].to_dict()


# Codes of courses.


def test_a_code_that_no_catalog_has_is_kept_and_tells_courses_apart(tmp_path):
    """Also in other capitals, in another file, and once the catalog has arrived."""
    text = "Employee ID,Course Code,Course Title,Completion Date,Hours,Topics\np,{},{},{},8.5,recovery\n"
    ledger = Ledger()
    ledger.append([*COVERED, *NC])
    for name, row in (("one", ("HR-1", "Recovery", "2025-06-01")), ("two", ("hr-1", "Recovery now", "2025-09-01"))):
        file = tmp_path / f"{name}.csv"
        file.write_text(text.format(*row), encoding="utf-8")
        plan = plan_import(ledger, import_file(str(file), source=name))
        assert [record.course for record in plan.new] == [row[0]]
        ledger.append(plan.to_append())
    report = evaluated(ledger)
    assert (report.hours_outcome, report.finding("training").short) == ("short", Fraction("8.5"))
    ledger.append(Course(id="c-rec", title="Recovery", codes={"HR 1", "HR-1"}))
    ledger.append(recovery("later", "2025-10-01", "Another title", course="c-rec"))
    report = evaluated(ledger)
    assert (report.hours_outcome, report.finding("training").short) == ("short", Fraction("8.5"))
    ledger.append(Course(id="c-two", title="Recovery now", codes={"hr-1"}))  # now the code may be of either
    assert evaluated(ledger).hours_outcome == "undetermined"


def test_an_import_tells_of_what_may_be_recorded_twice_and_does_not_say_that_both_count(tmp_path):
    ledger = looking_alike()
    file = tmp_path / "lms.csv"
    file.write_text("Employee ID,Course,Completion Date,Hours\np,Recovery!,2025-06-01,8\n", encoding="utf-8")
    plan = plan_import(ledger, import_file(str(file), source="lms"))
    assert [old for _, old in plan.twice] == ["a"]
    assert "looks like a; reports count one of them, or ask" in str(plan)


def test_what_is_assumed_is_that_under_which_less_counts():
    assert alike.JOINING == {"same-course": "same", "recorded-twice": "one", "records-disagree": "least"}
    assert alike.JOINING.items() <= ASSUMED.items()


# Two lists that disagree.


def in_lists(first, second, **more):
    """Return a training of June 1, 2025, as two lists record it."""
    a = recovery("a", "2025-06-01", "WRAP I", **listed("lms", **{**more, **first}))
    return a, recovery("b", "2025-06-01", "WRAP I", **listed("tracker", **{**more, **second}))


def texas(*records):
    award = Certification(
        id="c", person="p", credential="us-tx-mhps", act="renewed", on="2024-07-15", expires="2026-07-14"
    )
    approved = {"approvals": [Approval(by="tx-training-entity")]}
    ethics = trained("eth", 3, {"ethics"}, day="2025-02-03", title="Ethics", **approved)
    return [award, ethics, *(attrs.evolve(one, approvals=ethics.approvals) for one in records)]


STATES = {
    "us-nc-cpss": lambda *records: [*NC, *records],
    "us-ne-cpss": lambda *records: [*NE, *records],
    "us-tx-mhps": texas,
}
"""The records of somebody with the hours of ethics that are asked, and some of recovery; 20 are asked together."""


@pytest.mark.parametrize(("rules", "rest"), [("us-nc-cpss", 17), ("us-ne-cpss", 14), ("us-tx-mhps", 17)])
def test_where_two_lists_disagree_on_the_hours_each_may_be_right(rules, rest):
    """The rest of 20 hours is there by one list, and 8.5 are missing by the other; or some are missing by either."""

    def under(first, second, **readings):
        records = STATES[rules](*in_lists({"amount": first}, {"amount": second}))
        return answers(records, rules, on="2025-07-01", readings={"recorded-twice": "one", **readings})

    report, finding = under(rest, f"{rest - 9}.5")
    assert (report.hours_outcome, finding.result, finding.short) == ("undetermined", "short", Fraction("8.5"))
    assert listed_with(report) == {"records-disagree": {"least": "short", "most": "met"}}
    assert in_words(report.finding("training").because).endswith("it depends on which record of a training is right")
    assert (
        "a and b look like the same training recorded twice, with different hours; "
        "whether they are, and which record is right, is an open question." in sentences(report.caveats)
    )
    lines = {line.record: (line.counted, in_words(line.why_not)) for line in finding.lines}
    assert lines["a"] == (0, "another list records this training otherwise, and is taken to be right")
    for reading, outcome in (("least", "short"), ("most", "met")):
        assert under(rest, rest - 1, **{"records-disagree": reading})[0].hours_outcome == outcome
    for first, second, outcome in ((rest - 1, rest - 2, "short"), (rest, rest + 1, "met"), (rest, rest, "met")):
        report, _ = under(first, second)
        assert (report.hours_outcome, listed_with(report)) == (outcome, {})


@pytest.mark.parametrize("rules", ["us-nc-cpss", "us-tx-mhps"])
def test_where_two_lists_disagree_on_the_topics_each_may_be_right(rules):
    """17 hours of recovery, and 3 of ethics by one list and of crisis by the other: of 3 hours of ethics 3 or none."""
    award, _, *others = STATES[rules](
        recovery("x", "2025-05-01", "Recovery", 17), *in_lists({"amount": 3}, {"amount": 3})
    )
    ethics, crisis = ([Credit(amount=3, topics={topic})] for topic in ("ethics", "crisis"))
    records = [award, others[0], attrs.evolve(others[1], credits=ethics), attrs.evolve(others[2], credits=crisis)]
    report, finding = answers(records, rules, readings={"recorded-twice": "one"})
    assert (report.hours_outcome, finding.short) == ("undetermined", 3)
    assert listed_with(report) == {"records-disagree": {"least": "short", "most": "met"}}
    for vague in (attrs.evolve(others[2], credits=None), attrs.evolve(others[2], credits=[Credit(amount=3)])):
        report, _ = answers([*records[:3], vague], rules, readings={"recorded-twice": "one"})
        assert (report.hours_outcome, listed_with(report)) == ("met", {})


def test_two_lists_that_disagree_on_the_approval_or_the_delivery_leave_that_open():
    """Texas counts what an approved entity gave: one list says who that was, the other that nobody was."""
    records = texas(*in_lists({"amount": 17}, {"amount": 17}))
    unapproved = attrs.evolve(records[-1], approvals=[])
    report, finding = answers([*records[:-1], unapproved], "us-tx-mhps", readings={"recorded-twice": "one"})
    assert (report.hours_outcome, finding.short) == ("undetermined", 17)
    assert listed_with(report) == {"records-disagree": {"least": "short", "most": "met"}}
    assert any("recorded twice, with different approvals; " in caveat for caveat in sentences(report.caveats))
    unsaid = attrs.evolve(records[-1], approvals=None)
    report, _ = answers([*records[:-1], unsaid], "us-tx-mhps", readings={"recorded-twice": "one"})
    assert (report.hours_outcome, listed_with(report)) == ("met", {})


def test_a_record_that_says_less_yields_to_one_that_says_more():
    """One list says that nobody approved it, and the other does not say: then nobody did, and nothing is open."""
    one, other = in_lists({"amount": 17}, {"amount": 17})
    records = texas(one, other)
    records[-2:] = [attrs.evolve(one, approvals=[]), attrs.evolve(other, approvals=None)]
    report, finding = answers(records, "us-tx-mhps", readings={"recorded-twice": "one"})
    assert (report.hours_outcome, finding.short, listed_with(report)) == ("short", 17, {})


def test_a_retraction_or_a_review_of_one_record_says_which_is_right():
    ledger = Ledger()
    ledger.append([*COVERED, *STATES["us-nc-cpss"](*in_lists({"amount": 17}, {"amount": "8.5"}))])
    given = {"readings": {"recorded-twice": "one"}}
    review = Review(id="r", person="p", event="b", decision="approved", on="2025-07-01")
    ledger.append(review)
    assert (evaluated(ledger, **given).hours_outcome, evaluated(ledger).finding("training").result) == (
        "short",
        "undetermined",
    )
    ledger.retract("r", reason="it was of the other one")
    ledger.append(Review(id="r-2", person="p", event="a", decision="approved", on="2025-07-01"))
    assert evaluated(ledger, **given).hours_outcome == "met"
    ledger.retract("r-2", reason="no review after all")
    assert evaluated(ledger, **given).hours_outcome == "undetermined"
    ledger.retract("a", reason="the certificate says 8.5")
    assert (evaluated(ledger).hours_outcome, listed_with(evaluated(ledger))) == ("short", {})


def test_everybody_and_the_frames_show_that_two_lists_disagree():
    ledger = Ledger()
    ledger.append([*COVERED, *STATES["us-nc-cpss"](*in_lists({"amount": 17}, {"amount": "8.5"}))])
    roster = Roster(evaluate_all(ledger, on=ON))
    [row] = roster.table().to_rows()
    assert (row["hours"], row["open_questions"]) == ("undetermined", "recorded-twice; records-disagree")
    assert {one["question"] for one in roster.questions().to_rows()} == {"recorded-twice", "records-disagree"}
    for reading, outcome in (("least", "short"), ("most", "met")):
        [report] = evaluate_all(ledger, on=ON, readings={"records-disagree": reading, "recorded-twice": "one"})
        assert report.hours_outcome == outcome


def test_a_session_counts_as_the_list_says_that_is_right():
    """Two sessions of ethics are asked: one list says that the second was on ethics, the other that it was not."""
    two = board(
        SessionCount(id="training", says="Two.", need=2, counts=TrainingFilter(topics={"ethics"}), cites=("P",))
    )
    one = trained("x", 1, {"ethics"}, day="2025-02-01", title="Ethics")
    a, b = in_lists({"amount": 1}, {"amount": 1})
    report, finding = answers([AWARD, one, attrs.evolve(a, credits=one.credits), b], two)
    assert (report.hours_outcome, finding.counted) == ("undetermined", 1)
    assert listed_with(report)["records-disagree"] == {"least": "short", "most": "met"}
    report, _ = answers([AWARD, one, attrs.evolve(a, credits=one.credits), attrs.evolve(b, credits=one.credits)], two)
    assert (report.hours_outcome, listed_with(report)) == ("met", {})


def test_another_credential_uses_what_the_list_says_that_is_right():
    """Another credential needs 6 first, of 6 and of 4 by one list or 2 by the other: 4 or 2 of 4 are left."""
    other = board(hours(6, not_shared_with=apart(XX)), id="ww-board")
    ours = board(hours(4, not_shared_with=apart("ww-board")))
    awards = [AWARD, attrs.evolve(AWARD, id="c-w", credential="ww-board")]
    records = [*awards, trained("x", 6, title="A"), *in_lists({"amount": 4}, {"amount": 2})]
    given = {"on": "2025-07-01", "rulesets": {"ww-board": other}}
    report, finding = answers(records, ours, readings={"recorded-twice": "one"}, **given)
    assert (report.hours_outcome, finding.short) == ("undetermined", 2)
    assert listed_with(report) == {"records-disagree": {"least": "short", "most": "met"}}


def test_another_credential_is_as_short_as_the_list_says_that_is_right():
    """
    Another credential needs 10 first, of 6 and of 6 by one list or 2 by the other; of what is left 4 are needed.

    By the one list it takes 10 and leaves 2; by the other it is short itself, takes all 8 and leaves none.
    """
    other = board(hours(10, not_shared_with=apart(XX)), id="ww-board")
    ours = board(hours(4, not_shared_with=apart("ww-board")))
    awards = [AWARD, attrs.evolve(AWARD, id="c-w", credential="ww-board")]
    records = [*awards, trained("x", 6, title="A"), *in_lists({"amount": 6}, {"amount": 2})]
    for reading, short in (("most", 2), ("least", 4)):
        readings = {"recorded-twice": "one", "records-disagree": reading}
        report, finding = answers(records, ours, on="2025-07-01", rulesets={"ww-board": other}, readings=readings)
        assert (report.hours_outcome, finding.short) == ("short", short)


def test_what_counts_for_nothing_is_not_said_to_look_recorded_twice():
    """Untitled and not approved, two equal records count for nothing in Texas, be they one or two."""
    some = [attrs.evolve(recovery(name, "2025-06-01", None, 3), approvals=frozenset()) for name in "ab"]
    report, _ = answers([*texas(), *some], "us-tx-mhps")
    assert not any("recorded twice" in caveat for caveat in sentences(report.caveats))
    report, _ = answers(texas(*some), "us-tx-mhps")
    assert any("recorded twice" in caveat for caveat in sentences(report.caveats))


def test_a_training_whose_correction_stands_beside_it_counts_once():
    """The retraction that came with the correction was withdrawn, so both states are in effect: the later one counts."""
    ledger = Ledger()
    ledger.append(Certification(id="c", person="p", credential="us-nc-cpss", act="awarded", on="2025-01-15"))
    ledger.append(TrainingEvent(id="e-1", person="p", completed="2025-03-04", credits=[Credit(amount=17)], title="One"))
    ledger.correct("e-1", {"title": "Two", "completed": "2025-03-05"}, reason="another day")
    [retraction] = [entry.record for entry in ledger.entries_of("p") if entry.record.record_type == "retraction"]
    ledger.append(Retraction(id="back", retracts=retraction.id, reason="no"))
    report = evaluate(ledger, "p", on="2025-12-31")
    lines = [line for finding in report.findings for line in finding.lines]
    assert {line.record for line in lines} == {"e-1~2"}


@pytest.mark.parametrize("most", [128, 2])
def test_what_is_of_one_course_for_sure_raises_no_question_however_much_there_is(monkeypatch, most):
    """Four trainings name one course of the catalog and have titles of their own: nothing is left to be asked."""
    monkeypatch.setattr(alike, "MOST_COMPARED", most)
    ledger = Ledger()
    ledger.append(Course(id="c-1", title="Ethics"))
    ledger.append(
        trained(f"e-{place}", place, day=f"2025-03-0{place}", course="c-1", title=f"Part {'ABCD'[place - 1]}")
        for place in range(1, 5)
    )
    events = history_of(ledger, "p", on=date(2026, 1, 1), credential=XX).events
    found = alike.Alike(events, once=True)
    assert found.questions == ()
    assert [len(group) for group in found.ways([]).all[0].groups] == [4]
