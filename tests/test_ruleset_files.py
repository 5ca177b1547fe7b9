"""A file of rule sets is read strictly: all that is wrong is said at once, with its path, and nothing else ever comes out."""

import copy
import json
import os
import subprocess
import sys
import tracemalloc
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort, sized
from peer_ledger.errors import InvalidData
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets import read_rulesets, ruleset_from_dict, ruleset_to_dict
from peer_ledger.rulesets._files import LARGEST, digest_of
from peer_ledger.values._toml import DEEPEST

BASE = """\
format = 1

[[sources]]
id = "PAGE"
title = "The board's page"
address = "https://board.example"
kind = "board"
seen = 2026-01-02

[[sources]]
id = "CODE"
title = "The code"
address = "https://code.example"
kind = "code"
seen = 2026-01-03

[[rulesets]]
id = "xx-board"
name = "Peer specialist"
body = "The board"
jurisdiction = "xx"
time_zone = "America/Chicago"
version = "2026.1"
seen_on = 2026-01-04
cycle = { kind = "anniversary", months = 24 }
cycle_cites = ["PAGE"]

[[rulesets.questions]]
id = "inside"
asks = "Inside, or on top?"
assumed = "inside"
readings = [{ id = "inside", says = "Inside.", cites = ["PAGE"] }, { id = "on-top", says = "On top." }]

[[rulesets.questions]]
id = "surplus"
asks = "Does the surplus count?"
assumed = "yes"
under = { question = "inside", reading = "inside" }
readings = [{ id = "yes", says = "Yes." }, { id = "no", says = "No." }]

[[rulesets.procedures]]
step = "initial"

[[rulesets.procedures.editions]]
id = "initial-1"
says = "The first."
requirements = [
    { kind = "documents", id = "letters", says = "Two letters.", document_kind = "reference-letter", need = 2, cites = ["CODE"] },
    { kind = "sessions", id = "workshop", says = "One workshop.", cites = ["PAGE"] },
]

[[rulesets.procedures]]
step = "renewal"

[[rulesets.procedures.editions]]
id = "renewal-1"
says = "The first."

[[rulesets.procedures.editions]]
id = "renewal-2"
says = "The second."
begins = { day = 2018-07-02, by_method = [{ method = "mail", day = 2018-06-30 }], cites = ["PAGE"] }

[[rulesets.procedures.editions]]
id = "renewal-3"
says = "The third."
begins = { day = 2020-07-01, cites = ["PAGE"] }
earning = { begins = { of = "last-grant" }, cites = ["CODE"] }

[[rulesets.procedures.editions.requirements]]
kind = "hours"
id = "training"
says = "20 hours."
need = { by = "inside", values = { inside = 20, on-top = 23 } }
together = "exclusive"
only_if = { question = "surplus", reading = "yes" }
cites = ["PAGE"]
parts = [
    { id = "ethics", says = "3 of ethics.", need = 3, counts = { topics = ["ethics"] }, cites = ["PAGE"] },
    { id = "live", says = "5 live.", need = 5, counts = { deliveries = ["in-person"] }, cites = ["PAGE"] },
]
caps = [{ id = "most", says = "At most 10.", at_most = 10, counts = { topics = ["ethics"] }, cites = ["PAGE"] }]
"""
RULES = "rulesets[0]"
FIRST = "rulesets[0].procedures[0].editions[0].requirements"
THIRD = "rulesets[0].procedures[1].editions[2]"
HOURS = f"{THIRD}.requirements[0]"
NC = files("peer_ledger.rulesets").joinpath("us-nc.toml").read_text("utf-8")


def planted(*faults):
    """Put faults into the good file; each stands for a text that is there exactly once."""
    text = BASE
    for old, new in faults:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def problems_in(text):
    """Return the problems of a text that must be refused."""
    with pytest.raises(InvalidData) as caught:
        read_rulesets(text)
    assert caught.value.what == "rule file"
    return caught.value.problems


def paths_in(text):
    return sorted(problem.path for problem in problems_in(text))


def test_good_file_is_read():
    """The file that the faults are planted into is good, and its sources are those of its rule set."""
    (one,) = read_rulesets(BASE)
    assert (one.id, [source.id for source in one.sources]) == ("xx-board", ["PAGE", "CODE"])
    assert problems_of(one) == ()


