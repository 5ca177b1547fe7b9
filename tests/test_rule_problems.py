"""One mistake in a rule file is one problem, in plain words, at the line where it was made."""

import re

import pytest

from peer_ledger.rulesets._check import checked_file

FILE = """\
format = 1
body = "Board"
time_zone = "America/New_York"
seen = 2026-11-21

[sources]
PAGE = { title = "The page", board = "https://board.example/renewal" }
CODE = { title = "The code", code = "https://board.example/code" }

[xx-nn-cps]
name = "Peer Specialist"
cites = ["PAGE"]
cycle = { months = 12, ends = "day-before" }

[xx-nn-cps.renewal.renewal-1]
says = "8 hours, 2 of them of ethics."
earning = "from the first day of the cycle to the due date"
training.need = 8
training.parts.ethics = 2
fee = { at_least = "$50", within = "after the last grant" }

[xx-nn-cps.renewal.renewal-2]
like = "renewal-1"
says = "10 hours."
begins = { day = 2026-07-01, cites = ["CODE"] }
training.need = 10

[xx-nn-two]
extends = "xx-nn-cps"
name = "Second"
"""
ONE = "xx-nn-cps, renewal, renewal-1"
FEE = 'fee = { at_least = "$50", within = "after the last grant" }'
A_DAY = "must be a day such as 2026-11-21"


def test_the_file_is_sound():
    assert [one.id for one in checked_file(FILE)[0]] == ["xx-nn-cps", "xx-nn-two"]


