"""The rule sets that a rule set looks at are arguments of an answer: found before it, named in it, kept with it."""

import ast
import json

import attrs
import pytest

from boards import act, board, hours, trained
from peer_ledger import (
    Certification,
    Document,
    Ledger,
    Quantity,
    evaluate,
    evaluate_all,
    evaluate_credentials,
    ruleset,
)
from peer_ledger.errors import InvalidData, InvalidValue
from peer_ledger.evaluation import _rule_sets as rule_sets
from peer_ledger.presenting.pictures import timeline
from peer_ledger.rules import ByQuestion, Condition, Documents, NotSharedWith
from peer_ledger.rulesets import RuleSetNotFound, _consulted, _registry, consulted_by, keep_rules, kept_by_digest
from peer_ledger.rulesets._files import digest_of
from peer_ledger.testing.cases import read_cases, run_case
from remarks import sentences
from sources import SOURCES, imported

PEER, FAMILY = "us-id-cpss", "us-id-cfsp"
SPECIALIST, PEER_OF_PA = "us-pa-crs", "us-pa-cps"


def asking(rules, need):
    """Return Idaho's rules with another figure for a year's training."""
    changed = tuple(
        attrs.evolve(
            procedure,
            editions=tuple(
                attrs.evolve(
                    edition,
                    requirements=tuple(
                        attrs.evolve(one, need=need) if one.id == "training" else one for one in edition.requirements
                    ),
                )
                for edition in procedure.editions
            ),
        )
        for procedure in rules.procedures
    )
    return attrs.evolve(rules, version="another", procedures=changed)


def idaho():
    """
    Return a ledger with both certificates of Idaho and 20 hours, 2 of them on ethics.

    The family partner's certificate is due first. It takes the 10 hours that it asks and leaves 10, which are enough;
    if it asked 15, it would leave 5.
    """
    ledger = Ledger()
    ledger.append(
        [
            act("f", "awarded", "2024-01-01", credential=FAMILY),
            act("s", "awarded", "2024-03-01", credential=PEER),
            trained("e-1", 2, {"ethics"}, day="2024-05-01"),
            trained("e-2", 18, {"recovery"}, day="2024-05-02"),
        ]
    )
    return ledger


def pennsylvania(fee):
    """Return a ledger with a recovery specialist's and a peer specialist's certificate, and a fee for the renewal."""
    ledger = Ledger()
    ledger.append(
        [
            Certification(id="c-1", person="p", credential=SPECIALIST, act="awarded", on="2024-06-01"),
            Certification(id="c-2", person="p", credential=PEER_OF_PA, act="awarded", on="2025-01-15"),
            Document(id="d", person="p", kind="fee", on="2026-05-10", value=Quantity(amount=fee, unit="us-dollar")),
        ]
    )
    return ledger