SHAPES = {
    "unknown key": (("need = 3,", "need = 3, neeed = 4,"), f"{HOURS}.parts[0].neeed", "unknown key (did you mean 'need'?)"),
    "unknown key of the rule set": (('name = "Peer', 'naame = "x"\nname = "Peer'), f"{RULES}.naame", "did you mean 'name'?"),
    "unknown kind": (
        ('kind = "sessions"', 'kind = "session"'),
        f"{FIRST}[1].kind",
        "must be one of hours, documents, sessions, custom, any-of, not 'session' (did you mean 'sessions'?)",
    ),
    "no kind": (('kind = "sessions", ', ""), f"{FIRST}[1].need", "is missing"),
    "unknown kind of cycle": (('kind = "anniversary"', 'kind = "anual"'), f"{RULES}.cycle.kind", "anniversary, fixed-date, birthday"),
    "unknown word": (
        ('together = "exclusive"', 'together = "exclusiv"'),
        f"{HOURS}.together",
        "must be one of exclusive, shared, not 'exclusiv' (did you mean 'exclusive'?)",
    ),
    "requirement without citation": ((', says = "One workshop.", cites = ["PAGE"]', ', says = "One workshop."'), f"{FIRST}[1].cites", "is missing"),
    "requirement with no citation": ((', says = "One workshop.", cites = ["PAGE"]', ', says = "One workshop.", cites = []'), f"{FIRST}[1].cites", "must be the ids of one or more sources"),
    "edition's day without citation": (('begins = { day = 2020-07-01, cites = ["PAGE"] }', "begins = { day = 2020-07-01 }"), f"{THIRD}.begins.cites", "is missing"),
    "interval without citation": (('{ of = "last-grant" }, cites = ["CODE"] }', '{ of = "last-grant" } }'), f"{THIRD}.earning.cites", "is missing"),
    "cycle without citation": (('cycle_cites = ["PAGE"]', ""), f"{RULES}.cycle_cites", "is missing"),
    "unit without citation": (('version = "2026.1"', 'version = "2026.1"\nunits = [{ unit = "ceu", hours = "10" }]'), f"{RULES}.units[0].cites", ""),
    "figure as float": (("need = 3,", "need = 3.5,"), f"{HOURS}.parts[0].need", 'is a binary float where exactness counts; write "3.5"'),
    "figure as float under a reading": (("on-top = 23", "on-top = 2.3e1"), f"{HOURS}.need.values.on-top", 'write "2.3e1"'),
    "count as float": (("need = 2,", "need = 2.0,"), f"{FIRST}[0].need", "must be a whole number, not '2.0'"),
    "figure that is no number": (("need = 3,", "need = nan,"), f"{HOURS}.parts[0].need", ""),
    "figure of nothing": (("need = 3,", "need = 0,"), f"{HOURS}.parts[0].need", "must be more than 0, not 0"),
    "negative figure": (("need = 3,", "need = -3,"), f"{HOURS}.parts[0].need", "from 0 to 9999999"),
    "figure as flag": (("need = 3,", "need = true,"), f"{HOURS}.parts[0].need", "must be a whole number or a text"),
    "count as flag": (("need = 2,", "need = true,"), f"{FIRST}[0].need", "must be a whole number, not true"),
    "figure of 40 digits": (("need = 3,", f"need = {'9' * 40},"), f"{HOURS}.parts[0].need", "a whole number of more than 20 digits"),
    "impossible day as text": (("begins = { day = 2020-07-01", 'begins = { day = "2021-02-29"'), f"{THIRD}.begins.day", "there is no day '2021-02-29' in the calendar"),
    "moment for a day": (("begins = { day = 2020-07-01", "begins = { day = 2020-07-01T00:00:00"), f"{THIRD}.begins.day", "must be a day, such as 2020-07-01, not a datetime"),
    "moment in a zone for a day": (("seen_on = 2026-01-04", "seen_on = 2026-01-04T00:00:00Z"), f"{RULES}.seen_on", "must be a day"),
    "time for a day": (("seen_on = 2026-01-04", "seen_on = 07:30:00"), f"{RULES}.seen_on", "must be a day"),
    "number for a day": (("seen_on = 2026-01-04", "seen_on = 20260104"), f"{RULES}.seen_on", "must be a day"),
    "float for a day": (("seen_on = 2026-01-04", "seen_on = 2026.01"), f"{RULES}.seen_on", "must be a day"),
    "day beyond the calendar": (("seen_on = 2026-01-04", "seen_on = 2200-01-01"), f"{RULES}.seen_on", "1900 to 2199"),
    "float for a text": (('version = "2026.1"', "version = 2026.1"), f"{RULES}.version", "must be a text"),
    "text for a list": (('cycle_cites = ["PAGE"]', 'cycle_cites = "PAGE"'), f"{RULES}.cycle_cites", "must be a list"),
    "table for a list": (('topics = ["ethics"] }, cites = ["PAGE"] },\n', 'topics = { a = 1 } }, cites = ["PAGE"] },\n'), f"{HOURS}.parts[0].counts.topics", "must be a list"),
    "text for a table": (('under = { question = "inside", reading = "inside" }', 'under = "inside"'), f"{RULES}.questions[1].under", "must be a table"),
    "topic twice": (('topics = ["ethics"] }, cites = ["PAGE"] },\n', 'topics = ["ethics", "ethics"] }, cites = ["PAGE"] },\n'), f"{HOURS}.parts[0].counts.topics", "must be a list without repeated values"),
    "assumed reading that is none": (('assumed = "yes"', 'assumed = "yess"'), f"{RULES}.questions[1].assumed", "must be one of yes, no (did you mean 'yes'?)"),
    "value by question written otherwise": (("values = { inside = 20, on-top = 23 }", "valuez = { inside = 20, on-top = 23 }"), f"{HOURS}.need", "{ by = ID, values = { READING = ... } }"),
    "value by question with more": (("values = { inside = 20, on-top = 23 }", "values = { inside = 20, on-top = 23 }, else = 1"), f"{HOURS}.need", "{ by = ID, values ="),
    "question that is no word": (('{ by = "inside"', '{ by = "Jane Doe"'), f"{HOURS}.need.by", ""),
    "day and range": (("begins = { day = 2020-07-01,", "begins = { day = 2020-07-01, not_before = 2020-01-01,"), f"{THIRD}.begins.day", "give either day, or not_before"),
    "neither day nor range": (("begins = { day = 2020-07-01,", "begins = {"), f"{THIRD}.begins.day", "give either day, or not_before"),
    "range turned round": (("begins = { day = 2020-07-01,", "begins = { not_before = 2020-07-01, not_after = 2020-06-30,"), f"{THIRD}.begins.not_after", "is before not_before, 2020-07-01"),
    "condition of nothing": (('only_if = { question = "surplus", reading = "yes" }', "only_if = {}"), f"{HOURS}.only_if.holds", ""),
    "condition without reading": (('only_if = { question = "surplus", reading = "yes" }', 'only_if = { question = "surplus" }'), f"{HOURS}.only_if.reading", "give question and reading together"),
    "missing id": (('id = "renewal-3"\n', ""), f"{THIRD}.id", "is missing"),
    "cycle of no months": (("months = 24", "months = 0"), f"{RULES}.cycle.months", "must be a whole number from 1"),
    "fixed day that is none": (('{ kind = "anniversary", months = 24 }', '{ kind = "fixed-date", begins = "02-30" }'), f"{RULES}.cycle.begins", "no year has a day 02-30"),
    "cycle from February 29": (('{ kind = "anniversary", months = 24 }', '{ kind = "fixed-date", begins = "02-29" }'), f"{RULES}.cycle", "February 29"),
}  # fmt: skip

WHOLES = {
    "citation of a missing source": (('says = "One workshop.", cites = ["PAGE"]', 'says = "One workshop.", cites = ["PAEG"]'), f"{FIRST}[1].cites", "'PAEG' is not one of the sources (did you mean 'PAGE'?)"),
    "citation of a missing source by the cycle": (('cycle_cites = ["PAGE"]', 'cycle_cites = ["X"]'), f"{RULES}.cycle_cites", "'X' is not one of the sources"),
    "citation of a missing source by a reading": (('says = "Inside.", cites = ["PAGE"]', 'says = "Inside.", cites = ["X"]'), f"{RULES}.questions[0].readings[0].cites", "not one of the sources"),
    "editions on one day": (("begins = { day = 2020-07-01", "begins = { day = 2018-07-02"), f"{THIRD}.begins", "2018-07-02 must be after 2018-07-02, the day on which the previous edition begins"),
    "editions out of order": (("begins = { day = 2020-07-01", "begins = { day = 2017-07-01"), f"{THIRD}.begins", "2017-07-01 must be after 2018-07-02, the day on which the previous edition begins"),
    "range out of order": (("begins = { day = 2020-07-01", "begins = { not_before = 2018-07-01"), f"{THIRD}.begins", "2018-07-01 must be after 2018-07-02, the day on which the previous edition begins"),
    "editions out of order for a method": (("begins = { day = 2020-07-01,", 'begins = { day = 2020-07-01, by_method = [{ method = "mail", day = 2018-06-30 }],'), f"{THIRD}.begins", "2018-06-30 must be after 2018-06-30, the day on which the previous edition begins"),
    "method twice": (('[{ method = "mail", day = 2018-06-30 }]', '[{ method = "mail", day = 2018-06-30 }, { method = "mail", day = 2018-06-29 }]'), "rulesets[0].procedures[1].editions[1].begins", "mail"),
    "edition without beginning": (('begins = { day = 2020-07-01, cites = ["PAGE"] }', ""), f"{THIRD}.begins", "is left out of the first edition and required for all others"),
    "first edition with a beginning": (('id = "renewal-1"', 'id = "renewal-1"\nbegins = { day = 2017-01-01, cites = ["PAGE"] }'), "rulesets[0].procedures[1].editions[0].begins", "is left out of the first edition"),
    "minimum above its total": (("need = 5,", "need = 24,"), [f"{HOURS}.parts[1].need", f"{HOURS}.parts"], "24 is more than the 23 of the whole"),
    "exclusive minima above their total": (("need = 5,", 'need = "20.01",'), f"{HOURS}.parts", "need 23.01 together, more than the 23 of the whole"),
    "cap below its minimum": (("at_most = 10", 'at_most = "2.99"'), f"{HOURS}.caps[0].at_most", "allows fewer hours than 'ethics' needs of the same training"),
    "group that does not say": (('together = "exclusive"', ""), f"{HOURS}.together", "must be 'exclusive' or 'shared' with several parts; there is no default"),
    "source twice": (('id = "CODE"', 'id = "PAGE"'), ["sources", f"{FIRST}[0].cites", f"{THIRD}.earning.cites"], "'PAGE' is listed 2 times; list it once"),
    "question twice": (('[[rulesets.procedures]]\nstep = "initial"', '[[rulesets.questions]]\nid = "surplus"\nasks = "?"\nassumed = "yes"\nreadings = [{ id = "yes", says = "Y." }, { id = "no", says = "N." }]\n\n[[rulesets.procedures]]\nstep = "initial"'), f"{RULES}.questions", "'surplus' is listed 2 times; list it once"),
    "requirement twice": (('id = "workshop"', 'id = "letters"'), FIRST, "'letters' is listed 2 times; list it once"),
    "part twice": (('id = "live"', 'id = "ethics"'), f"{THIRD}.requirements", "'ethics' is listed 2 times; list it once"),
    "part and requirement": (('id = "live"', 'id = "training"'), f"{THIRD}.requirements", "'training' is listed 2 times; list it once"),
    "cap and part": (('id = "most"', 'id = "live"'), f"{THIRD}.requirements", "'live' is listed 2 times; list it once"),
    "edition twice": (('id = "renewal-3"', 'id = "renewal-1"'), "rulesets[0].procedures[1].editions", "'renewal-1' is listed 2 times; list it once"),
    "procedure twice": (('step = "initial"', 'step = "renewal"'), f"{RULES}.procedures", "'renewal' is listed 2 times; list it once"),
    "question under itself": (('under = { question = "inside", reading = "inside" }', 'under = { question = "surplus", reading = "yes" }'), f"{RULES}.questions[1].under", "the question depends on itself"),
    "questions in a circle": (('assumed = "inside"', 'assumed = "inside"\nunder = { question = "surplus", reading = "yes" }'), [f"{RULES}.questions[0].under", f"{RULES}.questions[1].under"], "the question depends on itself"),
    "question under none": (('under = { question = "inside"', 'under = { question = "insid"'), f"{RULES}.questions[1].under", "'insid' is not one of the questions (did you mean 'inside'?)"),
    "question under no reading": (('under = { question = "inside", reading = "inside" }', 'under = { question = "inside", reading = "insde" }'), f"{RULES}.questions[1].under", "'insde' is not a reading of 'inside'"),
    "value without a reading": (("{ inside = 20, on-top = 23 }", "{ inside = 20 }"), f"{HOURS}.need.values", "has no value for the reading 'on-top' of 'inside'"),
    "value of no reading": (("{ inside = 20, on-top = 23 }", "{ inside = 20, on-top = 23, on-tob = 1 }"), f"{HOURS}.need.values", "'on-tob' is not a reading of 'inside' (did you mean 'on-top'?)"),
    "value of no readings": (("{ inside = 20, on-top = 23 }", "{}"), [f"{HOURS}.need.values", f"{HOURS}.need.values"], "has no value for the reading 'inside' of 'inside'"),
    "value of no question": (('{ by = "inside"', '{ by = "insid"'), f"{HOURS}.need.by", "'insid' is not one of the questions (did you mean 'inside'?)"),
    "condition on no question": (('only_if = { question = "surplus"', 'only_if = { question = "surplu"'), f"{HOURS}.only_if", "'surplu' is not one of the questions (did you mean 'surplus'?)"),
    "condition on no reading": (('only_if = { question = "surplus", reading = "yes" }', 'only_if = { question = "surplus", reading = "maybe" }'), f"{HOURS}.only_if", "'maybe' is not a reading of 'surplus'"),
}  # fmt: skip


