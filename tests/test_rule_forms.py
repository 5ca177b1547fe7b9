"""A rule file by name and in short says the same as one that is written out, and as the classes."""

import tomllib
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger import PeerLedgerError
from peer_ledger.errors import InvalidData
from peer_ledger.presenting.rule_keys import keys_table, rule_classes
from peer_ledger.rulesets import read_rulesets
from peer_ledger.rulesets._check import checked_file
from peer_ledger.rulesets._files import digest_of
from peer_ledger.rulesets._layout import WIDTH, laid_out, written
from peer_ledger.rulesets._short import EDITION_KEYS
from peer_ledger.rulesets._short_keys import EXTRA_KEYS, SHORT_FORMS
from peer_ledger.values._toml_lines import places_in

SHORT = """\
# Exampleland.

format = 1
body = "The board"
time_zone = "America/Chicago"
seen = 2026-11-21

[sources]
PAGE = { title = "The page", board = "https://board.example" }
CODE = { title = "The code", code = "https://code.example", seen = 2026-11-20 }

[xx-nn-cps]
name = "Peer Specialist"
cites = ["PAGE"]
cycle = { by = "last-day", before = { months = 24, ends = "day-before" }, on = { months = 24, ends = "anniversary" } }

[xx-nn-cps.questions.last-day]
asks = "Which is the last day?"
readings = { before = "The day before.", on = "The anniversary. [PAGE, CODE]" }

[xx-nn-cps.initial.initial-1]
says = "A course."
cites = ["CODE"]
course = { need = 40, topics = ["core-training"] }
age = "18 years"
education = true
references = 2
fee = "$20"

[xx-nn-cps.renewal.renewal-1]
says = "20 hours."
earning = "from the first day of the cycle to the due date"
late_until = "30 days after the due date"
within = "after the last grant"

training.need = 20
training.together = "exclusive"
training.parts.ethics = 3
training.parts.live = { need = 5, deliveries = ["in-person"], called = "live training", cites = ["CODE"] }
training.caps.alone = { at_most = 4, counts = { by = "last-day", before = "any", on = { topics = ["ethics"] } }, says = "S." }

meetings = { trainings = 4, topics = ["co-reflection"] }
fee = "$50"

[xx-nn-cps.renewal.renewal-2]
like = "renewal-1"
says = "24 hours."
begins = 2026-01-01
drop = ["meetings"]
training.need = 24
fee = { at_least = "$60", within = "any", cites = ["CODE"] }

[xx-nn-other]
extends = "xx-nn-cps"
name = "Other"
drop = ["initial"]

[xx-nn-other.renewal.renewal-2]
training.parts.ethics.need = 6
"""

