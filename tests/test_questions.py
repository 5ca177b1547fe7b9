"""What is not decided is asked in words, answered by one of its readings, and noted when a value depends on it."""

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_ledger.errors import InvalidRecord, InvalidValue
from peer_ledger.rules import ByQuestion, Question, Reading, ReadingIs, Readings, Source

DAY = timedelta(days=1)
FIRST, LAST = date(2020, 2, 29), date(2021, 6, 30)


def question(name, *readings, **more):
    answers = tuple(Reading(id=one, says=f"It is {one}.") for one in readings or ("yes", "no"))
    return Question(id=name, asks="Is it so?", readings=answers, assumed=answers[0].id, **more)


INSIDE = question("ethics-inside", "inside", "on-top")
SURPLUS = question("ethics-surplus", "counts", "does-not", under=ReadingIs(question="ethics-inside", reading="inside"))
DATED = question("window", "short", "long", first_day=FIRST, last_day=LAST)
NEED = ByQuestion(by="ethics-inside", values=(("inside", 20), ("on-top", 23)))
SPILLS = ByQuestion(by="ethics-surplus", values=(("counts", True), ("does-not", False)))


def test_assumed_reading_is_taken_where_none_is_given():
    """Where the caller says nothing, a value is what the assumed reading makes it."""
    assert Readings((INSIDE,)).of(NEED) == 20


def test_given_reading_is_taken():
    """Where the caller gives a reading, a value is what that reading makes it."""
    assert Readings((INSIDE,), {"ethics-inside": "on-top"}).of(NEED) == 23


@pytest.mark.parametrize("value", [20, None, False, "once", (), frozenset({"ethics"})])
def test_value_that_hangs_on_nothing_is_itself_and_asks_nothing(value):
    """A value without a question is given back as it is, and nothing is noted."""
    readings = Readings((INSIDE,))
    assert readings.of(value) is value
    assert readings.asked == ()


def test_value_that_hangs_on_two_questions_takes_both_readings():
    """A value may depend on a second question under a reading of the first."""
    value = ByQuestion(by="window", values=(("short", 1), ("long", NEED)))
    readings = Readings((INSIDE, DATED), {"window": "long", "ethics-inside": "on-top"})
    assert readings.of(value) == 23
    assert readings.asked == ("window", "ethics-inside")


def test_questions_are_asked_in_the_order_in_which_they_were_met_and_once():
    """What was asked is listed as it was met, however often and whatever the order of the questions."""
    readings = Readings((INSIDE, DATED, question("third")))
    for name in ("third", "ethics-inside", "third", "window", "ethics-inside"):
        readings.take(name)
    assert readings.asked == ("third", "ethics-inside", "window")


def test_giving_a_reading_asks_nothing():
    """A reading that the caller gives is no question that some value depended on."""
    assert Readings((INSIDE, DATED), {"ethics-inside": "on-top"}).asked == ()


def test_question_arises_only_under_its_reading():
    """Under another reading of the question before it, a question is not asked and its assumed reading holds."""
    readings = Readings((INSIDE, SURPLUS), {"ethics-inside": "on-top", "ethics-surplus": "does-not"})
    assert readings.of(SPILLS) is True
    assert readings.asked == ("ethics-inside",)


def test_question_under_the_reading_taken_is_asked_after_it():
    """Under its reading a question is asked, and the one that it hangs on before it."""
    readings = Readings((INSIDE, SURPLUS), {"ethics-surplus": "does-not"})
    assert readings.of(SPILLS) is False
    assert readings.asked == ("ethics-inside", "ethics-surplus")


def test_question_under_one_that_is_over_takes_the_assumed_reading_of_that():
    """A question that hangs on one past its days arises where that one's assumed reading is its own."""
    parent = question("parent", "yes", "no", last_day=LAST)
    child = question("child", "a", "b", under=ReadingIs(question="parent", reading="yes"))
    readings = Readings((parent, child), {"parent": "no", "child": "b"}, deciding=LAST + DAY)
    assert readings.take("child") == "b"
    assert readings.asked == ("child",)
    readings.deciding = LAST
    assert readings.take("child") == "a"


@pytest.mark.parametrize(
    ("deciding", "taken"),
    [
        (None, "long"),
        (FIRST - DAY, "short"),
        (FIRST, "long"),
        (FIRST + DAY, "long"),
        (LAST - DAY, "long"),
        (LAST, "long"),
        (LAST + DAY, "short"),
    ],
)
def test_question_arises_from_its_first_day_to_its_last(deciding, taken):
    """Before its first day and after its last one a question is not asked and its assumed reading holds."""
    readings = Readings((DATED,), {"window": "long"}, deciding=deciding)
    assert readings.take("window") == taken
    assert readings.asked == (("window",) if taken == "long" else ())


@pytest.mark.parametrize(
    ("more", "deciding", "arises"),
    [
        ({"first_day": FIRST}, FIRST - DAY, False),
        ({"first_day": FIRST}, date(2199, 12, 31), True),
        ({"last_day": LAST}, date(1900, 1, 1), True),
        ({"last_day": LAST}, LAST + DAY, False),
        ({}, date(1900, 1, 1), True),
    ],
)
def test_question_without_a_first_or_last_day_arises_without_that_limit(more, deciding, arises):
    """A question without a first day was always there, and one without a last day stays."""
    readings = Readings((question("q", **more),), deciding=deciding)
    readings.take("q")
    assert (readings.asked == ("q",)) is arises


