"""A slip in a rule file is told with the ids and the line of its place, and the exit code tells that there is one."""

from importlib.resources import files

import pytest

from peer_ledger.cli import main
from peer_ledger.errors import InvalidData
from peer_ledger.rulesets import read_rulesets
from peer_ledger.rulesets._check import checked_file
from peer_ledger.values.dates import is_time_zone

BASE = """\
format = 1

[[rulesets]]
id = "us-zz-cpss"
name = "Peer specialist"
body = "The board"
jurisdiction = "us-zz"
time_zone = "America/New_York"
version = "1"
seen_on = 2026-01-01
cycle = { kind = "anniversary", months = 24 }
cycle_cites = ["PAGE"]

[[rulesets.sources]]
id = "PAGE"
title = "A page"
address = "nowhere"
kind = "board"
seen = 2026-01-01

[[rulesets.procedures]]
step = "renewal"

[[rulesets.procedures.editions]]
id = "renewal-1"
says = "Twenty hours."
earning = { begins = { of = "cycle-start" }, ends = { of = "due" }, cites = ["PAGE"] }
late_until = { of = "due", days = 30 }

[[rulesets.procedures.editions.requirements]]
kind = "hours"
id = "training"
says = "20 hours of training."
need = 20
cites = ["PAGE"]
parts = [{ id = "ethics", says = "3 hours of ethics.", need = 3, counts = { topics = ["ethics"] }, cites = ["PAGE"] }]

[[rulesets.procedures.editions.requirements]]
kind = "documents"
id = "age"
says = "Proof of age."
document_kind = "age"
at_least = { amount = 18, unit = "year" }
cites = ["PAGE"]
"""
OTHER = """
[[rulesets]]
extends = "us-zz-cpss"
id = "us-zz-other"
"""
QUESTION = """
[[rulesets.questions]]
id = "idle"
asks = "Is it?"
assumed = "yes"
readings = [{ id = "yes", says = "Yes." }, { id = "no", says = "No." }]

[[rulesets.procedures]]
step = "renewal"
"""
SOURCE = """
[[rulesets.sources]]
id = "IDLE"
title = "Another page"
address = "nowhere"
kind = "board"
seen = 2026-01-01

[[rulesets.procedures]]
step = "renewal"
"""
STEP = '\n[[rulesets.procedures]]\nstep = "renewal"\n'
HOURS = "us-zz-cpss, renewal, renewal-1, training"
SHARED = 'not_shared_with = [{{ ruleset = "{}", requirement = "{}", cites = ["PAGE"] }}]\nneed = 20\n'


def line_of(text, words):
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


# Replaced, by what, problem or note, the place, a part of what is told, and words on the line.
SLIPS = {
    "a part larger than its whole": ("need = 3,", "need = 25,", True, f"{HOURS}, ethics: need", "25 is more than the 20", "ethics"),
    "an age of 180": ("amount = 18,", "amount = 180,", True, "us-zz-cpss, renewal, renewal-1, age: at_least", "180 years, which is longer than a lifetime", "at_least"),
    "an age that no one has": ("amount = 18,", 'amount = 18, unit = "year" }\nat_most = { amount = 17,', True, "us-zz-cpss, renewal, renewal-1, age: at_most", "17 years, which is less than at_least", "at_most"),
    "two units of an age": ("amount = 18,", 'amount = 216, unit = "month" }\nat_most = { amount = 30,', True, "us-zz-cpss, renewal, renewal-1, age: at_most", "in years and at_least in months", "at_most"),
    "a folder of time zones": ("America/New_York", "America", True, "us-zz-cpss: time_zone", "not the time zone of a place", "time_zone"),
    "the time zone of the computer": ("America/New_York", "local", True, "us-zz-cpss: time_zone", "not the time zone of a place", "time_zone"),
    "no such time zone": ("America/New_York", "America/Louisville-East", True, "us-zz-cpss: time_zone", "not the time zone", "time_zone"),
    "late before due": ("days = 30", "days = -30", True, "us-zz-cpss, renewal, renewal-1: late_until", "before the due date", "late_until"),
    "earning that ends first": ('of = "due" }, cites', 'of = "due", months = -25 }, cites', True, "us-zz-cpss, renewal, renewal-1: earning.ends", "before begins", "earning"),
    "a misspelled step": ('step = "renewal"', 'step = "renew"', True, "us-zz-cpss, renew: step", "must be one of initial, renewal", "step ="),
    "a sentence and its figure": ("need = 20", "need = 18", False, f"{HOURS}: says", "names 20, and need is 18", "20 hours"),
    "a sentence of a part of a whole": ("3 hours of ethics", "4 of the 20 hours on ethics", False, f"{HOURS}, ethics: says", "names 4, and need is 3", "ethics"),
    "a sentence of an edition and its figures": ('says = "Twenty hours."', 'says = "25 hours of training, of which 3 hours on ethics."', False, "us-zz-cpss, renewal, renewal-1: says", "names 25, which is none of the figures", "25 hours"),
    "a sentence of a part": ("need = 3,", "need = 4,", False, f"{HOURS}, ethics: says", "names 3, and need is 4", "ethics"),
    "an unused question": (STEP, QUESTION, False, "us-zz-cpss, idle", "decides nothing", '"idle"'),
    "an unused source": (STEP, SOURCE, False, "us-zz-cpss, IDLE", "cited by nothing", '"IDLE"'),
    "an undeclared word": ('["ethics"]', '["ethisc"]', False, f"{HOURS}, ethics: counts.topics", "(did you mean 'ethics'?)", "ethics"),
    "an unknown sibling": ("cycle_cites", 'clock_with = ["us-nc-cpps"]\ncycle_cites', False, "us-zz-cpss: clock_with[0]", "(did you mean 'us-nc-cpss'?)", "clock_with"),
    "an unknown credential": ("need = 20\n", 'need = 20\nonly_if = { credential = "us-va-rpsr" }\n', False, f"{HOURS}: only_if.credential", "there is no rule set 'us-va-rpsr'", "credential"),
    "an unknown sharer": ("need = 20\n", SHARED.format("us-nc-cpps", "training"), False, f"{HOURS}: not_shared_with[0].ruleset", "there is no rule set 'us-nc-cpps'", "ruleset ="),
    "an unknown requirement": ("need = 20\n", SHARED.format("us-nc-cpss", "trainin"), False, f"{HOURS}: not_shared_with[0].requirement", "has no requirement for hours 'trainin' (did you mean 'training'?)", "requirement ="),
    "sharing on one side": ("need = 20\n", SHARED.format("us-nc-cpss", "training"), False, f"{HOURS}: not_shared_with[0]", "does not name 'training' in turn", "not_shared_with"),
}  # fmt: skip