LONG = """\
format = 1

[[sources]]
id = "PAGE"
title = "The page"
address = "https://board.example"
kind = "board"
seen = 2026-11-21

[[sources]]
id = "CODE"
title = "The code"
address = "https://code.example"
kind = "code"
seen = 2026-11-20

[[rulesets]]
id = "xx-nn-cps"
name = "Peer Specialist"
body = "The board"
jurisdiction = "xx-nn"
time_zone = "America/Chicago"
version = "2026.11.21"
seen_on = 2026-11-21
cycle_cites = ["PAGE"]

[rulesets.cycle]
by = "last-day"
[rulesets.cycle.values]
before = { kind = "anniversary", months = 24, begins = "same-day" }
on = { kind = "anniversary", months = 24, begins = "next-day" }

[[rulesets.questions]]
id = "last-day"
asks = "Which is the last day?"
assumed = "before"
readings = [{ id = "before", says = "The day before." }, { id = "on", says = "The anniversary.", cites = ["PAGE", "CODE"] }]

[[rulesets.procedures]]
step = "initial"

[[rulesets.procedures.editions]]
id = "initial-1"
says = "A course."

[[rulesets.procedures.editions.requirements]]
kind = "hours"
id = "course"
says = "The course that leads to certification, at least 40 hours."
called = "the course that leads to certification"
need = 40
counts = { topics = ["core-training"] }
cites = ["CODE"]

[[rulesets.procedures.editions.requirements]]
kind = "documents"
id = "age"
says = "At least 18 years of age."
document_kind = "age"
at_least = { amount = 18, unit = "year" }
cites = ["CODE"]

[[rulesets.procedures.editions.requirements]]
kind = "documents"
id = "education"
says = "A high school diploma or its equivalent."
document_kind = "education"
cites = ["CODE"]

[[rulesets.procedures.editions.requirements]]
kind = "documents"
id = "references"
says = "Two references."
document_kind = "reference-letter"
need = 2
from_different = true
cites = ["CODE"]

[[rulesets.procedures.editions.requirements]]
kind = "documents"
id = "fee"
says = "A $20 fee."
document_kind = "fee"
at_least = { amount = 20, unit = "us-dollar" }
adds_up = true
cites = ["CODE"]

[[rulesets.procedures]]
step = "renewal"

[[rulesets.procedures.editions]]
id = "renewal-1"
says = "20 hours."
earning = { begins = { of = "cycle-start" }, ends = { of = "due" }, cites = ["PAGE"] }
late_until = { of = "due", days = 30 }

[[rulesets.procedures.editions.requirements]]
kind = "hours"
id = "training"
says = "At least 20 hours of training."
need = 20
together = "exclusive"
cites = ["PAGE"]
parts = [
    { id = "ethics", says = "At least 3 hours of training on ethics.", called = "training on ethics", need = 3, counts = { topics = ["ethics"] }, cites = ["PAGE"] },
    { id = "live", says = "At least 5 hours of live training.", called = "live training", need = 5, counts = { deliveries = ["in-person"] }, cites = ["CODE"] },
]
caps = [
    { id = "alone", says = "S.", at_most = 4, counts = { by = "last-day", values = { before = { not_topics = [] }, on = { topics = ["ethics"] } } }, cites = ["PAGE"] },
]

[[rulesets.procedures.editions.requirements]]
kind = "sessions"
id = "meetings"
says = "At least 4 trainings on co-reflection."
called = "training on co-reflection"
need = 4
counts = { topics = ["co-reflection"] }
cites = ["PAGE"]

[[rulesets.procedures.editions.requirements]]
kind = "documents"
id = "fee"
says = "A $50 fee."
document_kind = "fee"
at_least = { amount = 50, unit = "us-dollar" }
adds_up = true
within = { begins = { of = "last-grant", included = false }, cites = ["PAGE"] }
cites = ["PAGE"]

[[rulesets.procedures.editions]]
id = "renewal-2"
says = "24 hours."
begins = { day = 2026-01-01, cites = ["PAGE"] }
earning = { begins = { of = "cycle-start" }, ends = { of = "due" }, cites = ["PAGE"] }
late_until = { of = "due", days = 30 }

[[rulesets.procedures.editions.requirements]]
kind = "hours"
id = "training"
says = "At least 24 hours of training."
need = 24
together = "exclusive"
cites = ["PAGE"]
parts = [
    { id = "ethics", says = "At least 3 hours of training on ethics.", called = "training on ethics", need = 3, counts = { topics = ["ethics"] }, cites = ["PAGE"] },
    { id = "live", says = "At least 5 hours of live training.", called = "live training", need = 5, counts = { deliveries = ["in-person"] }, cites = ["CODE"] },
]
caps = [
    { id = "alone", says = "S.", at_most = 4, counts = { by = "last-day", values = { before = { not_topics = [] }, on = { topics = ["ethics"] } } }, cites = ["PAGE"] },
]

[[rulesets.procedures.editions.requirements]]
kind = "documents"
id = "fee"
says = "A $60 fee."
document_kind = "fee"
at_least = { amount = 60, unit = "us-dollar" }
adds_up = true
within = { begins = { of = "last-grant", included = false }, cites = ["PAGE"] }
cites = ["CODE"]
"""
FILES = {
    entry.name: entry.read_text("utf-8")
    for entry in files("peer_ledger.rulesets").iterdir()
    if entry.name.endswith(".toml")
}