SURPLUS_NO = (
    'only_if = { question = "surplus", reading = "yes" }',
    'only_if = { question = "surplus", reading = "no" }',
)
NONSENSE = {
    "requirement that ends before it begins": (('need = 2, cites', "need = 2, first_day = 2020-02-01, last_day = 2020-01-31, cites"), f"{FIRST}[0].last_day", "is before first_day, 2020-02-01"),
    "trainings that end before they begin": (('says = "One workshop.",', 'says = "One workshop.", first_day = 2020-02-01, last_day = 2020-01-31,'), f"{FIRST}[1].last_day", "is before first_day"),
    "hours that end before they begin": (('id = "training"', 'id = "training"\nfirst_day = 2021-02-01\nlast_day = 2021-01-31'), f"{HOURS}.last_day", "is before first_day"),
    "question that ends before it begins": (('assumed = "yes"', 'assumed = "yes"\nfirst_day = 2020-02-01\nlast_day = 2020-01-31'), f"{RULES}.questions[1].last_day", "is before first_day"),
    "requirement that ends before its edition begins": (('id = "training"', 'id = "training"\nlast_day = 2020-06-30'), f"{HOURS}.last_day", "is before 2020-07-01, the first day that this edition may govern"),
    "requirement that begins after its edition": (('id = "renewal-1"', 'id = "renewal-1"\nrequirements = [{ kind = "sessions", id = "w", says = "W.", first_day = 2018-07-02, cites = ["PAGE"] }]'), "rulesets[0].procedures[1].editions[0].requirements[0].first_day", "is after 2018-07-01, the last day that this edition may govern"),
    "question under one that records answer": (('only_if = { question = "surplus", reading = "yes" }', 'only_if = { holds = "supervisor", if_unrecorded = { question = "inside", reading = "inside" } }'), [f"{RULES}.questions[1].under", f"{HOURS}.need.by"], "is asked where the records are silent"),
    "earning that ends at the award and begins when it is due": (('{ of = "last-grant" }, cites', '{ of = "due" }, ends = { of = "last-grant" }, cites'), f"{THIRD}.earning.ends", "no day counts"),
    "part of what the whole does not count": (('together = "exclusive"', 'together = "exclusive"\ncounts = { deliveries = ["live-online"] }'), f"{HOURS}.parts[1].counts", "takes only training that the whole leaves out"),
    "part of what the whole leaves out": (('together = "exclusive"', 'together = "exclusive"\ncounts = { not_deliveries = ["in-person", "self-paced"] }'), f"{HOURS}.parts[1].counts", "takes only training that the whole leaves out"),
    "due dates turned round": (('earning = { begins = { of = "last-grant" }', 'earning = { begins = { of = "last-grant", due_from = 2020-02-01, due_until = 2020-01-31 }'), f"{THIRD}.earning.begins.due_until", "is before due_from, 2020-02-01"),
    "interval of nothing": (('{ begins = { of = "last-grant" }, cites', "{ cites"), f"{THIRD}.earning.begins", "give begins, ends, or both"),
    "interval that ends before it begins": (('{ begins = { of = "last-grant" }, cites', '{ begins = { of = "due", days = 1 }, ends = { of = "due" }, cites'), f"{THIRD}.earning.ends", "is before begins"),
    "interval of no day": (('{ begins = { of = "last-grant" }, cites', '{ begins = { of = "due", included = false }, ends = { of = "due" }, cites'), f"{THIRD}.earning.ends", "is the same day and not included"),
    "interval of no day, its end left out": (('{ begins = { of = "last-grant" }, cites', '{ begins = { of = "due" }, ends = { of = "due", included = false }, cites'), f"{THIRD}.earning.ends", "is the same day and not included"),
    "interval of the calendar turned round": (('{ begins = { of = "last-grant" }, cites', '{ begins = { of = "calendar", day = 2020-02-01 }, ends = { of = "calendar", day = 2020-01-31 }, cites'), f"{THIRD}.earning.ends", "is before begins"),
    "cap on anything": (('at_most = 10, counts = { topics = ["ethics"] }', "at_most = 10, counts = {}"), f"{HOURS}.caps[0].counts.topics", "is missing, as is every other field"),
    "part of anything": (('need = 5, counts = { deliveries = ["in-person"] }', "need = 5, counts = {}"), f"{HOURS}.parts[1].counts.topics", "is missing, as is every other field"),
    "training of no topic": (('need = 5, counts = { deliveries = ["in-person"] }', "need = 5, counts = { deliveries = [] }"), f"{HOURS}.parts[1].counts.deliveries", "is empty; leave it out to allow any"),
    "training of topics that do not count": (('need = 3, counts = { topics = ["ethics"] }', 'need = 3, counts = { topics = ["ethics"], not_topics = ["ethics", "law"] }'), f"{HOURS}.parts[0].counts.not_topics", "excludes all of the topics"),
    "in time after it is too late": (('id = "renewal-1"', 'id = "renewal-1"\ntimely_until = { of = "due", days = 31 }\nlate_until = { of = "due", days = 30 }'), "rulesets[0].procedures[1].editions[0].timely_until", "is after late_until"),
    "in force after it lapsed": (('id = "renewal-1"', 'id = "renewal-1"\nin_force_until = { of = "due", months = 2 }\nlate_until = { of = "after-due", month_end = true }'), "rulesets[0].procedures[1].editions[0].in_force_until", "is after late_until"),
    "negative notice": (("seen_on = 2026-01-04", "seen_on = 2026-01-04\nnotice_days = -1"), f"{RULES}.notice_days", "must be a whole number from 0 to 1200"),
    "worth of an hour": (('version = "2026.1"', 'version = "2026.1"\nunits = [{ unit = "hour", hours = "2", cites = ["PAGE"] }]'), f"{RULES}.units[0].unit", "hours and minutes have a fixed worth"),
    "range of one day": (("begins = { day = 2020-07-01", "begins = { not_before = 2020-07-01, not_after = 2020-07-01"), f"{THIRD}.begins.not_after", "give it as day"),
    "range that ends on the first day of all": (("begins = { day = 2020-07-01", "begins = { not_before = 1900-01-01, not_after = 1900-01-01"), [f"{THIRD}.begins", f"{THIRD}.begins.not_after"], "give it as day"),
    "range after the facts were seen": (("begins = { day = 2020-07-01", "begins = { not_before = 2026-01-04"), f"{THIRD}.begins.not_before", "is not before 2026-01-04, the day the facts were seen; give not_after"),
    "known day with the end of a range": (("begins = { day = 2020-07-01", "begins = { day = 2020-07-01, not_after = 2020-08-01"), f"{THIRD}.begins.not_after", "is for an unknown day; leave it out"),
    "range beyond the next edition": (("begins = { day = 2018-07-02, by_method", "begins = { not_before = 2018-07-02, by_method"), "rulesets[0].procedures[1].editions[1].begins.not_after", "must not be after 2020-07-01, the day on which the next edition begins"),
    "source cited twice": (('cycle_cites = ["PAGE"]', 'cycle_cites = ["PAGE", "PAGE"]'), f"{RULES}.cycle_cites", "'PAGE' is listed 2 times; list it once"),
    "first application counted from an award": (('says = "One workshop.",', 'says = "One workshop.", earning = { begins = { of = "last-grant" }, cites = ["PAGE"] },'), f"{FIRST}[1].earning.begins.of", "'last-grant' is not available at the step 'initial'"),
    "renewal counted from a lapse": (('earning = { begins = { of = "last-grant" }', 'earning = { begins = { of = "lapse" }'), f"{THIRD}.earning.begins.of", "'lapse' is not available at the step 'renewal'"),
    "renewal counted from inactive status": (('earning = { begins = { of = "last-grant" }', 'earning = { begins = { of = "inactive" }'), [f"{THIRD}.earning.begins.of"] * 2, "'inactive' is not available at the step 'renewal'"),
    "renewal after inactive status": (('step = "initial"', 'step = "initial"\nafter = ["inactive"]'), "rulesets[0].procedures[0].after", "is for a reinstatement; leave it out"),
    "return of those who lapsed, counted from inactive status": (('step = "initial"', 'step = "initial"\neditions = [{ id = "i", says = "I." }]\n[[rulesets.procedures]]\nstep = "reinstatement"\nafter = ["lapse", "inactive"]\neditions = [{ id = "r", says = "R.", late_until = { of = "inactive", months = 24 } }]\n[[rulesets.procedures]]\nstep = "designation"'), "rulesets[0].procedures[1].editions[0].late_until.of", "a certificate may be reinstated here that was never made inactive"),
    "first application decided by the due date": (('step = "initial"', 'step = "initial"\ndecided_by = "due"'), "rulesets[0].procedures[0].decided_by", "must be 'filing': there is no due date or cycle"),
    "first application that is late": (('says = "One workshop.",', 'says = "One workshop.", only_if = { late = true },'), f"{FIRST}[1].only_if.late", "only a renewal can be late"),
    "procedure without editions": (('step = "initial"', 'step = "initial"\neditions = []\n[[rulesets.procedures]]\nstep = "designation"'), ["rulesets[0].procedures[0].editions"], "are missing; give one or more"),
    "nothing asked of under a reading": (("counts = { topics = [\"ethics\"] }, cites = [\"PAGE\"] },\n", 'counts = { by = "inside", values = { inside = { topics = ["ethics"] }, on-top = { not_topics = { by = "insidee", values = {} } } } }, cites = ["PAGE"] },\n'), f"{HOURS}.parts[0].counts.values.on-top.not_topics.by", "'insidee' is not one of the questions"),
    "reading that is none, deep under a reading": (("counts = { topics = [\"ethics\"] }, cites = [\"PAGE\"] },\n", 'counts = { by = "inside", values = { inside = { topics = ["ethics"] }, on-top = { not_topics = { by = "surplus", values = { yes = ["law"], on = [] } } } } }, cites = ["PAGE"] },\n'), [f"{HOURS}.parts[0].counts.values.on-top.not_topics.values"] * 2, "'on' is not a reading of 'surplus'"),
}  # fmt: skip
CONDITIONED = 'only_if = { question = "inside", reading = "on-top" },'
NEVER = {
    "part under another reading than its requirement": (
        [('only_if = { question = "surplus", reading = "yes" }', 'only_if = { question = "inside", reading = "inside" }'), ("need = 5,", f"need = 5, {CONDITIONED}")],
        f"{HOURS}.parts[1].only_if", "never holds: 'inside' always has the reading 'inside' here",
    ),
    "cap on a question that does not arise under its requirement's reading": (
        [('only_if = { question = "surplus", reading = "yes" }', 'only_if = { question = "inside", reading = "on-top" }'), ("at_most = 10,", 'at_most = 10, only_if = { question = "surplus", reading = "no" },')],
        f"{HOURS}.caps[0].only_if", "never holds: 'surplus' arises only under the reading 'inside' of 'inside', and the reading here is 'on-top'",
    ),
    "requirement on a question that ended before its edition": (
        [SURPLUS_NO, ('assumed = "yes"', 'assumed = "yes"\nlast_day = 2020-06-30')],
        f"{HOURS}.only_if", "never holds: 'surplus' does not arise on the days on which this applies",
    ),
    "requirement on a question that begins after its edition": (
        [('id = "renewal-1"', 'id = "renewal-1"\nrequirements = [{ kind = "sessions", id = "w", says = "W.", only_if = { question = "surplus", reading = "no" }, cites = ["PAGE"] }]'), ('assumed = "yes"', 'assumed = "yes"\nfirst_day = 2018-07-02')],
        "rulesets[0].procedures[1].editions[0].requirements[0].only_if", "never holds: 'surplus' does not arise",
    ),
    "requirement on a question that ended before it is asked": (
        [SURPLUS_NO, ('assumed = "yes"', 'assumed = "yes"\nlast_day = 2020-08-30'), ('id = "training"', 'id = "training"\nfirst_day = 2020-08-31')],
        f"{HOURS}.only_if", "never holds: 'surplus' does not arise",
    ),
    "part whose requirement's reading brings another with it": (
        [SURPLUS_NO, ("need = 5,", f"need = 5, {CONDITIONED}")],
        f"{HOURS}.parts[1].only_if", "never holds: 'inside' always has the reading 'inside' here",
    ),
}  # fmt: skip
SOUND = {
    "range of two days": [("begins = { day = 2020-07-01", "begins = { not_before = 2020-07-01, not_after = 2020-07-02")],
    "range up to the day the facts were seen": [("begins = { day = 2020-07-01", "begins = { not_before = 2026-01-03")],
    "requirement of the first day of its edition": [('id = "training"', 'id = "training"\nfirst_day = 2020-07-01\nlast_day = 2020-07-01')],
    "requirement of the last day of the edition before": [('id = "renewal-1"', 'id = "renewal-1"\nrequirements = [{ kind = "sessions", id = "w", says = "W.", first_day = 2018-07-01, cites = ["PAGE"] }]')],
    "requirement on the postmark day of its edition": [('cites = ["PAGE"] }\n\n[[rulesets.procedures.editions]]\nid = "renewal-3"', 'cites = ["PAGE"] }\nrequirements = [{ kind = "sessions", id = "w", says = "W.", last_day = 2018-06-30, cites = ["PAGE"] }]\n\n[[rulesets.procedures.editions]]\nid = "renewal-3"')],
    "question that ends on the first day of the edition": [SURPLUS_NO, ('assumed = "yes"', 'assumed = "yes"\nlast_day = 2020-07-01')],
    "assumed reading of a question that never arises": [('assumed = "yes"', 'assumed = "yes"\nlast_day = 2020-06-30')],
    "assumed reading under another than that of the question above": [("need = 5,", f"need = 5, {CONDITIONED}")],
    "interval of one day": [('{ begins = { of = "last-grant" }, cites', '{ begins = { of = "due" }, ends = { of = "due" }, cites')],
    "interval of months less days": [('{ begins = { of = "last-grant" }, cites', '{ begins = { of = "due", months = -1, days = 3 }, ends = { of = "due" }, cites')],
    "range up to the next edition": [("begins = { day = 2018-07-02, by_method", "begins = { not_before = 2018-07-02, not_after = 2020-07-01, by_method")],
    "training of topics of which some do not count": [('need = 3, counts = { topics = ["ethics"] }', 'need = 3, counts = { topics = ["ethics", "law"], not_topics = ["law"] }')],
    "in time until the last day of all": [('id = "renewal-1"', 'id = "renewal-1"\ntimely_until = { of = "due", days = 30 }\nlate_until = { of = "due", days = 30 }')],
    "in time longer than some months are": [('id = "renewal-1"', 'id = "renewal-1"\ntimely_until = { of = "due", days = 30 }\nlate_until = { of = "after-due", month_end = true }')],
    "notice of no days": [("seen_on = 2026-01-04", "seen_on = 2026-01-04\nnotice_days = 0")],
}  # fmt: skip


