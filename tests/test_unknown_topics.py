"""Topics on file that no rule can ask for: the answer says so, with the topic that was meant."""

import json

import pytest

from peer_ledger import Certification, Credit, Ledger, TrainingEvent, evaluate, evaluate_all
from peer_ledger.errors import InvalidValue
from peer_ledger.importing import ImportOptions, ProfileNotFound, import_file, profile
from peer_ledger.records import check_words
from peer_ledger.rulesets import RuleSetNotFound, ruleset, ruleset_from_dict, ruleset_ids, ruleset_to_dict
from remarks import sentences

AWARD = Certification(
    id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"
)


def training(number, hours, *topics):
    credit = Credit(amount=hours, topics=set(topics))
    return TrainingEvent(id=f"e-{number}", person="p-1", completed=f"2025-02-{number:02}", credits=[credit])


def said(*records):
    ledger = Ledger()
    ledger.append([AWARD, *records])
    report = evaluate(ledger, "p-1", on="2026-01-15")
    assert [report] == list(evaluate_all(ledger, on="2026-01-15"))
    return [caveat for caveat in sentences(report.caveats) if "topic" in caveat]


def test_a_misspelled_topic_is_told_with_the_one_that_was_meant():
    """It counts for no part of a requirement, which looks like training that was never done."""
    assert ["'ethcs', on file for e-1, is not a topic of these rules; did you mean 'ethics'?"] == said(
        training(1, 3, "ethcs")
    )
    assert ["'ethcs', on file for 2 trainings, is not a topic of these rules; did you mean 'ethics'?"] == said(
        training(1, 3, "ethcs"), training(2, 3, "ethcs", "recovery")
    )


def test_a_misspelled_topic_is_told_when_it_is_imported_and_when_words_are_checked(tmp_path):
    """Before anybody is asked about, too."""
    file = tmp_path / "lms.csv"
    file.write_text("Employee ID,Completion Date,Hours,Topics\np-1,2025-02-03,3,ethcs\n", encoding="utf-8")
    result = import_file(str(file), source="lms")
    assert any("'ethcs' is not one of the topics" in str(told) and "'ethics'" in str(told) for told in result.notices)
    for record in (*result.records, training(1, 3, "ethcs")):
        [problem] = check_words([record])
        assert problem.path.endswith("credits[0].topics")
        assert problem.message == "'ethcs' is not one of the topics; did you mean 'ethics'?"


def test_a_topic_that_is_like_none_is_told_without_a_suggestion():
    """At most ten of them by name."""
    assert ["'basket-weaving', on file for e-1, is not a topic of these rules; no requirement asks for it."] == said(
        training(1, 3, "basket-weaving")
    )
    many = said(training(1, 3, *(f"basket-{number}" for number in range(14))))
    assert (11, "4 more topics on file are not topics of these rules.") == (len(many), many[-1])


@pytest.mark.parametrize("topics", [("ethics",), ("wellness",), ()])
def test_nothing_is_said_of_topics_that_are_declared(topics):
    """Whether or not a rule asks for them."""
    assert [] == said(training(1, 3, *topics))


def test_nothing_is_said_where_the_hours_are_met():
    """Then it makes no difference."""
    assert [] == said(training(1, 3, "ethics"), training(2, 16, "recovery"), training(3, 1, "ethcs"))


def test_a_topic_that_only_the_rules_name_is_one_of_theirs():
    """A rule set may have words of its own."""
    own = ruleset_from_dict(
        json.loads(json.dumps(ruleset_to_dict(ruleset("us-nc-cpss"))).replace('"ethics"', '"our-ethics"'))
    )
    ledger = Ledger()
    ledger.append([AWARD, training(1, 3, "our-ethics"), training(2, 3, "our-ethcs")])
    report = evaluate(ledger, "p-1", on="2026-01-15", ruleset=own)
    assert ["'our-ethcs', on file for e-2, is not a topic of these rules; did you mean 'our-ethics'?"] == [
        caveat for caveat in sentences(report.caveats) if "topic" in caveat
    ]


@pytest.mark.parametrize(
    ("ask", "meant"),
    [
        (lambda: ruleset("us-nc-cps"), "us-nc-cpss"),
        (lambda: profile("zoom-participant"), "zoom-participants"),
        (lambda: ImportOptions(kind="filling"), "filing"),
    ],
)
def test_the_word_that_was_meant_comes_before_a_list_that_is_cut(ask, meant):
    """Nobody reads forty ids to find it."""
    with pytest.raises((RuleSetNotFound, ProfileNotFound, InvalidValue)) as caught:
        ask()
    message = str(caught.value)
    assert f"(did you mean {meant!r}?)" in message
    assert len(message) < 400
    assert len(ruleset_ids()) > 20