@pytest.mark.parametrize(
    ("notes", "together"),
    [
        ('["...", "Last."]', ("One.", "Two.", "Last.")),
        ('["First.", "..."]', ("First.", "One.", "Two.")),
        ('["First.", "...", "Last."]', ("First.", "One.", "Two.", "Last.")),
        ('["..."]', ("One.", "Two.")),
        ('["Last."]', ("Last.",)),
    ],
)
def test_three_dots_among_notes_are_those_of_the_rule_set_that_is_extended(notes, together):
    """They stand where the dots are; without dots, and only then, the notes of the other rule set are replaced."""
    base = SHORT.replace('name = "Peer Specialist"', 'name = "Peer Specialist"\nnotes = ["One.", "Two."]', 1)
    text = base.replace('name = "Other"', f'name = "Other"\nnotes = {notes}')
    assert [one.notes for one in read_rulesets(text)] == [("One.", "Two."), together]
    assert [digest_of(one) for one in read_rulesets(text)] == [digest_of(one) for one in read_rulesets(base)]


def test_three_dots_among_the_notes_of_a_step_are_all_those_of_the_rule_set_that_is_extended():
    """Whatever step they bear on; without dots, they are replaced."""
    base = SHORT.replace(
        'name = "Peer Specialist"',
        'name = "Peer Specialist"\nstep_notes = { renewal = ["One."], expiring = ["Two."] }',
        1,
    )
    for own, together in (('["...", "Last."]', ["One.", "Two.", "Last."]), ('["Last."]', ["Last."])):
        text = base.replace('name = "Other"', f'name = "Other"\nstep_notes.renewal = {own}')
        _, other = read_rulesets(text)
        assert [note.says for note in other.step_notes] == together
    with pytest.raises(InvalidData, match="is for the notes of a rule set that is extended"):
        read_rulesets(base.replace('["One."]', '["..."]'))


def test_three_dots_stand_for_nothing_where_nothing_is_extended():
    text = SHORT.replace('name = "Peer Specialist"', 'name = "Peer Specialist"\nnotes = ["...", "Last."]', 1)
    with pytest.raises(InvalidData, match="is for the notes of a rule set that is extended"):
        read_rulesets(text)


def test_a_short_file_says_the_same_as_a_long_one():
    """Names, sentences, citations and all; so both have one digest."""
    [short, _], [long] = read_rulesets(SHORT), read_rulesets(LONG)
    # A limit that the edition before had is kept: "any" is said where an edition limits documents by itself.
    assert short.procedures[0] == long.procedures[0]
    assert short.procedures[1].editions[0] == long.procedures[1].editions[0]
    assert (short.questions, short.sources, short.cycle) == (long.questions, long.sources, long.cycle)
    first, second = short.procedures[1].editions[1].requirements
    assert (first, second.within) == (long.procedures[1].editions[1].requirements[0], None)
    again = LONG[: LONG.rindex("within = ")] + 'cites = ["CODE"]\n'
    assert (short, digest_of(short)) == (read_rulesets(again)[0], digest_of(read_rulesets(again)[0]))


def test_an_edition_like_another_has_its_own_day_and_its_own_citations():
    """Neither the day nor the sentence of the other is its own; what it changes is cited by it, what it keeps is not."""
    more = """
[xx-nn-cps.renewal.renewal-3]
like = "renewal-2"
cites = ["CODE"]
begins = { day = 2027-01-01, cites = ["PAGE"] }
training.need = 30
training.parts.live.need = 6

[xx-nn-cps.reinstatement.reinstatement-1]
like = "renewal-3"
"""
    place = SHORT.index("[xx-nn-other]")
    base, _ = read_rulesets(SHORT[:place] + more.lstrip() + "\n" + SHORT[place:])
    third, [again] = base.procedure("renewal").editions[2], base.procedure("reinstatement").editions
    training, fee = third.requirements
    assert ("At least 30 hours of training.", ("CODE",)) == (third.says, training.cites)
    assert [("PAGE",), ("CODE",)] == [part.cites for part in training.parts]
    assert (("CODE",), ("PAGE",)) == (fee.cites, training.caps[0].cites)
    assert (None, third.requirements) == (again.begins, again.requirements)