@pytest.mark.parametrize("name", NEVER)
def test_condition_that_never_holds_is_told(name):
    """A condition is refused that cannot hold where it stands, by the reading that stands against it or by its days."""
    faults, path, words = NEVER[name]
    (problem,) = problems_in(planted(*faults))
    assert (problem.path, words in problem.message) == (path, True), problem


@pytest.mark.parametrize("name", SOUND)
def test_what_is_just_sound_is_read(name):
    """What lies on the right side of a limit is read."""
    (one,) = read_rulesets(planted(*SOUND[name]))
    assert problems_of(one) == ()


def test_question_of_the_name_of_an_editions_question_is_told():
    """A question cannot be named as the one whether an edition had begun is."""
    text = planted(("begins = { day = 2020-07-01", "begins = { not_before = 2020-07-01"))
    assert paths_in(text.replace('"surplus"', '"renewal-3-begun"')) == [f"{THIRD}.id"]


def test_rule_set_without_procedures_is_told():
    """A rule set that has no procedure says nothing of anybody."""
    head = BASE[: BASE.index("[[rulesets.questions]]")]
    assert paths_in(head + "procedures = []\n") == [f"{RULES}.procedures"]


def test_value_may_depend_on_two_questions():
    """A figure may depend on one question under a reading of another; it is read, written and read again."""
    figure = "need = { by = 'inside', values = { inside = { by = 'surplus', values = { yes = 20, no = 21 } }, on-top = 23 } }"
    text = planted(('need = { by = "inside", values = { inside = 20, on-top = 23 } }', figure))
    is_sound(read_rulesets(text)[0])
    assert paths_in(text.replace("no = 21", "on = 21")) == [f"{HOURS}.need.values.inside.values"] * 2
    assert paths_in(text.replace("no = 21", "no = 2.1")) == [f"{HOURS}.need.values.inside.values.no"]