def test_what_is_as_it_should_be():
    """Nothing is told of the rule set in which the slips are planted."""
    assert () == checked_file(BASE)[1]


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_with_its_place(name, tmp_path, capsys):
    """Once, with ids, the line and an exit code; a problem is an error of the loader, too."""
    before, after, is_problem, where, says, words = SLIPS[name]
    assert before in BASE
    text = BASE.replace(before, after, 1)
    found, remarks = checked_file(text)
    [remark] = remarks
    assert (bool(found), remark.is_problem) == (not is_problem, is_problem)
    assert where == remark.where
    assert says in remark.says
    assert line_of(text, words) <= remark.line <= line_of(text, words) + 12
    assert words in text.splitlines()[remark.line - 1]
    if is_problem:
        with pytest.raises(InvalidData):
            read_rulesets(text)
    file = tmp_path / "ours.toml"
    file.write_text(text)
    assert 1 == main(["rules", "check", str(file)])
    written = capsys.readouterr()
    assert says in written.out + written.err
    assert f"{remark.line}" in written.out + written.err


INHERITED = """\
format = 1
body = "The board"
time_zone = "America/New_York"
seen = 2026-01-01
sources.PAGE = { title = "A page", board = "https://board.example" }

[us-zz-cps]
name = "Peer specialist"
cycle = { months = 24 }
cites = ["PAGE"]

[us-zz-cps.renewal.renewal-1]
earning = "from the first day of the cycle to the due date"
training.need = 20
training.parts.ethics = 3
fee = { at_least = "$50", within = "after the last grant" }
"""


def test_a_citation_that_is_inherited_is_told_once():
    """With the line that has it; a second source that does not exist is told by itself."""
    text = INHERITED.replace('cites = ["PAGE"]', 'cites = ["PAEG"]')
    [remark] = checked_file(text)[1]
    assert remark.is_problem
    # That of the cycle; then earning, training, ethics, the fee and its interval.
    assert (
        "'PAEG' is not one of the sources (did you mean 'PAGE'?); 5 more places cite it, or inherit that" == remark.says
    )
    assert line_of(text, "PAEG") == remark.line
    text = text.replace("training.need = 20", 'training.need = 20\ntraining.cites = ["PEGA"]')
    assert ["PAEG", "PEGA"] == [one.says.split("'")[1] for one in checked_file(text)[1]]


def test_a_part_with_a_mistyped_topic_for_its_id_is_told():
    """An id that is no topic names no training, and any would count."""
    assert () == checked_file(INHERITED)[1]
    [remark] = checked_file(INHERITED.replace("parts.ethics", "parts.ethisc"))[1]
    assert not remark.is_problem
    assert "('ethisc' is not a declared topic; did you mean 'ethics'?)" in remark.says
    assert line_of(INHERITED, "parts.ethics") == remark.line