REFINING = """
[xx-nn-third]
extends = "xx-nn-cps"
name = "Third"
drop = ["initial"]

[xx-nn-third.renewal.renewal-1]
says = "30 hours."
cites = ["CODE"]
training.need = 30
training.parts.ethics.need = 5
fee = { at_least = "$90", within = "after the award" }
badge = { document_kind = "residence" }

[xx-nn-third.renewal.renewal-2]
like = "renewal-1"
fee = "$95"
"""


def test_a_refined_edition_like_another_changes_what_is_changed_in_that_one():
    """What the rule set that is extended says itself of the later edition stays, apart from what is changed in both."""
    base, _, third = read_rulesets(SHORT + REFINING)
    first, second = third.procedure("renewal").editions
    training, fee, badge = second.requirements
    assert second.begins == base.procedure("renewal").editions[1].begins  # the day of the one that is extended
    assert ("24 hours.", Decimal(30), Decimal(5)) == (second.says, training.need, training.parts[0].need)
    assert (Decimal(95), "award") == (fee.at_least.amount, fee.within.begins.of)
    assert (first.requirements[-1], ("CODE",), ("CODE",)) == (badge, training.cites, fee.cites)
    assert ["training", "fee", "badge"] == [one.id for one in second.requirements]  # `meetings` stays out


def test_a_refined_edition_that_is_like_no_other_changes_nothing_more():
    """Without `like` the later edition is the one of the rule set that is extended."""
    base, _, third = read_rulesets(SHORT + REFINING.replace('like = "renewal-1"\n', ""))
    training, fee = third.procedure("renewal").editions[1].requirements
    assert training == base.procedure("renewal").editions[1].requirements[0]
    assert Decimal(95) == fee.at_least.amount


LEFT_OUT = {
    "by name": 'renewal.drop = ["renewal-1"]\nrenewal.renewal-2 = { like = "renewal-1", fee = "$95" }',
    "in a list": """\
[[xx-nn-third.renewal.editions]]
id = "renewal-1"
drop = true

[[xx-nn-third.renewal.editions]]
id = "renewal-2"
like = "renewal-1"
requirements = [{ id = "fee", at_least = { amount = "95", unit = "us-dollar" } }]""",
}


@pytest.mark.parametrize("form", LEFT_OUT)
def test_a_refined_edition_is_not_like_one_that_is_left_out(form):
    """That is a problem of the file; the later edition is not left out in silence."""
    text = f'{SHORT}\n[xx-nn-third]\nextends = "xx-nn-cps"\nname = "Third"\n{LEFT_OUT[form]}\n'
    with pytest.raises(InvalidData, match="there is no edition 'renewal-1' before this one"):
        read_rulesets(text)


SENTENCES = {
    "recovery": ('"24 months"', "At least 2 years of recovery."),
    "references": ('{ need = 2, at_least = "12 months" }', "Two references from people who have known the applicant for 1 year."),
    "letters": ("1", "A letter of recommendation."),
    "fee": ('"$80"', "An $80 fee."),
    "late-fee": ('"$75"', "A $75 fee, late charge included."),
    "background-check": ("true", "A background check."),
    "webinars": ('{ need = 6, deliveries = ["self-paced"], called = "webinars" }', "At least 6 hours on webinars."),
    "ethics": ('{ need = "1.5", not_topics = ["law"] }', "At least 1.5 hours of training not on law and regulation."),
    "course": ('{ need = { by = "last-day", before = 40, on = 46 }, called = "the course" }', "The course, at least 40 or 46 hours."),
    "law": ('{ need = 1, topics = ["law", "ethics"] }', "At least 1 hour of training on law and regulation or ethics."),
}  # fmt: skip


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_is_made_of_the_figures(name):
    """Where the author wrote none."""
    value, expected = SENTENCES[name]
    text = f"{SHORT[: SHORT.index('[xx-nn-other]')]}[xx-nn-cps.reinstatement.one]\n{name} = {value}\n"
    [rules] = read_rulesets(text)
    [edition] = rules.procedure("reinstatement").editions
    assert (expected, expected) == (edition.requirements[0].says, edition.says)