@pytest.mark.parametrize(
    ("before", "after", "where", "line", "says"),
    [
        ("seen = 2026-11-21", "seen = 20261121", "seen", 4, A_DAY),
        ("seen = 2026-11-21", 'seen = "November 21"', "seen", 4, A_DAY),
        ("seen = 2026-11-21\n", "", "seen", None, "is missing; give the day on which the sources were read"),
        ('name = "Second"', 'name = "Second"\nseen = 3', "xx-nn-two: seen", 31, A_DAY),
        ('board = "https', 'seen = 3, board = "https', "PAGE: seen", 7, "must be a day, such as"),
        ("[sources]", "[sorces]", "sorces", 6, "unknown key (did you mean 'sources'?)"),
        ('cites = ["PAGE"]', 'cites = "PAGE"', "xx-nn-cps: cites", 12, "must be a list of the ids of sources"),
        ('cites = ["PAGE"]', 'cites = ["PAGE", 3]', "xx-nn-cps: cites", 12, "must be a list of the ids of sources"),
        ('cites = ["PAGE"]', "cites = 3", "xx-nn-cps: cites", 12, "must be a list of the ids of sources"),
        ('cites = ["PAGE"]', "cites = []", "xx-nn-cps: cites", 12, "must be a list of the ids of sources"),
        ('"xx-nn-cps"', "[1]", "xx-nn-two: extends", 29, "must be a text, not a list"),
        ('"xx-nn-cps"', "{}", "xx-nn-two: extends", 29, "must be a text, not a table"),
        ('like = "renewal-1"', "like = {}", "xx-nn-cps, renewal, renewal-2: like", 23, "must be the id of an edition"),
        ('name = "Second"', "name = true", "xx-nn-two: name", 30, "must be a text, not true"),
        ('{ months = 12, ends = "day-before" }', "12", "xx-nn-cps: cycle", 13, "must be a table, not 12"),
        ('"from the first day of the cycle to the due date"', "3", f"{ONE}: earning", 17, "must be days such as"),
        ("parts.ethics = 2", "parts = 3", f"{ONE}, training: parts", 19, "must be tables by name, not 3"),
        ("parts.ethics = 2", "parts.ethics = [2]", f"{ONE}, training: parts[0]", 18, "must be a table, not a list"),
        (FEE, "fee = { at_least = 50 }", f"{ONE}, fee: at_least", 20, "must be an amount with its unit"),
        (FEE, "fee = { at_least = { amount = 50 } }", f"{ONE}, fee: at_least.unit", 20, "is missing"),
        (FEE, "fee = [1]", f"{ONE}: fee", 20, "must be an amount such as '$20', a number, true, or a table"),
        (FEE, f'{FEE}\nexam = true\nletter = true\nwithin = "since forever"', f"{ONE}: within", 23, "must be days such as"),
        (FEE, f"{FEE}\nexam = true\nletter = true\nwithin = 3", f"{ONE}: within", 23, "must be days such as"),
        ("training.need = 8\ntraining.parts.ethics = 2", "training = 8", f"{ONE}: training", 18, "unknown key; the hours of training are given as training.need"),
        ('like = "renewal-1"', 'like = "renewal-7"', "xx-nn-cps, renewal, renewal-2: like", 23, "there is no edition"),
        ('extends = "xx-nn-cps"', 'extends = "xx-nn-cpx"', "xx-nn-two: extends", 29, "there is no rule set"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_once(before, after, where, line, says):
    """Though what it is about holds for both editions, both rule sets and all that they cite."""
    (remark,) = checked_file(FILE.replace(before, after, 1))[1]
    assert (remark.where, remark.line, remark.says[: len(says)]) == (where, line, says)


BRACKETS = (
    FILE
    + """
[[xx-nn-two.step_notes]]
says = "A note."
bears_on = ["renewal"]

[xx-nn-two.questions.meetings]
asks = "Do meetings count?"
readings = { no = "No.", yes = "Yes." }

[xx-nn-two.sources.MORE]
title = "More"
board = "https://board.example/more"

[xx-nn-two.renewal.renewal-1.letters]
need = 2
cites = ["MORE"]
"""
)
HEADINGS = [place for place, line in enumerate(BRACKETS.splitlines()) if line.startswith("[")]


def test_the_file_with_every_kind_of_heading_is_sound():
    assert [one.id for one in checked_file(BRACKETS)[0]] == ["xx-nn-cps", "xx-nn-two"]


@pytest.mark.parametrize("place", HEADINGS)
def test_wrong_brackets_are_told_once_and_where_they_are(place):
    """Whatever stands under the heading is read as it was meant, and what refers to it finds it."""
    lines = BRACKETS.splitlines()
    heading = lines[place]
    is_list = heading.startswith("[[")
    lines[place] = heading[1:-1] if is_list else f"[{heading}]"
    (remark,) = checked_file("\n".join(lines))[1]
    meant = "list of tables, whose name stands in double" if is_list else "table, whose name stands in single"
    assert (remark.line, remark.says) == (place + 1, f"must be a {meant} brackets")
    assert ", ".join(heading.strip("[]").split("."))[-5:] in remark.where.replace(".", ", ").replace(": ", ", ")


def test_another_mistake_below_wrong_brackets_is_told_too():
    lines = BRACKETS.replace("earning = ", "earnig = ").splitlines()
    lines[9] = f"[{lines[9]}]"
    told = [(remark.line, remark.says) for remark in checked_file("\n".join(lines))[1]]
    assert told == [
        (10, "must be a table, whose name stands in single brackets"),
        (17, "unknown key (did you mean 'earning'?)"),
    ]


VALUES = ["3", "true", '"x"', "[1]", "{ a = 1 }", "[]", "{}", "1.5", "2020-01-01", '["x", 3]', "[{}]"]


@pytest.mark.parametrize("place", [place for place, line in enumerate(FILE.splitlines()) if " = " in line])
def test_no_value_is_told_in_the_words_of_a_program(place):
    """Whatever stands in the place of a value, there is a message in the words of the file."""
    lines = FILE.splitlines()
    for value in VALUES:
        changed = [*lines[:place], f"{lines[place].partition(' = ')[0]} = {value}", *lines[place + 1 :]]
        for remark in checked_file("\n".join(changed))[1]:
            assert not re.search(r"dict|tuple|None|True|False|<class|object", remark.says), remark


def test_an_edition_without_the_one_that_it_is_like_lacks_nothing_else():
    """What it changes of a part would lack the rest of that part, if there were no such edition."""
    text = FILE.replace('like = "renewal-1"', 'like = "renewal-7"')
    text = text.replace("training.need = 10", "training.parts.ethics.need = 3")
    (remark,) = checked_file(text)[1]
    assert remark.where == "xx-nn-cps, renewal, renewal-2: like"


def test_two_mistakes_are_two_problems():
    """What an edition says itself is told of it, beside what is wrong with the one that it is like."""
    text = FILE.replace('"from the first day of the cycle to the due date"', "3")
    text = text.replace("training.need = 10", "training.need = 10\ntraining.parts.ethics.need = []")
    found = [(remark.where, remark.line) for remark in checked_file(text)[1]]
    assert found == [(f"{ONE}: earning", 17), ("xx-nn-cps, renewal, renewal-2, training, ethics: need", 27)]