@pytest.mark.parametrize("name", [*SHAPES, *WHOLES, *NONSENSE])
def test_fault_is_told_with_its_place(name):
    """One fault in a good file is told with its exact path and in words, and nothing is told beside it."""
    fault, path, words = (SHAPES | WHOLES | NONSENSE)[name]
    expected = path if isinstance(path, list) else [path]
    problems = problems_in(planted(fault))
    assert sorted(problem.path for problem in problems) == sorted(expected)
    assert any(words in problem.message for problem in problems), problems


def together_in_one_file(names, faults):
    """Take those faults that leave one another alone."""
    text, expected = BASE, []
    for name in names:
        (old, new), path, _ = faults[name]
        if text.count(old) == 1:
            text = text.replace(old, new)
            expected += path if isinstance(path, list) else [path]
    return text, sorted(expected)


SEVERAL_SHAPES = [
    "unknown key", "unknown kind", "unknown word", "interval without citation", "cycle without citation",
    "impossible day as text", "moment in a zone for a day", "assumed reading that is none", "count as float",
    "value by question with more", "condition of nothing",
]  # fmt: skip
SEVERAL_WHOLES = [
    "citation of a missing source", "editions out of order", "minimum above its total", "cap below its minimum",
    "question under none", "condition on no reading", "procedure twice", "citation of a missing source by the cycle",
    "citation of a missing source by a reading",
]  # fmt: skip


@pytest.mark.parametrize(
    ("shapes", "wholes"),
    [
        (SEVERAL_SHAPES, []),
        ([], SEVERAL_WHOLES),
        (SEVERAL_SHAPES[:1], SEVERAL_WHOLES[:1]),
        (SEVERAL_SHAPES[4:6], SEVERAL_WHOLES[5:7]),
        (["figure as float", "missing id"], ["editions on one day", "requirement twice", "citation of a missing source by the cycle"]),
        (["unknown key", "interval without citation", "moment in a zone for a day", "count as float", "assumed reading that is none"], SEVERAL_WHOLES),
        (["table for a list", "moment for a day"], ["group that does not say", "question twice"]),
        (["number for a day", "negative figure"], ["cap and part", "edition twice"]),
        (["impossible day as text", "count as flag"], ["value without a reading", "question under no reading"]),
        (["cycle of no months", "condition without reading"], ["value of no question", "exclusive minima above their total"]),
    ],
    ids=["shapes", "wholes", "one of each", "two of each", "days", "all", "group", "ids", "readings", "figures"],
)  # fmt: skip
def test_all_faults_of_a_file_are_told_at_once(shapes, wholes):
    """Several faults of a file's parts and several of the whole are told at once, each with its path and no other."""
    text, expected = together_in_one_file([*shapes, *wholes], SHAPES | WHOLES)
    assert len(expected) >= len(shapes) + len(wholes)
    assert paths_in(text) == expected


NOTHING_FOLLOWS = {
    "source without an id": (('id = "PAGE"', 'di = "PAGE"'), ["sources[0].di", "sources[0].id"]),
    "source whose id is no id": (('id = "PAGE"', 'id = "THE PAGE"'), ["sources[0].id"]),
    "sources misspelled": (("[[sources]]", "[[sorces]]"), ["sorces"]),
    "reading without an id": (('{ id = "inside", says = "Inside.",', '{ says = "Inside.",'), [f"{RULES}.questions[0].readings[0].id"]),
    "question without an id": (('id = "inside"\nasks', "asks"), [f"{RULES}.questions[0].id"]),
    "question without readings": (('readings = [{ id = "inside"', 'radings = [{ id = "inside"'), [f"{RULES}.questions[0].radings"]),
    "questions misspelled": (("[[rulesets.questions]]", "[[rulesets.question]]"), [f"{RULES}.question"]),
    "together misspelled": (("together =", "togehter ="), [f"{HOURS}.togehter"]),
    "total that is no figure": (("{ inside = 20, on-top = 23 }", "{ inside = 2.0, on-top = 2.3 }"), [f"{HOURS}.need.values.inside", f"{HOURS}.need.values.on-top"]),
    "total of which one figure is none": (("{ inside = 20, on-top = 23 }", "{ inside = 2.0, on-top = 4 }"), [f"{HOURS}.need.values.inside"]),
    "day of an edition that is none": (("begins = { day = 2018-07-02", "begins = { day = 2018"), ["rulesets[0].procedures[1].editions[1].begins.day"]),
    "beginning misspelled": (("begins = { day = 2020", "begin = { day = 2020"), [f"{THIRD}.begin"]),
    "assumed that is no reading, under a condition": (('assumed = "yes"', 'assumed = "y"'), [f"{RULES}.questions[1].assumed"]),
    "two trainings that are none": (('topics = ["ethics"] }', 'topics = ["Ethics"] }'), [f"{HOURS}.caps[0].counts.topics", f"{HOURS}.parts[0].counts.topics"]),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING_FOLLOWS)