def test_what_is_extended_is_changed_where_it_is_named():
    """A step is dropped, a part has another figure and a sentence that says so; the rest is as it was."""
    base, other = read_rulesets(SHORT)
    assert [one.step for one in other.procedures] == ["renewal"]
    [training, _] = other.procedure("renewal").editions[1].requirements
    [before, _] = base.procedure("renewal").editions[1].requirements
    assert [(part.id, part.need) for part in training.parts] == [("ethics", 6), ("live", 5)]
    assert training.parts[0].says == "At least 6 hours of training on ethics."
    assert training.parts[1] == before.parts[1]
    assert other.procedure("renewal").editions[0] == base.procedure("renewal").editions[0]


@pytest.mark.parametrize(
    ("written", "begins", "phase"),
    [('ends = "06-30"', "07-01", 0), ('ends = "12-31"', "01-01", 0), ('ends = "02-28"', "03-01", 0),
     ("ends = 2027-09-01, years = 2", "09-02", 1), ("ends = 2026-12-31, years = 2", "01-01", 1),
     ("ends = 2027-09-30, years = 4", "10-01", 3)],
)  # fmt: skip
def test_a_cycle_by_the_day_on_which_it_ends(written, begins, phase):
    """The next day begins the next one; a whole date says which years they are."""
    text = SHORT.replace(
        SHORT[SHORT.index("cycle = {") : SHORT.index("\n\n[xx-nn-cps.questions")], f"cycle = {{ {written} }}"
    )
    cycle = read_rulesets(text)[0].cycle
    assert (begins, phase) == (str(cycle.begins), cycle.phase)


