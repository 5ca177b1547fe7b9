"""Answers under single readings, found from sums and counts, are those that are worked out reading by reading."""

import json
from datetime import date, timedelta
from random import Random

import attrs
import pytest

import ordinary
from peer_ledger import (
    Certification,
    Coverage,
    Credit,
    Document,
    Ledger,
    Quantity,
    TrainingEvent,
    evaluate,
    evaluate_all,
    ruleset,
)
from peer_ledger.evaluation import _asked_hours as asked_hours
from peer_ledger.evaluation import _known as known_rules
from peer_ledger.evaluation import _known_fits as known_fits
from peer_ledger.evaluation import _layout as layout
from peer_ledger.evaluation import _on_file as on_file
from peer_ledger.evaluation import _quick_by_reading as quick
from peer_ledger.evaluation import _report_builder as report_builder
from peer_ledger.evaluation import _summed as summed
from peer_ledger.evaluation import _variants as variants
from peer_ledger.evaluation._by_reading import ByReading
from peer_ledger.evaluation._position import forget_positions
from peer_ledger.evaluation._scenario import weight_of

CROWDS = [
    ("us-nc-cpss", 6),
    ("us-nc-cpss", 7),
    ("us-nc-cpss", date(2026, 1, 15)),
    ("us-nc-cpss", date(2028, 3, 1)),
    ("us-ga-cps-mh", 3),
    ("us-wa-cpss", 4),
    ("us-mn-cprs", 1),
    ("us-ny-fpa", 5),
]
"""Rule sets, each with a seed, or with a day to ask about people who renewed early."""

COUNT = 14
DAY = timedelta(days=1)


def renewed(count, on):
    """Return the records of people who renewed early, with trainings and letters: few due dates, and many trainings."""
    random = Random(count)
    records = [Coverage(id="acts", covers="certification")]
    for number in range(count):
        who, first = f"p-{number:02}", date(2022, 1, 20) + random.randrange(4) * 60 * DAY
        begins = first
        while begins < date(2026, 1, 15):
            ends = date(begins.year + 2, begins.month, min(begins.day, 28))
            act = "awarded" if begins == first else "renewed"
            name = f"c-{number}-{begins}"
            records.append(
                Certification(
                    id=name,
                    person=who,
                    credential="us-nc-cpss",
                    act=act,
                    on=begins,
                    expires=random.choice([ends, ends, None]),
                )
            )
            begins = ends - random.randrange(30) * DAY
        records += [
            TrainingEvent(
                id=f"e-{number}-{place}",
                person=who,
                completed=min(first + random.randrange(1400) * DAY, on),
                title=f"course {place}",
                delivery=random.choice(["in-person", "self-paced"]),
                credits=[Credit(amount=random.randrange(1, 7), topics=[random.choice(["ethics", "recovery"])])],
            )
            for place in range(random.choice([0, 12, 24]))
        ]
        for place in range(random.randrange(4)):
            by, day = random.choice([None, "w"]), first + random.randrange(1400) * DAY
            records.append(Document(id=f"d-{number}-{place}", person=who, kind="reference-letter", on=day, by=by))
    return records


def whole(report):
    """Return everything that a report says, with the report under the assumed readings."""
    under = report.under_assumed
    assumed = () if under is None else (under.to_dict(), str(under))
    return json.dumps([report.to_dict(), str(report), *assumed], sort_keys=True, default=str)


def answered(name, crowd):
    """Return what is said of each person of a crowd, of whom nothing was known before."""
    forget_positions()
    known_rules._known.cache_clear()
    everybody = Ledger()
    if isinstance(crowd, date):
        on, records = crowd, renewed(COUNT, crowd)
    else:
        on, records = ordinary.day_for(crowd), ordinary.people(ruleset(name), COUNT, crowd)
    everybody.append(records)
    return {report.person: whole(report) for report in evaluate_all(everybody, on=on, ruleset=name)}