def test_nothing_is_told_that_only_follows(name):
    """What could not be read is told once; that others speak of it, or that something seems to be missing, is not."""
    (old, new), expected = NOTHING_FOLLOWS[name]
    assert paths_in(BASE.replace(old, new)) == expected


def test_trainings_that_could_not_be_read_are_not_taken_for_the_same():
    """A cap of 2 hours and a minimum of 3 hours, of trainings of which neither could be read, are not held together."""
    text = planted(("at_most = 10", "at_most = 2")).replace('topics = ["ethics"] }', 'topics = ["Ethics"] }')
    assert paths_in(text) == [f"{HOURS}.caps[0].counts.topics", f"{HOURS}.parts[0].counts.topics"]
    varying = '{ not_topics = { by = "inside", values = { inside = ["Law"], on-top = [] } } }'
    text = planted(("at_most = 10", "at_most = 2")).replace('{ topics = ["ethics"] }', varying)
    assert paths_in(text) == [f"{HOURS}.{one}[0].counts.not_topics.values.inside" for one in ("caps", "parts")]


def test_faults_of_all_rule_sets_of_a_file_are_told_at_once():
    """A file of two rule sets tells the faults of both, each under its place."""
    second = BASE[BASE.index("[[rulesets]]") :].replace("xx-board", "xx-other").replace("months = 24", "months = -1")
    assert paths_in(planted(("need = 3,", "need = 3.5,")) + second) == [
        f"{HOURS}.parts[0].need",
        "rulesets[1].cycle.months",
    ]


def test_rule_sets_of_a_file_share_its_sources():
    """A file may hold several rule sets, all of which cite its sources."""
    second = BASE[BASE.index("[[rulesets]]") :].replace("xx-board", "xx-other")
    one, other = read_rulesets(BASE + second)
    assert (one.id, other.id) == ("xx-board", "xx-other")
    assert one.sources == other.sources


def test_rule_set_twice_in_one_file_is_a_fault():
    """Two rule sets of one id in a file are told."""
    assert problems_in(BASE + BASE[BASE.index("[[rulesets]]") :])


def test_fault_in_a_source_is_told_once_where_it_stands():
    """A fault in a source of the file is told with its place in the file, and once for all rule sets."""
    second = BASE[BASE.index("[[rulesets]]") :].replace("xx-board", "xx-other")
    assert paths_in(planted(("seen = 2026-01-03", 'seen = "yesterday"')) + second) == ["sources[1].seen"]


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("", "format", "is 1, not None"),
        ("", "rulesets", "one rule set or more"),
        ("# nothing\n", "rulesets", "one rule set or more"),
        ("format = 1", "rulesets", "one rule set or more"),
        ("format = 1\nrulesets = []", "rulesets", "one rule set or more"),
        ("format = 1\nrulesets = 1", "rulesets", "one rule set or more"),
        ("format = 1\n[rulesets]\nid = 'x'", "rulesets", "one rule set or more"),
        ("format = 1\nrulesets = [1]", "rulesets[0]", "must be a table, not 1"),
        (BASE.replace("format = 1", "format = 2"), "format", "is 1, not 2"),
        (BASE.replace("format = 1", "format = 1.0"), "format", "is 1, not '1.0'"),
        (BASE.replace("format = 1", "format = true"), "format", "is 1, not true"),
        (BASE.replace("format = 1", 'format = "1"'), "format", "is 1, not '1'"),
        (BASE.replace("format = 1", ""), "format", "is 1, not None"),
        (BASE.replace("format = 1", "format = 1\nsorces = 1"), "sorces", "unknown key (did you mean 'sources'?)"),
        (BASE.replace("format = 1", "format = 1\nid = 1"), "id", "unknown key"),
        ("format = 1\nsources = 5\n" + BASE[BASE.index("[[rulesets]]") :], "sources", "must be tables by name"),
    ],
)
def test_file_that_is_no_file_of_rule_sets_is_told(text, path, words):
    """An empty file, another format, a file without rule sets and unknown keys at its top are told with their places."""
    assert [problem.message for problem in problems_in(text) if problem.path == path and words in problem.message]


@pytest.mark.parametrize(
    "text",
    [
        "format = ", "= 1", "format = 1\nformat = 1", "[[rulesets]\n", "a = 2021-02-29", "a = 2021-13-01", "a = 25:00:00",
        'a = "\\x"', "a = 'x", 'a = """x', "a = [1", "a = {b = 1", "\x00", BASE + "\x00", BASE.replace("xx", "x\x00x"),
        "\ufeff" + BASE, "a.b = 1\na = 1", "[a]\n[a]\n", "a = 0o9", "a = +-1", "\r", "a = 1 b = 2", "a = \u0661",
        f"a = {'9' * 5000}", f"a = -{'9' * 100_000}", f"a = [{'9' * 5000}]",
    ],
)  # fmt: skip
def test_text_that_is_no_toml_is_told(text):
    """What is no TOML, or holds what cannot be read, is refused with one problem of the whole."""
    (problem,) = problems_in(text)
    assert problem.path == ""
    assert "is not TOML: " in problem.message or "cannot be read" in problem.message


@pytest.mark.parametrize(
    ("old", "new"), [('"Peer specialist"', '"Peer\ud800"'), ('"Peer specialist"', '"Peer\\u0000"'), ('"2026.1"', '" "')]
)
def test_text_that_cannot_be_written_is_refused(old, new):
    """Texts with control characters, halves of characters or blanks at their ends are refused where they stand."""
    (path,) = paths_in(planted((old, new)))
    assert path in {f"{RULES}.name", f"{RULES}.version"}


def test_windows_line_ends_are_read():
    """A file with line ends of Windows says the same."""
    assert read_rulesets(BASE.replace("\n", "\r\n")) == read_rulesets(BASE)


@pytest.mark.parametrize("item", [("[", "]"), ("{a=", "}")], ids=["arrays", "tables"])
@pytest.mark.parametrize("levels", [DEEPEST - 1, DEEPEST, DEEPEST + 1, 500, 5000])
def test_nesting_is_read_to_the_limit_and_refused_beyond(item, levels):
    """Arrays and inline tables are read to the limit of nesting, which is told when they go one level deeper."""
    text = f"{BASE[: BASE.index('[[sources]]')]}x = {item[0] * levels}1{item[1] * levels}\n{BASE[BASE.index('[[sources]]') :]}"
    told = " ".join(map(str, problems_in(text)))
    assert ("nested" in told) is (levels > DEEPEST)