def shorter(rules):
    """Return rules whose certificates last half as long."""
    cycle = rules.cycle
    if isinstance(cycle, ByQuestion):
        halved = tuple((reading, attrs.evolve(value, months=value.months // 2)) for reading, value in cycle.values)
        return attrs.evolve(rules, cycle=attrs.evolve(cycle, values=halved))
    return attrs.evolve(rules, cycle=attrs.evolve(cycle, months=cycle.months // 2))


# What is looked at is an argument.


def test_another_sibling_is_another_argument():
    """Idaho's partner rules with 15 hours leave 5 of 20 hours, and the rules of the peer specialist are the same."""
    ledger, mine = idaho(), ruleset(PEER)
    for need, short in ((10, 0), (15, 5)):
        beside = {FAMILY: asking(ruleset(FAMILY), need)}
        report = evaluate(ledger, "p", on="2024-06-01", ruleset=mine, rulesets=beside)
        assert report.finding("training").short == short
        assert list(evaluate_all(ledger, on="2024-06-01", ruleset=mine, rulesets=beside)) == [report]
        assert timeline(ledger, "p", on="2024-06-01", ruleset=mine, rulesets=beside).title.endswith(report.status)
        [told] = report.provenance.consulted
        assert (told.ruleset, told.version, told.digest) == (FAMILY, "another", digest_of(beside[FAMILY]))
    assert evaluate(ledger, "p", on="2024-06-01", ruleset=PEER).finding("training").short == 0


def test_a_condition_on_another_certificate_reads_the_rules_given():
    """
    Pennsylvania asks 100 dollars for the first certificate and 50 for a further one.

    The peer specialist's certificate of January 2025 lasts two years, and so is in force in May 2026; under rules
    that give it one year it is not.
    """
    ledger, mine = pennsylvania(50), ruleset(SPECIALIST)
    readings, all_three = {"original-credential": "no"}, consulted_by(mine)
    assert list(all_three) == ["us-pa-cfrs", "us-pa-cps", "us-pa-crss"]
    for rules, asked in ((all_three[PEER_OF_PA], "further-fee"), (shorter(all_three[PEER_OF_PA]), "renewal-fee")):
        beside = all_three | {PEER_OF_PA: rules}
        report = evaluate(ledger, "p", on="2026-05-20", ruleset=mine, rulesets=beside, readings=readings)
        fees = [
            one.requirement for one in report.findings if one.requirement.endswith("fee") and one.result != "not asked"
        ]
        assert asked in fees
        assert len(report.provenance.consulted) == 3


def test_a_mapping_holds_all_rule_sets_that_there_are():
    """What a mapping does not have is not looked up: not the rule set asked, nor one that it looks at."""
    ledger = idaho()
    alone = evaluate(ledger, "p", on="2024-06-01", ruleset=ruleset(PEER), rulesets={})
    assert alone.provenance.consulted == ()
    assert any(f"No rules for {FAMILY} are available" in caveat for caveat in sentences(alone.caveats))
    both = {name: ruleset(name) for name in (PEER, FAMILY)}
    assert evaluate(ledger, "p", on="2024-06-01", ruleset=PEER, rulesets=both) == evaluate(
        ledger, "p", on="2024-06-01", ruleset=PEER
    )
    with pytest.raises(RuleSetNotFound, match=r"did you mean 'us-id-cfsp'\?.*it has us-id-cfsp$"):
        evaluate(ledger, "p", on="2024-06-01", ruleset="us-id-cfps", rulesets={FAMILY: both[FAMILY]})


def test_the_rules_asked_are_also_what_others_look_at():
    """
    Of two boards each says that the other's certificate decides what it asks: the one asked is not looked up either.

    zz-b asks nothing of somebody who holds zz-a, and zz-a shares no hours with it.
    """
    only = Condition(unless=Condition(credential="zz-a"))
    first = board(
        hours(8, not_shared_with=(NotSharedWith(ruleset="zz-b", requirement="training", cites=("P",)),)), id="zz-a"
    )
    back = (NotSharedWith(ruleset="zz-a", requirement="training", cites=("P",)),)
    other = board(hours(8, only_if=only, not_shared_with=back), id="zz-b")
    ledger = Ledger()
    ledger.append(
        [
            act("a", "awarded", "2024-06-01", credential="zz-a"),
            act("b", "awarded", "2024-05-01", credential="zz-b"),
            trained("e", 8),
        ]
    )
    report = evaluate(ledger, "p", on="2025-06-01", ruleset=first, rulesets={"zz-b": other})
    assert report.finding("training").counted == 8
    assert report.provenance.digests == {"zz-a": digest_of(first), "zz-b": digest_of(other)}


@pytest.mark.parametrize(
    "only_if",
    [
        Condition(credential="zz-b"),
        Condition(unless=Condition(credential="zz-b")),
        Condition(any_of=(Condition(late=True), Condition(credential="zz-b"))),
    ],
)
def test_whose_rules_a_condition_looks_at_is_told_where_such_a_certificate_is_on_file(only_if):
    """Of zz-b there are no rules, or those that are given; somebody without its certificate is told nothing."""
    rules = board(hours(8, only_if=only_if), id="zz-a")
    own, other = (
        act("a", "awarded", "2024-06-01", credential="zz-a"),
        act("b", "awarded", "2024-05-01", credential="zz-b"),
    )

    def told(*records, **more):
        ledger = Ledger()
        ledger.append(records)
        caveats = evaluate(ledger, "p", on="2025-06-01", ruleset=rules, **more).caveats
        return [
            (one.kind, one["credential"]) for one in caveats if one.kind in ("no-other-rules", "other-rules-assumed")
        ]

    assert told(own, other, rulesets={}) == [("no-other-rules", "zz-b")]
    assert told(own, other, rulesets={"zz-b": board(hours(8), id="zz-b")}) == [("other-rules-assumed", "zz-b")]
    assert told(own, rulesets={}) == []


def test_what_is_looked_at_is_followed():
    """A rule set that another one looks at looks at a third one, and at the first; clocks are read without rules."""
    fee = Documents(
        id="fee", says="A fee.", document_kind="fee", need=1, only_if=Condition(unless=Condition(credential="zz-c")),
        cites=("P",),
    )  # fmt: skip
    apart = (NotSharedWith(ruleset="zz-b", requirement="training", cites=("P",)),)
    first = board(hours(8, not_shared_with=apart), id="zz-a", clock_with=("zz-d",))
    second = board(fee, id="zz-b")
    third = board(hours(8), id="zz-c", clock_with=("zz-a",))
    among = {one.id: one for one in (third, second, board(hours(1), id="zz-d"))}
    assert consulted_by(first, among) == {"zz-b": second, "zz-c": third}
    assert consulted_by(third, among) == {}


@pytest.mark.parametrize(
    ("rulesets", "error", "says"),
    [
        ([ruleset(FAMILY)], InvalidValue, "rulesets must be a mapping from ids to rule sets, or None"),
        ({FAMILY: FAMILY}, InvalidValue, "rulesets must be a mapping from ids to rule sets, or None"),
        ({"us-id-cfps": ruleset(FAMILY)}, InvalidValue, "'us-id-cfps' is the key of 'us-id-cfsp'; use its own id"),
        ({FAMILY: attrs.evolve(ruleset(FAMILY), cycle_cites=("nobody",))}, InvalidData, "nobody"),
    ],
)
def test_wrong_rule_sets_are_refused(rulesets, error, says):
    with pytest.raises(error, match=says):
        evaluate(
            idaho(), "p", on="2024-06-01", ruleset=PEER if error is InvalidValue else ruleset(PEER), rulesets=rulesets
        )


# `evaluate_credentials`.


def test_credentials_are_answered_with_the_rule_sets_given():
    """One of a list takes the place of the one found by its id; a mapping holds all that there are."""
    ledger, changed = idaho(), asking(ruleset(FAMILY), 15)
    listed = evaluate_credentials(ledger, "p", on="2024-06-01", rulesets=[PEER, changed])
    assert listed.report(PEER).finding("training").short == 5
    assert evaluate_credentials(ledger, "p", on="2024-06-01", rulesets=[PEER]).report(PEER) == evaluate(
        ledger, "p", on="2024-06-01", ruleset=PEER
    )
    mapped = evaluate_credentials(ledger, "p", on="2024-06-01", rulesets={PEER: ruleset(PEER)})
    assert mapped.report(PEER).provenance.consulted == ()
    both = {one.id: one for one in (ruleset(PEER), changed)}
    assert evaluate_credentials(ledger, "p", on="2024-06-01", rulesets=both).report(PEER) == listed.report(PEER)


# Nothing is looked up in the middle.


class LookedUpError(BaseException):
    """Raised where a rule set is looked up."""


def raise_where_looked_up(patch):
    def fault(*_):
        raise LookedUpError

    for place in (_registry, _consulted, rule_sets):
        for name in ("ruleset", "ruleset_ids", "_found", "find_ruleset", "bundled_text", "announced"):
            if hasattr(place, name):
                patch.setattr(place, name, fault)


def all_of(report):
    """Return everything that a report says, read."""
    inner = None if report.assumed is report else all_of(report.assumed)
    return str(report), report._repr_html_(), json.dumps(report.to_dict()), inner


LEDGERS = {PEER: idaho, FAMILY: idaho, SPECIALIST: lambda: pennsylvania(100)}


@pytest.mark.parametrize("name", LEDGERS)
def test_no_rule_set_is_looked_up_in_the_middle_of_an_answer(monkeypatch, name):
    """With a mapping nothing is looked up at all; without one, nothing after the answer was asked for."""
    ledger, rules, day = LEDGERS[name](), ruleset(name), "2024-06-01" if "-id-" in name else "2026-05-20"
    usual = all_of(evaluate(ledger, "p", on=day, ruleset=rules))
    asked = evaluate(ledger, "p", on=day, ruleset=rules)
    elsewhere = evaluate(ledger, "p", on=day)
    everybody = evaluate_all(ledger, on=day, ruleset=rules, rulesets=(beside := consulted_by(rules)))
    raise_where_looked_up(monkeypatch)
    with pytest.raises(LookedUpError):
        evaluate(ledger, "p", on=day, ruleset=rules)
    assert all_of(asked) == usual
    assert all_of(evaluate(ledger, "p", on=day, ruleset=rules, rulesets=beside)) == usual
    assert [all_of(report) for report in everybody] == [usual]
    assert "whose rules were used" in all_of(elsewhere)[0]


LOOKING_UP = {"ruleset", "ruleset_ids", "consulted_by"}


def looking_up(sources):
    """Return the modules of the evaluation that import what looks rule sets up."""
    found = set()
    for name, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("peer_ledger.rulesets"):
                found |= {name} if LOOKING_UP & {alias.name for alias in node.names} else set()
        found |= {name} if "peer_ledger.rulesets" in imported(source) else set()
    return found


def test_one_module_of_the_evaluation_looks_rule_sets_up():
    """And it does so before an answer is begun."""
    inner = {name: source for name, source in SOURCES.items() if name.startswith("evaluation")}
    assert len(inner) > 30
    assert looking_up(inner) == {"evaluation._rule_sets"}


# What an answer says of it, and an old answer.


def test_every_digest_used_stands_in_the_report():
    """In its plain form, in its text and on its card."""
    report = evaluate(idaho(), "p", on="2024-06-01", ruleset=PEER)
    digest = digest_of(ruleset(FAMILY))
    assert report.to_dict()["provenance"]["consulted"] == [
        {"ruleset": FAMILY, "version": ruleset(FAMILY).version, "digest": digest}
    ]
    assert all(f"with {FAMILY} {ruleset(FAMILY).version}, digest {digest[:12]}" in text for text in all_of(report)[:2])


@pytest.mark.parametrize(("name", "day"), [(PEER, "2024-06-01"), (SPECIALIST, "2026-05-20")])
def test_an_old_answer_is_given_again_with_the_rules_kept(monkeypatch, name, day):
    """The siblings are kept with the rules, and come back by the digests in the report, whatever there is by now."""
    ledger = LEDGERS[name]()
    keep_rules(ledger, ruleset(name))
    then = evaluate(ledger, "p", on=day, ruleset=name)
    keep_rules(ledger, *(shorter(other) for other in consulted_by(ruleset(name)).values()))
    raise_where_looked_up(monkeypatch)
    kept = kept_by_digest(ledger, then.provenance.digests)
    assert kept.keys() == {name, *(other.ruleset for other in then.provenance.consulted)}
    again = evaluate(ledger, "p", on=day, ruleset=name, rulesets=kept)
    assert all_of(again)[0].splitlines()[:-1] == all_of(then)[0].splitlines()[:-1]
    assert again.provenance.digests == then.provenance.digests
    with pytest.raises(RuleSetNotFound, match="carries no such rule set"):
        kept_by_digest(ledger, {name: "0" * 64})


def test_a_kept_sibling_is_the_one_given():
    """A changed rule set that is kept beside the one that looks at it takes the place of the bundled one."""
    ledger, changed = Ledger(), asking(ruleset(FAMILY), 15)
    assert keep_rules(ledger, ruleset(PEER), changed).added == 2
    assert kept_by_digest(ledger, {FAMILY: digest_of(changed)}) == {FAMILY: changed}


def test_worked_cases_look_at_the_rule_sets_given(tmp_path):
    """Two rule sets of one file, neither of them bundled, share no hours."""
    path = tmp_path / "yy.cases.toml"
    path.write_text(
        '[[cases]]\nid = "apart"\nsays = "The other takes 8 of 12 hours."\nbasis = "DERIVED"\n'
        'on = 2025-06-01\nruleset = "xx-board"\nderivation = "12 - 8 = 4."\nrecords = [\n'
        '{ type = "certification", id = "a", person = "p", credential = "xx-board", act = "awarded", on = 2024-06-01 },\n'
        '{ type = "certification", id = "b", person = "p", credential = "yy-board", act = "awarded", on = 2024-05-01 },\n'
        '{ type = "training-event", id = "e", person = "p", completed = 2025-03-04, credits = [{ amount = "12" }] },\n'
        ']\n[cases.expect]\nfindings = [{ requirement = "training", counted = 4 }]\n'
    )
    [case] = read_cases(path)

    def apart(name, other):
        shared = (NotSharedWith(ruleset=other, requirement="training", cites=("P",)),)
        return board(hours(8, not_shared_with=shared), id=name)

    both = {"xx-board": apart("xx-board", "yy-board"), "yy-board": apart("yy-board", "xx-board")}
    assert str(run_case(case, both)) == "apart: passed"
    assert not run_case(case, {"xx-board": both["xx-board"]}).passed