def test_unknown_question_lists_those_there_are():
    """A reading for a question that is not there is refused with the questions there are and the nearest one."""
    with pytest.raises(InvalidValue) as caught:
        Readings((INSIDE, DATED), {"ethics-insde": "inside"})
    assert str(caught.value) == (
        "there is no question 'ethics-insde' (did you mean 'ethics-inside'?); available: ethics-inside, window"
    )


def test_unknown_question_where_there_is_none_says_so():
    """Where a rule set leaves nothing open, the refusal says that there are no questions."""
    with pytest.raises(InvalidValue, match=r"^there is no question 'window'; available: none$"):
        Readings((), {"window": "long"})


def test_unknown_reading_lists_those_there_are():
    """A reading that is none of a question's is refused with the readings it has and the nearest one."""
    with pytest.raises(InvalidValue) as caught:
        Readings((INSIDE,), {"ethics-inside": "insde"})
    assert str(caught.value) == "'ethics-inside' has no reading 'insde' (did you mean 'inside'?); it has inside, on-top"


@pytest.mark.parametrize("reading", [None, 1, "", "Jane Doe", ["inside"]])
def test_reading_that_is_no_word_is_refused_and_not_repeated(reading):
    """Whatever is given in the place of a reading is refused, and no message repeats free text."""
    with pytest.raises(InvalidValue) as caught:
        Readings((INSIDE,), {"ethics-inside": reading})
    assert "Jane" not in str(caught.value)


def test_question_is_found_by_its_id():
    """A question is found by its id, and a reading by its own."""
    assert Readings((INSIDE, DATED)).question("window") is DATED
    assert DATED.reading("long").says == "It is long."


def test_readings_are_those_at_the_time_they_were_given():
    """What a caller does to its mapping afterward changes no reading."""
    taken = {"ethics-inside": "on-top"}
    readings = Readings((INSIDE,), taken)
    taken.clear()
    assert readings.of(NEED) == 23


@pytest.mark.parametrize(
    ("given_", "path", "words"),
    [
        ({"readings": (Reading(id="a", says="A."),), "assumed": "a"}, "readings", "two or more"),
        ({"readings": (), "assumed": "a"}, "readings", "two or more"),
        (
            {"readings": (Reading(id="a", says="A."), Reading(id="a", says="B.")), "assumed": "a"},
            "readings",
            "different",
        ),
        ({"assumed": "yess"}, "assumed", "must be one of yes, no (did you mean 'yes'?)"),
        (
            {"readings": [Reading(id="a", says="A."), Reading(id="b", says="B.")], "assumed": "a"},
            "readings",
            "a list of",
        ),
        ({"weight": "heavy"}, "weight", "must be one of blocking, caveat"),
        ({"about": "weather"}, "about", "must be one of rules, facts"),
        ({"under": "other"}, "under", "must be a ReadingIs"),
        ({"first_day": "2021-02-29"}, "first_day", "there is no day '2021-02-29'"),
        ({"asks": " "}, "asks", "must be a text"),
        ({"id": "Is It"}, "id", "must be a declared word"),
    ],
)
def test_question_that_cannot_be_answered_is_refused(given_, path, words):
    """A question has a few answers with ids of their own, of which one is assumed, and says so when it has not."""
    good = {
        "id": "q",
        "asks": "Is it?",
        "readings": (Reading(id="yes", says="Yes."), Reading(id="no", says="No.")),
        "assumed": "yes",
    }
    with pytest.raises(InvalidRecord) as caught:
        Question(**good | given_)
    assert path in [problem.path for problem in caught.value.problems]
    assert words in str(caught.value)


def test_all_that_is_wrong_with_a_question_is_said_at_once():
    """A question without two readings whose assumed one is missing too is refused for both."""
    with pytest.raises(InvalidRecord) as caught:
        Question(id="q", asks="Is it?", readings=(Reading(id="a", says="A."),), assumed="b")
    assert [problem.path for problem in caught.value.problems] == ["readings", "assumed"]


@pytest.mark.parametrize(
    "one", [INSIDE, INSIDE.readings[0], SURPLUS.under, NEED, Source(
        id="S", title="T", address="a", kind="board", seen=date(2026, 1, 1))], ids=lambda one: type(one).__name__
)  # fmt: skip
def test_what_is_said_of_questions_is_frozen_and_hashable(one):
    """A question, its readings, a value that depends on it and a source cannot be changed, and serve as keys."""
    for field in attrs.fields(type(one)):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(one, field.name, None)
    assert {one: 1}[attrs.evolve(one)] == 1


@pytest.mark.parametrize("values", [[["inside", 20], ["on-top", 23]], {"inside": 20, "on-top": 23}.items()])
def test_value_by_question_is_frozen_however_it_was_given(values):
    """Lists given for the values of a question are frozen to the bottom."""
    value = ByQuestion(by="ethics-inside", values=values)
    assert value == NEED
    assert hash(value) == hash(NEED)


@given(st.permutations(["a", "b", "c", "d"]), st.data())
def test_chain_of_questions_is_asked_from_the_first_on(order, data):
    """Of a chain, each question arises exactly when the one above it is read as it supposes: as taken, or as assumed."""
    chain = [question(order[0])]
    for above, name in zip(order, order[1:], strict=False):
        chain.append(question(name, under=ReadingIs(question=above, reading="yes")))
    taken = {name: data.draw(st.sampled_from(["yes", "no"])) for name in order}
    asked, reading = [], "yes"
    for name in order:
        if reading == "yes":
            asked.append(name)
        reading = taken[name] if reading == "yes" else "yes"
    readings = Readings(data.draw(st.permutations(chain)), taken)
    assert readings.take(order[-1]) == reading
    assert readings.asked == tuple(asked)