@pytest.fixture(scope="module")
def one_by_one():
    """Return what is said of each crowd if every answer is worked out, and no pattern is found again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report_builder, "pattern_of", lambda *_: None)
        patch.setattr(report_builder, "answers_by_reading", lambda scenarios, _: ByReading(scenarios))
        patch.setattr(known_rules.Known, "asked_hours", lambda *_: None)
        return {crowd: answered(*crowd) for crowd in CROWDS}


@pytest.mark.parametrize("crowd", CROWDS)
def test_whole_reports_are_those_that_are_worked_out_one_by_one(one_by_one, crowd):
    assert answered(*crowd) == one_by_one[crowd]


def seen_of(answer):
    """Return everything of an assumed answer that the rest of a report is made from."""
    weights = tuple(map(weight_of, answer.verdicts))
    return (
        answer.life,
        dict(answer.readings),
        weights,
        answer.asked.keys(),
        answer.components,
        answer.days,
        answer.short,
    )


@pytest.fixture
def apart(monkeypatch):
    """Return what finds the people of a crowd whose assumed answer is another one if it is worked out by itself."""
    made = []
    real = quick.QuickByReading.__init__

    def noted(self, scenarios, *of):
        real(self, scenarios, *of)
        made.append((scenarios, self))

    monkeypatch.setattr(quick.QuickByReading, "__init__", noted)

    def found(crowd):
        made.clear()
        answered(*crowd)
        assert len(made) > COUNT // 2, "most people are answered from sums and counts"
        return [
            scenarios.history.person for scenarios, one in made if seen_of(one.assumed) != seen_of(scenarios.assumed)
        ]

    return found


@pytest.mark.parametrize("crowd", CROWDS[2:4])
def test_the_assumed_answer_is_that_which_is_worked_out_by_itself(apart, crowd):
    assert apart(crowd) == []


def keep_the_grants(patch):
    patch.setattr(quick.QuickByReading, "_granted_under", lambda self, *_: self._granted[1])


def forget_what_filters_ask(patch):
    """Another reading of what only decides which training counts is taken to change nothing."""
    real = variants.Variants._touched

    def fault(self):
        return real(self) - {question for step in self.base.steps for question in step.filters}

    patch.setattr(variants.Variants, "_touched", fault)


def mix_up_what_is_summed(patch):
    real = variants.Variants._lay_out

    def fault(self):
        real(self)
        self.order.reverse()

    patch.setattr(variants.Variants, "_lay_out", fault)


def share_the_days_of_the_first(patch):
    patch.setattr(variants, "is_own", lambda _point: False)


def tell_everybody_the_same(patch):
    real = variants.Variants.told_of
    patch.setattr(variants.Variants, "told_of", lambda self, _pattern: real(self, ()))


def ask_everybody_the_same(patch):
    """The questions that matter to the first person with a due date of a shape are taken to matter to all."""

    class Remembered(dict):
        def __contains__(self, _key):
            return bool(self)

        def __getitem__(self, _key):
            return next(iter(self.values()))

    real = layout.Draft.__init__

    def fault(self, *of):
        real(self, *of)
        self.mattering = Remembered()

    patch.setattr(layout.Draft, "__init__", fault)


def cover_everything(patch):
    """All documents are taken to be on file."""
    real = on_file.OnFile._count
    patch.setattr(on_file.OnFile, "_count", lambda self, place: real(self, place)._replace(is_covered=True))


def leave_the_day_of_a_variant(patch):
    """The state of a certificate keeps the days of the first due date of its shape."""
    patch.setattr(variants.Variants, "life", lambda _self, variant, _at: variant.life)


def take_all_training_for_one_kind(patch):
    real = known_fits.FitsByKind.find

    def fault(self, event, credit):
        is_known, fit = real(self, event, credit)
        return is_known, fit and fit._replace(fits=frozenset(), caps=frozenset())

    patch.setattr(known_fits.FitsByKind, "find", fault)


def note_no_filter(patch):
    """Training is taken to raise no question."""
    patch.setattr(summed.Summed, "is_any", lambda *_: False)


def keep_the_plan_of_other_units(patch):
    real = asked_hours.AskedHours.plan
    patch.setattr(asked_hours.AskedHours, "plan", lambda self, scale: real(self, next(iter(self._plans), scale)))


def take_every_grant_for_sure(patch):
    patch.setattr(quick, "is_last_sure", lambda *_: True)


def forget_where_cycles_begin(patch):
    patch.setattr(variants.Variants, "are_from_cycle", False)


def take_other_grants_for_the_same(patch):
    patch.setattr(quick.QuickByReading, "_is_like", lambda *_: True)


def mix_up_the_kinds(patch):
    real = known_fits.FitsByKind.kinds_of

    def fault(self, history):
        kinds = real(self, history)
        return kinds and kinds[::-1]

    patch.setattr(known_fits.FitsByKind, "kinds_of", fault)


def miss_other_sums(patch):
    patch.setattr(variants.Variants, "summed_otherwise", lambda *_: ())


def miss_what_differs(patch):
    patch.setattr(variants.Variants, "differing", frozenset())


def share_what_is_shown(patch):
    """What the first reading of a question gives is shown for all of them."""

    class Shown(dict):
        def get(self, _key):
            return next(iter(self.values()), None)

    real = report_builder.ReportBuilder.__init__

    def fault(self, *of, **more):
        real(self, *of, **more)
        self._given = Shown()

    patch.setattr(report_builder.ReportBuilder, "__init__", fault)


@pytest.mark.parametrize(
    "plant",
    [
        take_every_grant_for_sure,
        forget_where_cycles_begin,
        take_other_grants_for_the_same,
        mix_up_the_kinds,
        miss_other_sums,
        miss_what_differs,
        share_what_is_shown,
        keep_the_grants,
        forget_what_filters_ask,
        mix_up_what_is_summed,
        share_the_days_of_the_first,
        tell_everybody_the_same,
        ask_everybody_the_same,
        cover_everything,
        take_all_training_for_one_kind,
        keep_the_plan_of_other_units,
    ],
)
def test_a_fault_in_what_is_shared_shows(monkeypatch, one_by_one, plant):
    plant(monkeypatch)
    try:
        assert any(_differs(crowd, one_by_one[crowd]) for crowd in CROWDS)
    finally:
        known_rules._known.cache_clear()


def _differs(crowd, expected):
    try:
        return answered(*crowd) != expected
    except (AssertionError, KeyError, IndexError, TypeError):
        return True


@pytest.mark.parametrize("plant", [leave_the_day_of_a_variant, note_no_filter])
def test_a_fault_in_the_assumed_answer_shows(monkeypatch, apart, plant):
    plant(monkeypatch)
    try:
        assert any(map(apart, CROWDS[2:4]))
    finally:
        known_rules._known.cache_clear()


def renewing(months):
    """Return a report for which it is open under which edition a renewal is, and letters state some months."""
    rules = ruleset("us-nc-cpss")

    def longer(edition):
        if edition.id != "renewal-4":
            return edition
        asked = (
            attrs.evolve(one, at_least=Quantity(amount=24, unit="month")) if one.id == "letters-known" else one
            for one in edition.requirements
        )
        return attrs.evolve(edition, requirements=tuple(asked))

    procedures = tuple(
        attrs.evolve(one, editions=tuple(map(longer, one.editions))) if one.step == "renewal" else one
        for one in rules.procedures
    )
    ledger = Ledger()
    ledger.append([Coverage(id=f"all-{what}", covers=what) for what in ("certification", "document", "filing")])
    held = {"person": "p", "credential": "us-nc-cpss"}
    ledger.append(
        [
            Certification(id="c-1", act="awarded", on="2022-03-01", expires="2024-03-31", **held),
            Certification(id="c-2", act="renewed", on="2024-03-01", expires="2026-03-31", **held),
            TrainingEvent(
                id="e", person="p", completed="2025-03-04", credits=[Credit(amount=23, topics=["ethics", "recovery"])]
            ),
            Document(id="f", person="p", kind="fee", on="2025-12-01", value=Quantity(amount=20, unit="us-dollar")),
        ]
    )
    for writer in ("a", "b"):
        stated = Quantity(amount=months, unit="month")
        ledger.append(
            Document(id=f"l-{writer}", person="p", kind="reference-letter", on="2025-12-01", by=writer, value=stated)
        )
    return evaluate(
        ledger,
        "p",
        on="2026-01-15",
        ruleset=attrs.evolve(rules, procedures=procedures),
        readings={"letters-known": "a-year"},
    )


@pytest.mark.parametrize(
    ("months", "begun", "not_yet"), [(8, "short", "short"), (15, "short", "met"), (30, "met", "met")]
)
def test_what_documents_must_state_is_that_of_the_edition_that_is_looked_at(months, begun, not_yet):
    """The letters must state 24 months by the new edition and 12 by the one before, whichever is assumed to hold."""
    report = renewing(months)
    [asked] = [listed for listed in report.questions if listed.question.id == "renewal-4-begun"] or [None]
    if asked is None:
        assert begun == not_yet == report.documents_outcome
    else:
        said = {one.reading.id: dict(one.answer)["documents"] for one in asked.alternatives}
        assert said == {"begun": begun, "not-yet": not_yet}