DROPPED = """
[us-zz-cps.renewal.renewal-2]
like = "renewal-1"
begins = { day = 2027-07-01 }
drop = ["fees"]
"""


def test_what_is_left_out_must_have_been_there():
    """What it may have meant is told, and the line; nothing is said of an inner form."""
    text = INHERITED + DROPPED
    [remark] = checked_file(text)[1]
    assert remark.is_problem
    assert remark.where == "us-zz-cps, renewal, renewal-2: requirements.drop"
    assert "there is no 'fees' to leave out (did you mean 'fee'?)" == remark.says
    assert line_of(text, 'drop = ["fees"]') == remark.line
    found, remarks = checked_file(text.replace('"fees"', '"fee"'))
    assert () == remarks
    assert ["training"] == [one.id for one in found[0].procedures[0].editions[1].requirements]


def test_what_another_rule_set_takes_over_is_told_once():
    """A slip in a rule set that another one extends is told of the first."""
    _, remarks = checked_file(BASE.replace('step = "renewal"', 'step = "renew"', 1) + OTHER)
    assert ["us-zz-cpss, renew: step"] == [one.where for one in remarks]
    assert "object at 0x" not in str(remarks)


def test_extending_has_a_limit():
    """A chain of a hundred rule sets is refused at the ninth, in a sentence."""
    chain = "".join(
        f'\n[[rulesets]]\nextends = "{f"us-z{place}" if place else "us-zz-cpss"}"\nid = "us-z{place + 1}"\n'
        for place in range(99)
    )
    with pytest.raises(InvalidData) as caught:
        read_rulesets(BASE + chain)
    assert ["rulesets[9].extends: extends more than 8 rule sets, one by another"] == list(
        map(str, caught.value.problems)
    )
    assert 9 == len(read_rulesets(BASE + "".join(chain.partition('\n[[rulesets]]\nextends = "us-z8"')[:1])))


@pytest.mark.parametrize("inner", [0, 40])
def test_parts_and_caps_have_a_limit(inner):
    """Forty parts of forty parts are refused at once, in one sentence."""
    small = '{{ id = "p{}", says = "Part.", need = 0.1, counts = {{ topics = ["ethics"] }}, cites = ["PAGE"]{} }}'
    within = ", ".join(small.format(f"i{place}", "") for place in range(inner))
    parts = ", ".join(
        small.format(f"o{place}", f', together = "shared", parts = [{within}]' if inner else "") for place in range(40)
    )
    text = BASE.replace("parts = [", f'together = "shared"\nparts = [{parts}, ').replace("need = 0.1", 'need = "0.1"')
    if inner:
        _, remarks = checked_file(text)
        assert "has more than 100 parts and caps; make requirements of their own" in [one.says for one in remarks]
    else:
        assert read_rulesets(text)


def test_an_expensive_requirement_is_told():
    """Ten exclusive parts are sound and told, with the cause."""
    parts = ", ".join(
        f'{{ id = "p{place}", says = "Part.", need = 1, counts = {{ topics = ["ethics"] }}, cites = ["PAGE"] }}'
        for place in range(10)
    )
    text = BASE.replace("parts = [", f'together = "exclusive"\nparts = [{parts}]\n#')
    found, [remark] = checked_file(text)
    assert found
    assert HOURS == remark.where
    assert remark.says.startswith("has 10 exclusive parts: 1024 sets of them may be looked at")


def test_the_bundled_files_have_no_slip():
    """Nothing is told of any bundled rule file."""
    told = {}
    for file in files("peer_ledger.rulesets").iterdir():
        if file.name.endswith(".toml") and not file.name.endswith(".cases.toml"):
            told[file.name] = checked_file(file.read_text("utf-8"))[1]
    assert len(told) > 20
    says = {(name, remark.says.partition(";")[0]) for name, remarks in told.items() for remark in remarks}
    assert says == set()


@pytest.mark.parametrize(
    "name",
    [
        "America/Louisville-East",
        "America",
        "local",
        "Local",
        "",
        "/etc/localtime",
        "../x",
        "EST5EDT",
        "posix/America/New_York",
        None,
        3,
    ],
)
def test_no_time_zone_of_a_place(name):
    """Neither folders, nor the computer's own, nor anything that is not text."""
    assert not is_time_zone(name)


@pytest.mark.parametrize(
    "name", ["America/New_York", "America/Kentucky/Louisville", "Pacific/Honolulu", "UTC", "America/Port-au-Prince"]
)
def test_time_zones_of_places(name):
    """Those of states are there."""
    assert is_time_zone(name)