@pytest.mark.parametrize("text", ["[" * 10**7, "a = [" * 10**6, "a=" + "{a=" * (10**7 // 3), "]" * 10**7, '"' * 10**7])
def test_ten_megabytes_are_refused_before_they_are_read(text):
    """Ten megabytes, of nesting or of anything, are refused at once and without taking memory."""
    tracemalloc.start()
    try:
        (problem,) = problems_in(text)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "longer" in problem.message or "nested" in problem.message
    assert most < 2**20


def test_file_of_the_greatest_length_is_read_and_one_longer_refused():
    """A file may be as long as the limit says, and not by one character more."""
    text = BASE + "#" + "x" * (LARGEST - len(BASE) - 1)
    assert read_rulesets(text) == read_rulesets(BASE)
    (problem,) = problems_in(text + "x")
    assert problem.message == f"is longer than {LARGEST} characters"


LEVEL = '[[rulesets.procedures.editions.requirements{}]]\nid = "p{}"\nsays = "S."\nneed = 1\ncites = ["PAGE"]\n'
HOSTILE = {
    "dotted keys": "'.'.join(['a'] * 300_000) + ' = 1'",
    "dotted headers": "'[' + '.'.join(['a'] * 300_000) + ']\\n' + ''.join(f'b{n} = 1\\n' for n in range(30_000))",
    "nested parts": "BASE + LEVEL.format('', 0) + 'kind = \"hours\"\\n' + ''.join(LEVEL.format('.parts' * n, n) for n in range(1, 400))",
    "unknown keys": "BASE + ''.join(f'neeed-{n} = 1\\n' for n in range(150_000))",
    "missing sources": "BASE.replace('cycle_cites = [', 'cycle_cites = [' + ''.join(f'\"S{n}\",' for n in range(100_000)))",
    "huge numbers": "BASE.replace('need = 3,', 'need = 0x' + 'f' * 1_000_000 + ',')",
    "many questions": "BASE.replace('[[rulesets.questions]]', ''.join(f'[[rulesets.questions]]\\nid=\"q{n}\"\\nasks=\"?\"\\n' "
    "'assumed=\"a\"\\nunder={question=\"q%d\",reading=\"a\"}\\n' % (n + 1) + 'readings=[{id=\"a\",says=\"a\"},{id=\"b\",says=\"b\"}]\\n' "
    "for n in range(8000)) + '[[rulesets.questions]]', 1)",
    "wrong editions": "BASE + ''.join(f'[[rulesets.procedures.editions]]\\nid=\"e\"\\nsayz=\"s\"\\n' for n in range(60_000))",
}  # fmt: skip
RUN = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
from peer_ledger.rulesets import read_rulesets
from peer_ledger.errors import InvalidData
BASE, LEVEL = {base!r}, {level!r}
text = {text}
assert 100_000 < len(text) <= 4 * 2**20, len(text)
try:
    read_rulesets(text)
except InvalidData as error:
    assert 1 <= len(error.problems) <= 100
    assert len(str(error)) < 100_000
    print("refused")
"""


WITHIN = {
    "dotted keys": "'.'.join(['a'] * 130_000) + ' = 1'",
    "dotted keys in quotes": "'.'.join(['\"a\"'] * 60_000) + ' = 1'",
    "dotted keys with blanks": "' . '.join(['a'] * 60_000) + ' = 1'",
    "dotted headers": "'[' + '.'.join(['a'] * 65_000) + ']\\n' + ''.join(f'b{n} = 1\\n' for n in range(12_000))",
    "one long key": "'a' * 260_000 + ' = 1'",
    "quotes": "'\"' * 130_000 + '\\n' + \"'\" * 130_000",
    "rule sets and sources": "BASE.replace('[[rulesets]]', '[[sources]]\\n' * 3000 + '[[rulesets]]\\n' * 3000 + '[[rulesets]]', 1)",
    "a hundred rule sets and many sources": "BASE.replace('[[rulesets]]', '[[sources]]\\n' * 18_000 + '[[rulesets]]\\n' * 99 + '[[rulesets]]', 1)",
    "unknown keys": "BASE + ''.join(f'neeed-{n} = 1\\n' for n in range(15_000))",
    "missing sources": "BASE.replace('cycle_cites = [', 'cycle_cites = [' + ''.join(f'\"S{n}\",' for n in range(28_000)))",
    "huge numbers": "BASE.replace('need = 3,', 'need = 0x' + 'f' * 250_000 + ',')",
    "a long figure with a point": "BASE.replace('need = 3,', 'need = 3.' + '0' * 250_000 + ',')",
    "a long count with a point": "BASE.replace('need = 2,', 'need = 2.' + '0' * 250_000 + ',')",
    "wrong editions": "BASE + ''.join(f'[[rulesets.procedures.editions]]\\nid=\"e{n}\"\\nsayz=\"s\"\\n' for n in range(4_000))",
    "wrong readings": "BASE.replace('inside = 20', ''.join(f'a{n} = 1,' for n in range(23_000)) + 'inside = 20')",
}  # fmt: skip


@pytest.mark.parametrize("name", list(WITHIN)[:: sized(1, 3)])
def test_hostile_file_of_the_length_allowed_is_refused_in_bounded_time_and_memory(name):
    """What costs much and is no longer than a file may be is refused within the same bounds."""
    script = RUN.format(base=BASE, level=LEVEL, text=WITHIN[name]).replace(
        "100_000 < len(text) <= 4 * 2**20", "50_000 < len(text) <= 2**18"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=os.environ)
    assert (ran.returncode, ran.stdout, ran.stderr[-300:]) == (0, "refused\n", "")


@pytest.mark.parametrize(("parts", "is_told"), [(DEEPEST, False), (DEEPEST + 1, True)])
@pytest.mark.parametrize("form", ["{} = 1", "[{}]", "a = {{ {} = 1 }}"])
def test_dotted_keys_are_read_to_the_limit_of_nesting(parts, is_told, form):
    """A dotted key may have as many parts as there may be levels of nesting."""
    told = " ".join(map(str, problems_in(form.format(".".join(["b"] * parts)))))
    assert ("nested" in told) is is_told


@pytest.mark.parametrize("name", list(HOSTILE)[:: sized(1, 3)])
def test_hostile_file_is_refused_in_bounded_time_and_memory(name):
    """A file within the limit of length that was written to cost much is refused with bounded processor time and memory."""
    script = RUN.format(base=BASE, level=LEVEL, text=HOSTILE[name])
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=os.environ)
    assert (ran.returncode, ran.stdout, ran.stderr[-300:]) == (0, "refused\n", "")


def test_first_hundred_problems_are_told():
    """Of very many problems the first hundred are told, and how many there are."""
    problems = problems_in(BASE + "".join(f"x{n} = 1\n" for n in range(500)))
    assert [problem.path for problem in problems] == [HOURS, *(f"{HOURS}.x{n}" for n in range(99))]
    assert "has 500 unknown keys; the first ones are listed" == problems[0].message


def test_free_text_is_not_repeated_in_messages():
    """No message repeats a key or value that is free text, in which a name might stand."""
    told = problems_in(
        planted(("need = 3,", '"Jane Doe" = 1, need = "Jane Doe",'), ('by = "inside"', 'by = "Jane Doe"'),
            ('kind = "sessions"', 'kind = "Jane Doe"'), ('assumed = "yes"', 'assumed = "Jane Doe"'))
    )  # fmt: skip
    assert "Jane" not in " ".join(map(str, told))


SAMPLE = ruleset_to_dict(read_rulesets(BASE)[0])
NC_DICT = ruleset_to_dict(read_rulesets(NC)[0])


def nodes(value, path=()):
    """Yield the way to every node of plain values."""
    yield path
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from nodes(part, (*path, key))


def written(path):
    """Write a way as problems do."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")


def changed(data, path, change):
    """Return a copy in which one container was changed by `change(container, key)`."""
    data = copy.deepcopy(data)
    container = data
    for key in path[:-1]:
        container = container[key]
    change(container, path[-1])
    return data


def names(problem, path):
    """Whether a problem's path is that of a node, of its parent, or of something in it."""
    here, above = written(path), written(path[:-1])
    return problem.path in (here, above) or problem.path.startswith((f"{here}.", f"{here}["))


NODES = [path for path in nodes(SAMPLE) if path]
NC_NODES = [path for path in nodes(NC_DICT) if path]
WRONG = [1.5, [[[]]], {"no-such-key": 1}, -(10**9), "\x00"]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_wrong_value_at_any_node_is_refused_with_its_place(wrong):
    """Whatever node of a rule set's plain form holds a value of a wrong type, the refusal names that node or its parent."""
    for path in NODES[:: sized(1, 3)]:
        with pytest.raises(InvalidData) as caught:
            ruleset_from_dict(changed(SAMPLE, path, lambda container, key: container.__setitem__(key, wrong)))
        assert any(names(problem, path) for problem in caught.value.problems), (path, caught.value)


def test_unknown_key_at_any_object_is_refused_with_its_place():
    """Wherever a key is added that is unknown, the refusal names it."""
    for path in NODES:
        target = SAMPLE
        for key in path:
            target = target[key]
        if isinstance(target, dict):
            with pytest.raises(InvalidData) as caught:
                ruleset_from_dict(changed(SAMPLE, (*path, "zzz"), lambda container, key: container.__setitem__(key, 1)))
            assert any(names(problem, (*path, "zzz")) for problem in caught.value.problems), (path, caught.value)


def test_key_that_is_left_out_is_missed_or_has_a_default():
    """Wherever a key is left out, the rule set is refused with its place, or is another one that is sound."""
    for path in NODES:
        try:
            one = ruleset_from_dict(changed(SAMPLE, path, lambda container, key: container.pop(key)))
        except InvalidData as error:
            here = [problem for problem in error.problems if names(problem, path) or names(problem, path[:-1])]
            assert here or "not one of the" in str(error) or "not a reading" in str(error), (path, error)
        else:
            assert problems_of(one) == ()


@effort(60)
@given(st.sampled_from(NC_NODES), st.sampled_from(WRONG))
def test_wrong_value_anywhere_in_north_carolina_is_refused_with_its_place(path, wrong):
    """What holds of a small rule set holds of North Carolina's: a wrong value is refused with its place."""
    with pytest.raises(InvalidData) as caught:
        ruleset_from_dict(changed(NC_DICT, path, lambda container, key: container.__setitem__(key, wrong)))
    assert any(names(problem, path) for problem in caught.value.problems)


def is_sound(one):
    """Check what must hold of every rule set that was read."""
    assert problems_of(one) == ()
    assert ruleset_from_dict(json.loads(json.dumps(ruleset_to_dict(one)))) == one
    assert len(digest_of(one)) == 64


words = st.sampled_from(
    [
        "inside",
        "on-top",
        "ethics",
        "PAGE",
        "hours",
        "kind",
        "by",
        "values",
        "2020-07-01",
        "renewal",
        "exclusive",
        "20",
        "1/2",
    ]
)
json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=5) | words,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(words | st.text(max_size=3), part, max_size=3),
    max_leaves=8,
)
by_question = st.builds(
    lambda values: {"by": "inside", "values": values}, st.dictionaries(words, json_like, max_size=3)
)