FAULTS = {
    "a day in other words": ('"30 days after the due date"', '"a month late"', "xx-nn-cps, renewal, renewal-1: late_until", "must be a day such as"),
    "days in other words": ('"from the first day of the cycle to the due date"', '"the cycle"', "xx-nn-cps, renewal, renewal-1: earning", "must be days such as"),
    "an amount in words": ('"18 years"', '"eighteen"', "xx-nn-cps, initial, initial-1, age: at_least", "must be an amount with its unit"),
    "a number for a day": ('"30 days after the due date"', "30", "xx-nn-cps, renewal, renewal-1: late_until", "must be a day such as"),
    "the end of a cycle": ('ends = "day-before"', 'ends = "day-befor"', "xx-nn-cps: cycle.values.before.ends", "did you mean 'day-before'?"),
    "an edition that is not there": ('like = "renewal-1"', 'like = "renewal-9"', "xx-nn-cps, renewal, renewal-2: like", "there is no edition 'renewal-9' before this one"),
    "a mistyped key": ("late_until", "late_untl", "xx-nn-cps, renewal, renewal-1: late_untl", "did you mean 'late_until'?"),
    "a mistyped table": ('earning = "', 'earnings = "', "xx-nn-cps, renewal, renewal-1: earnings", "did you mean 'earning'?"),
    "a mistyped filter": ('topics = ["co-r', 'topcs = ["co-r', "xx-nn-cps, renewal, renewal-1, meetings: topcs", "did you mean 'topics'?"),
    "a maximum of a part": ("{ need = 5, del", "{ at_most = 5, del", "xx-nn-cps, renewal, renewal-1, training, live: at_most", "a maximum of hours is a cap"),
    "hours at least": ("training.need = 20", "training.at_least = 20", "xx-nn-cps, renewal, renewal-1, training: at_least", "hours are given as need"),
    "no sentence": ('counts = { by = "last-day", before = "any", on = { topics = ["ethics"] } }, says = "S."', 'providers = ["x"]', "xx-nn-cps, renewal, renewal-1, training, alone: says", "no sentence can be made"),
    "a part that the whole leaves out": ("training.need = 20", 'training.need = 20\ntraining.not_topics = ["ethics"]', "xx-nn-cps, renewal, renewal-1, training, ethics: counts", "takes only training that the whole leaves out"),
    "a part that cannot be of the whole": ("training.need = 20", 'training.need = 20\ntraining.deliveries = ["self-paced"]', "xx-nn-cps, renewal, renewal-1, training, live: counts", "in-person"),
    "a cycle for life": ("before = { months = 24", "before = { months = 1200", "xx-nn-cps: cycle.values.before", "100 years is longer than people work"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_once_with_its_place(name):
    """By ids, with the line that has it, in words of the file and of no class."""
    old, new, where, says = FAULTS[name]
    assert old in SHORT
    text = SHORT.replace(old, new, 1)
    found, remarks = checked_file(text)
    remarks = [
        one for one in remarks if "xx-nn-other" not in one.where and "renewal-2" not in one.where.replace(where, "")
    ]
    assert [where] == [one.where for one in remarks]
    assert says in remarks[0].says
    assert () == found
    changed = [number for number, line in enumerate(text.splitlines(), 1) if line not in SHORT.splitlines()]
    assert remarks[0].line in changed or name.startswith("a part that")
    assert not any(f"{cls.__name__}(" in remarks[0].says for cls in rule_classes())


@pytest.mark.parametrize("name", FILES)
def test_bundled_files_are_laid_out(name):
    """As `rules format` lays them out, with no line that is longer than it must be."""
    assert FILES[name] == laid_out(FILES[name])
    assert [] == [line for line in FILES[name].splitlines() if len(line) > WIDTH and "http" not in line]


WILD = """\
format=1 # one
[ xx-nn-cps . renewal . "renewal-1" ]   # the edition
says="S."
# about the training
training={need=20,topics=["ethics"], says = "%s"} # after it
notes = [ # in a list
  "a", # of the first
  # before the second
  "b"
]
[xx-nn-cps]
name = 'N'
# the end
""" % ("long " * 40 + "indeed")


def test_laying_out_keeps_the_values_and_every_comment():
    """In a file that is written in no order, and a second time nothing changes."""
    made = laid_out(WILD)
    assert tomllib.loads(WILD) == tomllib.loads(made)
    said = [
        "one",
        "the edition",
        "about the training",
        "after it",
        "in a list",
        "of the first",
        "before the second",
        "the end",
    ]
    for words in said:
        assert f"# {words}\n" in made
    lines = made.splitlines()
    assert lines.index("# about the training") < next(place for place, line in enumerate(lines) if "training." in line)
    assert made == laid_out(made)
    assert max(map(len, made.splitlines())) <= WIDTH


VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.dates() | st.text(st.sampled_from('ab "\\#\n\'{}[]=.é\t'), max_size=200),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b-c", "d e", "xx-nn-cps", "renewal"]), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@effort(100)
@given(
    data=st.dictionaries(
        st.sampled_from(["format", "sources", "xx-nn-cps", "q r", "groups", "cases"]), VALUES, max_size=4
    )
)
def test_any_values_are_laid_out(data):
    """Whatever they are, they are read back, and laying them out again changes nothing."""
    text = written(data, {})
    assert tomllib.loads(text) == data
    assert laid_out(text) == text


CASES = """\
# Whose cases they are.
[groups]
# Two letters.
letters=[{type="document",id="l",person="p",kind="reference-letter",on=2026-02-01,by="somebody-who-knows-them",value={quantity={amount="36",unit="month"}}}]
[[cases]]
id="a"
says="%s"
readings={last-day="before"}
records=[
  {type="training-event",id="e",person="p",completed=2025-02-03,approvals=[{by="xx"}],credits=[{amount="3",topics=["ethics"]}]}, # live
  {type="coverage",id="k",covers="document"},
]
[cases.expect]
# What is missing.
findings=[{requirement="training",counted="3",short="17"},{requirement="ethics",result="met"},{requirement="letters",result="short"}]
""" % ("long " * 40 + "indeed")

LAID_OUT_CASES = """\
# Whose cases they are.

[groups]

# Two letters.
[[groups.letters]]
type = "document"
id = "l"
person = "p"
kind = "reference-letter"
on = 2026-02-01
by = "somebody-who-knows-them"
value = { quantity = { amount = "36", unit = "month" } }

[[cases]]
id = "a"
says = \"""\\
    long long long long long long long long long long long long long long long long long long long long long long \\
    long long long long long long long long long long long long long long long long long long indeed\"""
readings = { last-day = "before" }
records = [
    # live
    { type = "training-event", id = "e", person = "p", completed = 2025-02-03, approvals = [{ by = "xx" }], credits = [
        { amount = "3", topics = ["ethics"] },
    ] },
    { type = "coverage", id = "k", covers = "document" },
]
[cases.expect]
# What is missing.
findings = [
    { requirement = "training", counted = "3", short = "17" },
    { requirement = "ethics", result = "met" },
    { requirement = "letters", result = "short" },
]
"""


def test_a_file_of_cases_is_laid_out():
    """A record that is too long is broken at its list, and a list of records that cannot be is several tables."""
    made = laid_out(CASES)
    assert made == LAID_OUT_CASES
    assert laid_out(made) == made
    assert tomllib.loads(made) == tomllib.loads(CASES)


@effort(100)
@given(data=st.data())
def test_no_damage_of_a_file_is_an_error_of_the_program(data):
    """A value in a place that is for another one is told, and so is a piece that is gone."""
    lines = SHORT.splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    key, equals, value = lines[place].partition(" = ")
    new = data.draw(
        st.sampled_from(
            [
                "1",
                "true",
                '"x"',
                "[]",
                "{}",
                "[{}]",
                "1.5",
                "2026-01-01",
                '{ a = [{ by = "x" }] }',
                "{ by = 1 }",
                "{ drop = 1 }",
                "[[1]]",
            ]
        )
    )
    lines[place] = f"{key} = {new}" if equals and value else ""
    text = "\n".join(lines)
    try:
        read_rulesets(text)
    except InvalidData as error:
        assert error.problems
    checked_file(text)


def test_places_are_found_however_a_file_is_written():
    """In headings, lists of tables, dotted and quoted keys, and texts that look like something else."""
    text = '[[a]]\nid = "x"\n[[a.b]]\nc."d e" = """\n# no comment\n[no.heading]\n"""\n[[a]]\nb = [1, { f = \'#\' }] # yes\n'
    found = {place.path: (place.line, place.comments) for place in places_in(text)}
    assert {
        ("a", 0): (1, ()), ("a", 0, "id"): (2, ()), ("a", 0, "b", 0): (3, ()), ("a", 0, "b", 0, "c", "d e"): (4, ()),
        ("a", 1): (8, ()), ("a", 1, "b"): (9, ()), ("a", 1, "b", 0): (9, ()), ("a", 1, "b", 1): (9, ()),
        ("a", 1, "b", 1, "f"): (9, ("# yes",)),
    } == found  # fmt: skip


def test_every_key_that_only_a_file_has_is_explained():
    """Those of an edition and of a file, under tables that there are; each key of a class has a meaning."""
    tables = {"File", *(cls.__name__ for cls in rule_classes()), "Quantity"}
    assert set(EXTRA_KEYS) <= tables
    assert set(SHORT_FORMS) <= tables
    explained = {(row["table"], key) for row in keys_table().to_rows() for key in row["key"].split(", ")}
    assert {("Edition", key) for key in EDITION_KEYS} <= explained
    assert all(row["meaning"] for row in keys_table().to_rows())
    with pytest.raises(PeerLedgerError, match="did you mean 'edition'"):
        keys_table("editon")
