"""What a rule set prepares is kept for the next answers: once for each way of asking, and nothing of any person."""

import gc
from threading import Thread
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort, looked_at
from peer_ledger import Certification, Designation, Ledger, evaluate, ruleset, ruleset_ids
from peer_ledger.evaluation import _position as positions
from peer_ledger.evaluation import _shared_lives as shared_lives
from peer_ledger.evaluation._known import known
from peer_ledger.evaluation._report_builder import ReportBuilder
from peer_ledger.example import import_example
from peer_ledger.records import Record
from peer_ledger.reports import Report
from peer_ledger.testing import lives

ON = "2026-02-01"


def reached(root):
    """Return every object that another one holds on to, apart from modules, classes and the globals of functions."""
    found, waiting = {}, [root]
    while waiting:
        one = waiting.pop()
        if id(one) in found or isinstance(one, ModuleType | type | BuiltinFunctionType):
            continue
        found[id(one)] = one
        if isinstance(one, FunctionType):
            waiting += [one.__closure__, one.__defaults__, one.__kwdefaults__, one.__dict__]
        elif isinstance(one, MethodType):
            waiting += [one.__self__, one.__func__]
        else:
            waiting += gc.get_referents(one)
    return found.values()


def of_people(kept):
    """Return the records of people, and the reports, that are reached from what is kept."""
    return [
        one
        for one in reached(kept)
        if isinstance(one, Record | Report | ReportBuilder) and getattr(one, "person", "") != "any"
    ]


@pytest.mark.parametrize("name", looked_at(ruleset_ids()))
@effort(20)
@given(data=st.data())
def test_nothing_of_any_person_is_kept(name, data):
    """Courses and statements about everybody are of no person, but they are of a ledger: none of them is kept either."""
    ledger = Ledger()
    ledger.append(data.draw(lives(ruleset(name))))
    for person in ledger.people():
        evaluate(ledger, person, on=ON, ruleset=name).to_dict()
    assert len(positions._kept) > 0
    assert of_people(positions._kept) == []


def test_a_record_that_is_kept_is_found(monkeypatch):
    """The fault shares states among those of whom the same records of designations are on file."""
    monkeypatch.setattr(shared_lives, "held_in", lambda history: history.designations)
    ledger = Ledger()
    ledger.append(
        Certification(id="c", person="p", credential="us-nc-cpss", act="awarded", on="2024-03-01", expires="2026-03-31")
    )
    ledger.append(Designation(id="d", person="p", name="military"))
    assert evaluate(ledger, "p", on=ON).standing == "current"
    assert {one.id for one in of_people(positions._kept)} == {"d"}


def position(**more):
    rules = known(ruleset("us-nc-cpss"))
    return positions.position_on(rules, **{"given": {}, "consulted": {}, "strict": False, **more})


def test_a_position_is_found_again_for_the_same_questions_alone():
    assert position() is position()
    others = [
        position(strict=True),
        position(given={"late-window": "thirty-days"}),
        position(consulted={"us-oh-cprs": ruleset("us-oh-cprs")}),
    ]
    assert len({*map(id, [position(), *others])}) == 4


def test_of_many_positions_the_last_are_kept(monkeypatch):
    monkeypatch.setattr(positions, "MOST_KEPT", 2)
    first, second = position(), position(strict=True)
    assert position() is first  # now it is the last one
    position(given={"late-window": "thirty-days"})
    assert position() is first
    assert position(strict=True) is not second


def test_one_that_is_full_is_begun_again(monkeypatch):
    first = position()
    monkeypatch.setattr(positions, "MOST_PLANS", -1)
    assert position() is not first


def test_many_threads_may_share_a_position():
    ledger, _ = import_example()
    people = list(ledger.people())[:40]
    expected = {person: headline(evaluate(ledger, person, on=ON)) for person in people}
    positions.forget_positions()
    found = [{} for _ in range(6)]

    def work(mine):
        for person in people:
            mine[person] = headline(evaluate(ledger, person, on=ON))

    threads = [Thread(target=work, args=(mine,)) for mine in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6


def headline(report):
    return report.standing, report.in_force, report.outcome, report.hours_outcome, report.status, report.hours_short