def mutated(data, draw, ways):
    """Replace, delete, add or copy something somewhere."""
    path = draw(st.sampled_from(ways))
    kind = draw(st.sampled_from(["replace", "delete", "add", "copy"]))
    if kind == "copy":
        value = data
        for key in draw(st.sampled_from(ways)):
            value = value[key]
    else:
        value = draw(json_like | by_question)

    def change(container, key):
        if kind == "delete":
            container.pop(key)
        elif kind == "add" and isinstance(container, list):
            container.append(value)
        elif kind == "add":
            container[draw(words | st.text(max_size=3))] = value
        else:
            container[key] = copy.deepcopy(value)

    return changed(data, path, change)


@effort(150)
@given(st.data())
def test_nothing_but_our_own_error_comes_out_of_plain_values(data):
    """A rule set's plain form with anything replaced, left out, added or moved is refused properly, or is sound."""
    values = mutated(SAMPLE, data.draw, NODES)
    if data.draw(st.booleans()):
        values = mutated(values, data.draw, [path for path in nodes(values) if path])
    try:
        one = ruleset_from_dict(values)
    except InvalidData:
        return
    is_sound(one)


@effort(60)
@given(st.data())
def test_nothing_but_our_own_error_comes_out_of_north_carolina(data):
    """North Carolina's plain form with anything replaced, left out, added or moved is refused properly, or is sound."""
    values = mutated(NC_DICT, data.draw, NC_NODES)
    try:
        one = ruleset_from_dict(values)
    except InvalidData:
        return
    is_sound(one)


@effort(200)
@given(json_like)
def test_nothing_but_our_own_error_comes_out_of_anything(data):
    """Anything at all in the place of a rule set's plain form is refused properly."""
    with pytest.raises(InvalidData):
        ruleset_from_dict(data)


VALUES = [
    "1.5",
    "true",
    '""',
    "[]",
    "{}",
    "2020-13-01",
    "2020-07-01T00:00:00Z",
    "07:00",
    "nan",
    "0x10",
    '{by="inside",values={}}',
    "'x'",
]
CHARACTERS = list("[]{}\"'=,.#\n\r\t \\0aé-\x00\ud800")


def mutated_text(text, draw):
    """Delete, double, move or replace lines, characters or values."""
    lines = text.split("\n")
    place = draw(st.integers(0, len(lines) - 1))
    line = lines[place]
    kind = draw(st.sampled_from(["delete", "double", "swap", "cut", "insert", "remove", "value"]))
    if kind == "delete":
        del lines[place]
    elif kind == "double":
        lines.insert(place, line)
    elif kind == "swap":
        other = draw(st.integers(0, len(lines) - 1))
        lines[place], lines[other] = lines[other], line
    elif kind == "cut":
        lines = lines[:place] + [line[: draw(st.integers(0, len(line)))]]
    elif kind == "value":
        head, equals, _ = line.partition("=")
        lines[place] = head + equals + draw(st.sampled_from(VALUES))
    else:
        at = draw(st.integers(0, len(line)))
        more = draw(st.sampled_from(CHARACTERS)) if kind == "insert" else ""
        lines[place] = line[:at] + more + line[at + (kind == "remove") :]
    return "\n".join(lines)


@pytest.mark.parametrize(("text", "count"), [(BASE, 250), (NC, 60)], ids=["small", "us-nc"])
def test_nothing_but_our_own_error_comes_out_of_a_file(text, count):
    """A file with lines, characters or values deleted, doubled, moved or replaced is refused properly, or is sound."""

    @effort(count)
    @given(st.data())
    def look(data):
        other = mutated_text(text, data.draw)
        if data.draw(st.booleans()):
            other = mutated_text(other, data.draw)
        try:
            read = read_rulesets(other)
        except InvalidData:
            return
        for one in read:
            is_sound(one)

    look()


@effort(200)
@given(st.text(max_size=200) | st.text(alphabet='[]{}="\n.a1,# ', max_size=60))
def test_nothing_but_our_own_error_comes_out_of_any_text(text):
    """Any text at all is refused properly."""
    assert problems_in(text)


@pytest.mark.parametrize(
    ("base", "own"),
    [("", "sources = [{ id = [] }]"), ("", "sources = 5"), ("sources = 5\n", "sources = [{ id = 'x' }]")],
)
def test_sources_of_a_refining_rule_set_that_are_none_are_told(base, own):
    """Sources that are no list, or whose ids are no texts, are told also where a rule set extends another."""
    text = f"format = 1\n[[rulesets]]\nid = 'one'\n{base}[[rulesets]]\nextends = 'one'\nid = 'two'\n{own}\n"
    assert any("sources" in path for path in paths_in(text))


def test_keys_of_text_that_is_no_toml_are_shown_as_keys_are():
    """A key that is a plain word is shown where TOML's reader names it, and another is not."""
    assert "Cannot declare 'rulesets' twice" in problems_in("[rulesets]\n[rulesets]")[0].message
    assert "Jane" not in problems_in('["Jane Doe"]\n["Jane Doe"]')[0].message
    assert "Jane" not in problems_in('a = { "Jane Doe" = 1, "Jane Doe" = 2 }')[0].message
