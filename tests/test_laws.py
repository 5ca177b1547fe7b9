"""The laws hold of every bundled rule set and of a foreign one, and each of them finds a fault that was planted for it."""

import contextlib
import importlib
import os
import re
import subprocess
import sys
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import norrland_rules
from boards import board, hours
from effort import examples, looked_at, sized
from peer_ledger import Ledger, evaluate, reports, rules, ruleset, ruleset_ids
from peer_ledger.errors import InvalidData
from peer_ledger.evaluation import _acts as acts
from peer_ledger.evaluation import _asked_hours as asked_hours
from peer_ledger.evaluation import _carryover as carryover
from peer_ledger.evaluation import _context as case
from peer_ledger.evaluation import _documents as documents
from peer_ledger.evaluation import _dossiers as dossiers
from peer_ledger.evaluation import _editions as editions
from peer_ledger.evaluation import _eligibility as eligibility
from peer_ledger.evaluation import _eligible_credits as eligible_credits
from peer_ledger.evaluation import _event as event_file
from peer_ledger.evaluation import _grants as grants
from peer_ledger.evaluation import _hours as hours_file
from peer_ledger.evaluation import _hours_plan as hours_plan
from peer_ledger.evaluation import _known as known_rules
from peer_ledger.evaluation import _lifecycle as standing
from peer_ledger.evaluation import _over_time as over_time
from peer_ledger.evaluation import _parts as parts
from peer_ledger.evaluation import _position as position
from peer_ledger.evaluation import _scenarios as answers
from peer_ledger.evaluation import _sessions as sessions
from peer_ledger.evaluation import _training as training
from peer_ledger.ledger import _reading as reading
from peer_ledger.ledger import _view as view
from peer_ledger.records import TrainingEvent, interchange
from peer_ledger.rules import Anniversary, TrainingFilter
from peer_ledger.rules import _questions as questions
from peer_ledger.rulesets._registry import _found
from peer_ledger.testing import (
    LAWS,
    _mentions,
    check_law,
    check_ruleset,
    combined_rule_sets,
    days_about,
    lives,
    read_cases,
    run_cases,
)
from peer_ledger.testing import _calendar_laws as calendar_laws

THIRD_PARTY = Path(__file__).with_name("third_party")
DAY = timedelta(days=1)
EXAMPLES = examples(15)
FEW = examples(2)
DEFAULT = "us-nc-cpss"


@pytest.mark.parametrize("law", LAWS)
def test_the_default_rule_set_obeys_every_law(law):
    assert check_law(ruleset(DEFAULT), LAWS[law], examples=EXAMPLES) > 0


OTHERS = [name for name in looked_at(ruleset_ids()) if not name.startswith("nl-") and name != DEFAULT]


TURN = sized(1, 8)
"""Of how many laws one is looked at in turn."""


def laws_for(place, step=TURN):
    """Return the laws that a rule set is held against: all of them in a full run, every eighth in turn in a quick one."""
    return {name: law for number, (name, law) in enumerate(LAWS.items()) if (number + place) % step == 0}


def test_every_law_has_its_turn():
    """Also a quick run looks at every law and at every rule set."""
    assert LAWS.keys() == {name for place in range(TURN) for name in laws_for(place)}
    assert len(OTHERS) >= TURN


@pytest.mark.parametrize("name", OTHERS)
def test_bundled_rule_set_obeys_the_laws(name):
    """The others are looked at a little, and at length with a profile that looks longer."""
    named = [other for other in OTHERS if ruleset(other).grade == "named"]
    laws = laws_for(OTHERS.index(name), 10) if name in named[1:] else laws_for(OTHERS.index(name))
    assert check_ruleset(ruleset(name), laws=laws, examples=FEW).keys() == laws.keys()


COMBINED = combined_rule_sets()


@pytest.mark.parametrize("name", COMBINED)
def test_rule_set_that_combines_two_things_obeys_the_laws(name):
    """The laws about what is settled together always, and the others in turn."""
    combined, together = COMBINED[name], list(LAWS)[-2:]
    laws = laws_for(list(COMBINED).index(name)) | {law: LAWS[law] for law in together}
    looked = check_ruleset(combined.ruleset, rulesets=combined.rulesets, laws=laws, examples=FEW)
    assert looked.keys() == laws.keys()


@pytest.mark.parametrize("name", ["RULES", "YOUTH"])
def test_foreign_rule_set_obeys_every_law(name):
    """Points, three years, days of another calendar's habits: nothing American is left in what the laws look at."""
    looked = check_ruleset(getattr(norrland_rules, name), examples=max(1, EXAMPLES // 2))
    assert looked.keys() == LAWS.keys()
    assert [law for law, count in looked.items() if count == 0] == []


@pytest.mark.parametrize(
    "rules",
    [
        board(hours(8, counts=TrainingFilter(not_topics=frozenset()))),  # names no word that a training may have
    ],
)
def test_rule_sets_at_the_edge_of_what_can_be_written_obey_the_laws(rules):
    assert check_ruleset(rules, examples=FEW).keys() == LAWS.keys()


def test_foreign_rule_set_is_found_by_its_id_when_it_is_installed(tmp_path, monkeypatch):
    """What its pyproject.toml announces is what an installed distribution's metadata say."""
    project = tomllib.loads((THIRD_PARTY / "pyproject.toml").read_text("utf-8"))["project"]
    info = tmp_path / "norrland_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    listed = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
        for group, points in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(listed))
    monkeypatch.syspath_prepend(tmp_path)
    _found.cache_clear()
    assert {"nl-erf-peer", "nl-erf-peer-youth"} <= set(ruleset_ids())
    assert ruleset("nl-erf-peer").time_zone == "Europe/Stockholm"
    (announced,) = entry_points(group=rules.CUSTOM_CHECKS)
    assert rules.find_custom_check(announced.name) is norrland_rules.half_from_one_organizer
    _found.cache_clear()


# Faults planted in the engine: each is found by the law that it is named with.


def alter_days(patch, altered):
    """Take other first and last days than those that count, for sums and for single credits."""
    real, summed = eligibility.Days.__init__, training.TrainingByDay.between
    patch.setattr(eligibility.Days, "__init__", lambda self, *days: real(self, *altered(*days)))
    patch.setattr(training.TrainingByDay, "between", lambda self, *days: summed(self, *altered(*days)))


def count_to_the_day_before_the_last(patch):
    """Training on the last day that counts does not count."""

    alter_days(patch, lambda first, last, as_of: (first, last and last - DAY, as_of))


def count_a_day_of_filing_too_many(patch):
    """Training on the day after the filing counts."""

    alter_days(patch, lambda first, last, as_of: (first, last, as_of + DAY))


def begin_cycles_a_day_late(patch):
    real = Anniversary.beginning
    patch.setattr(Anniversary, "beginning", lambda self, number, anchor: real(self, number, anchor) + DAY)


def leave_the_last_day_out_of_a_cycle(patch):
    real = calendar_laws.cycle_on
    patch.setattr(calendar_laws, "cycle_on", lambda day, rule, *, anchor: real(day + DAY, rule, anchor=anchor))


def ignore_caps(patch):
    real = asked_hours.AskedHours.fit

    def fault(self, *credit):
        fit = real(self, *credit)
        return fit and fit._replace(caps=frozenset(), sure_caps=frozenset())

    patch.setattr(asked_hours.AskedHours, "fit", fault)


def share_what_is_exclusive(patch):
    real = asked_hours.AskedHours.__init__

    def fault(self, context, hours):
        real(self, context, attrs.evolve(hours, together="shared" if hours.together else None))

    patch.setattr(asked_hours.AskedHours, "__init__", fault)


def drop_conversions(patch):
    patch.setattr(rules.UnitValue, "ratio", property(lambda self: Fraction(1)))


def round_every_credit(patch):
    for module in (event_file, training):
        patch.setattr(module, "as_fraction", lambda amount: Fraction(round(amount, 1)))


def lose_the_fourth_training(patch):
    real = dossiers.Dossier.events
    patch.setattr(dossiers.Dossier, "events", lambda self, *day: real(self, *day)[-3:])


def lose_a_training_when_there_are_more(patch):
    """A third training takes the place of the first."""
    real = dossiers.Dossier.events
    patch.setattr(dossiers.Dossier, "events", lambda self, *day: real(self, *day)[-2:])


def take_acts_as_they_were_recorded(patch):
    """Acts take effect in the order in which they were recorded."""

    def fault(self):
        found = [(self._day_of(act), act) for act in self._history.acts if act.act in acts.ORDER]
        return [(day, act) for day, act in found if day <= self._on]

    patch.setattr(grants.GrantBuilder, "acts", fault)


def take_acts_by_their_ids(patch):
    def fault(self):
        found = [(self._day_of(act), act) for act in self._history.acts if act.act in acts.ORDER]
        return sorted(((day, act) for day, act in found if day <= self._on), key=lambda pair: pair[1].id)

    patch.setattr(grants.GrantBuilder, "acts", fault)


def mix_people_up(patch):
    """What anybody learned is taken for what this person learned."""
    real = dossiers.read_about

    def fault(known, person):
        about = real(known, person)
        others = [one for other in known.people() if other not in about.people for one in known.records_of(other)]
        return attrs.evolve(about, records=(*about.records, *(one for one in others if isinstance(one, TrainingEvent))))

    patch.setattr(dossiers, "read_about", fault)


def erase_everybody(patch):
    real = Ledger.erase

    def fault(self, person, *, at=None):
        for one in list(self.people()):
            if self.records_of(one):
                real(self, one, at=at)

    patch.setattr(Ledger, "erase", fault)


def ignore_questions(patch):
    """The assumed reading is taken, whatever the caller says."""
    real = questions.Readings.take

    def fault(self, question_id):
        real(self, question_id)
        return self.question(question_id).assumed

    patch.setattr(questions.Readings, "take", fault)


def look_at_one_combination_alone(patch):
    def assumed(found, base):
        return [pair for pair in found if all(base[question] == reading for question, reading in dict(pair[0]).items())]

    real, spread = answers.Scenarios.combinations, parts.Parts.spread
    patch.setattr(
        answers.Scenarios,
        "combinations",
        lambda self, *under: (assumed(real(self, *under)[0], self.position.base), True),
    )
    patch.setattr(
        parts.Parts,
        "spread",
        lambda self, begun, find: attrs.evolve(
            part := spread(self, begun, find), found=assumed(part.found, {**self._base, **begun})
        ),
    )


def look_at_less_when_strict(patch):
    real = position.Position.__init__

    def fault(self, known, given, *, strict=False):
        real(self, known, given, strict=False)
        self.weighing = frozenset() if strict else self.weighing

    patch.setattr(position.Position, "__init__", fault)


def ignore_a_retraction_of_a_retraction(patch):
    patch.setattr(reading, "withdrawn_among", lambda rows: {row.retracts for row in rows if row.retracts is not None})


def know_everything_at_any_moment(patch):
    patch.setattr(view.LedgerView, "known_at", lambda self, moment: self.pinned())


def keep_what_is_corrected(patch):
    """A correction adds a record and withdraws none."""

    def fault(self, record_id, changes, *, reason):
        old = self.record(record_id)
        self.append(attrs.evolve(old, id=f"{record_id}~2", replaces=record_id, **changes))

    patch.setattr(Ledger, "correct", fault)


def add_what_is_there(patch):
    """A training that is recorded again is another training."""
    real = Ledger.append

    def fault(self, records, *, at=None):
        given = list(records) if not isinstance(records, TrainingEvent) else [records]
        there = {entry.record.id for entry in self if entry.record is not None}
        again = [one for one in given if one.id in there and isinstance(one, TrainingEvent)]
        return real(self, [*given, *(attrs.evolve(one, id=f"{one.id}-again") for one in again)], at=at)

    patch.setattr(Ledger, "append", fault)


def begin_editions_a_day_late(patch):
    real = editions._has_begun
    patch.setattr(
        editions, "_has_begun", lambda edition, day, method, readings: real(edition, day - DAY, method, readings)
    )


def forget_days_of_change(patch):
    patch.setattr(over_time, "_days_in", lambda known: iter(()))


def revive_what_lapsed(patch):
    real = standing._LifeBuilder._renewing

    def fault(self, grants):
        life = real(self, grants)
        long_over = self._on > grants[-1].due + 60 * DAY
        return attrs.evolve(life, standing="current") if life.standing == "lapsed" and long_over else life

    patch.setattr(standing._LifeBuilder, "_renewing", fault)


def write_days_as_days(patch):
    real = reports.Report.to_dict
    patch.setattr(reports.Report, "to_dict", lambda self: {**real(self), "on": self.on})


def forget_the_delivery(patch):
    real = interchange.UNSTRUCTURE[TrainingEvent]

    def fault(record):
        return {name: value for name, value in real(record).items() if name != "delivery"}

    patch.setitem(interchange.UNSTRUCTURE, TrainingEvent, fault)


def forget_what_does_not_count(patch):
    """A rule set is written without the topics that do not count."""
    files = importlib.import_module("peer_ledger.rulesets._files")
    real = files._plain_object
    patch.setattr(files, "_plain_object", lambda value, without: real(value, without | {"not_topics"}))


def look_at_the_clock(patch):
    """Nothing that lies in the future counts."""

    alter_days(patch, lambda first, last, as_of: (first, last, min(as_of, date.today())))  # noqa: DTZ011 - the fault


def count_minutes_as_fifty_to_the_hour(patch):
    patch.setitem(case.WORTH, "minute", Fraction(1, 50))


def take_unknown_for_no(patch):
    """What the records do not say is taken to be otherwise than it must."""
    real = asked_hours.counts_as
    for module in (asked_hours, eligible_credits, sessions):
        patch.setattr(module, "counts_as", lambda *known: real(*known) or False)


FAULTS = {
    look_at_the_clock: "neither_clock_nor_chance_plays_a_part",
    count_minutes_as_fifty_to_the_hour: "an_hour_is_sixty_minutes",
    take_unknown_for_no: "what_is_not_recorded_is_a_question",
    count_to_the_day_before_the_last: "what_counts_is_what_the_rules_name",
    count_a_day_of_filing_too_many: "what_counts_is_what_the_rules_name",
    begin_cycles_a_day_late: "first_cycle_lies_where_a_calendar_says",
    leave_the_last_day_out_of_a_cycle: "every_day_lies_in_one_cycle",
    ignore_caps: "no_cap_is_exceeded",
    share_what_is_exclusive: "no_minute_counts_twice",
    drop_conversions: "no_hour_is_lost",
    round_every_credit: "splitting_a_credit_changes_nothing",
    lose_the_fourth_training: "no_hour_is_lost",
    lose_a_training_when_there_are_more: "one_more_hour_never_hurts",
    take_acts_as_they_were_recorded: "order_of_recording_is_irrelevant",
    take_acts_by_their_ids: "names_do_not_matter",
    mix_people_up: "other_people_do_not_matter",
    erase_everybody: "erasing_one_alters_no_other",
    ignore_questions: "a_reading_taken_is_a_reading_written",
    look_at_one_combination_alone: "decided_is_what_all_readings_agree_in",
    look_at_less_when_strict: "strict_is_never_more_decided",
    ignore_a_retraction_of_a_retraction: "retraction_is_absence",
    know_everything_at_any_moment: "later_knowledge_alters_no_earlier_answer",
    keep_what_is_corrected: "a_correction_takes_the_records_place",
    add_what_is_there: "twice_is_once",
    begin_editions_a_day_late: "the_deciding_date_selects_the_edition",
    forget_days_of_change: "a_life_is_a_walk_day_by_day",
    revive_what_lapsed: "lapsed_does_not_come_back_by_itself",
    write_days_as_days: "report_survives_json",
    forget_the_delivery: "records_survive_json",
    forget_what_does_not_count: "rule_set_is_sound_and_survives_a_file",
}


@pytest.mark.parametrize(
    ("plant", "law"), list(FAULTS.items())[:: sized(1, 10)], ids=lambda one: getattr(one, "__name__", one)
)
def test_law_finds_the_fault_that_was_planted_for_it(monkeypatch, plant, law):
    """On the foreign rule set; the law holds as long as nothing is planted, which other tests tell."""
    known_rules._known.cache_clear()  # what was worked out of a rule set once must be worked out with the fault
    plant(monkeypatch)
    try:
        with pytest.raises(AssertionError, match=f"nl-erf-peer breaks {law}: "):
            check_law(norrland_rules.RULES, LAWS[law], examples=900, start=1, shrink=False)
    finally:
        known_rules._known.cache_clear()


def take_what_stands_for_a_figure_for_hours(patch):
    """The number that stands for an unstated figure in a plan enters the plan of what is settled later."""

    def fault(self):
        yield 0, self.proof.allocation, {}

    patch.setattr(hours_plan.HoursPlan, "possible", fault)
    patch.setattr(
        asked_hours.AskedHours, "largest", lambda self, _, beyond: dict.fromkeys(self.unstated, beyond)
    )  # fmt: skip


def forget_that_figures_are_unstated(patch):
    """An earlier requirement uses what it uses if all it asks is the easiest."""

    def fault(self):
        yield 0, self.least.allocation, {}

    patch.setattr(hours_plan.HoursPlan, "possible", fault)


def let_two_credentials_count_the_same(patch):
    patch.setattr(hours_file, "claims_before", lambda *_: ())


def forget_what_other_cycles_used(patch):
    """Hours that another credential used in a cycle that is closed are not kept apart."""
    patch.setattr(carryover, "_steps_elsewhere", lambda *_: iter(()))


def take_one_document_for_enough(patch):
    """One reference meets a requirement for references, however many are needed."""
    patch.setattr(documents.DocumentsTally, "is_met", property(lambda tally: tally._counted >= tally._need))


COMBINED_FAULTS = {
    take_what_stands_for_a_figure_for_hours: (
        "apart-and-their-unstated-exclusive-part", "an_unstated_figure_may_be_any_figure", 11,
    ),
    forget_that_figures_are_unstated: ("apart-and-their-unstated-need", "an_unstated_figure_may_be_any_figure", 9),
    let_two_credentials_count_the_same: ("apart-and-repeats", "no_hour_counts_for_two_credentials", 7),
    forget_what_other_cycles_used: ("apart-and-carried", "no_hour_counts_for_two_credentials", 11),
    take_one_document_for_enough: ("unstated-number-of-references", "an_unstated_figure_may_be_any_figure", 1),
}  # fmt: skip


@pytest.mark.parametrize("plant", list(COMBINED_FAULTS)[sized(0, 1) :: sized(1, 2)])
def test_law_finds_a_fault_in_what_is_settled_together(monkeypatch, plant):
    """On a rule set that combines two things: no bundled one shows these faults."""
    name, law, start = COMBINED_FAULTS[plant]
    known_rules._known.cache_clear()
    plant(monkeypatch)
    try:
        with pytest.raises(AssertionError, match=f"xx-one breaks {law}: "):
            check_law(
                COMBINED[name].ruleset,
                LAWS[law],
                rulesets=COMBINED[name].rulesets,
                examples=2000,
                start=start,  # where the lives drawn soon show it
                shrink=False,
            )
    finally:
        known_rules._known.cache_clear()


def test_a_rule_set_that_is_not_sound_breaks_every_law():
    """A rule set that is not sound is reported before any life is drawn."""
    unsound = attrs.evolve(norrland_rules.YOUTH, sources=())
    with pytest.raises(
        AssertionError, match=r"^nl-erf-peer-youth is not sound:\n  cycle_cites: 'STADGA' is not one of the sources"
    ):
        check_ruleset(unsound, laws={"twice_is_once": LAWS["twice_is_once"]})


def test_no_law_counts_that_found_nothing():
    """For every law a fault is planted."""
    assert {*FAULTS.values(), *(law for _, law, _ in COMBINED_FAULTS.values())} == LAWS.keys()


# The message about a broken law.


def nobody_learns_ethics(situation):
    """
    Nobody learns anything about ethics.

    It is wrong, so that there is something to tell.
    """
    for record in situation.records:
        for credit in getattr(record, "credits", None) or ():
            assert "ethics" not in (credit.topics or ()), f"{record.id} is about ethics"


TOLD = sized(norrland_rules.RULES, norrland_rules.YOUTH)
"""The rule set that a law is told to be broken by: the lives that are drawn for the smaller one are made small sooner."""


def told(laws):
    with pytest.raises(AssertionError) as caught:
        check_ruleset(TOLD, laws=laws, examples=sized(100, 20))
    return str(caught.value)


def test_a_broken_law_is_told_with_the_smallest_life_as_a_case_to_be_pasted(tmp_path):
    """Which law, what must hold, what was found; and the case reads back as one such training and little more."""
    text = told({"mine": nobody_learns_ethics})
    first, second, *_ = text.splitlines()
    assert first == f"{TOLD.id} breaks nobody_learns_ethics: Nobody learns anything about ethics."
    assert re.fullmatch(r"  e-\d+ is about ethics", second)
    path = tmp_path / "found.cases.toml"
    pasted = text[text.index("[[cases]]") :]
    path.write_text(pasted, "utf-8")
    with pytest.raises(InvalidData, match="expects nothing"):
        read_cases(path)
    path.write_text(f'{pasted}\nstanding = "current"\n', "utf-8")
    (found,) = read_cases(path)
    about = [str(one.credits) for one in found.records if isinstance(one, TrainingEvent)]
    assert sum("ethics" in one for one in about) == 1
    assert len(found.records) <= 6
    (result,) = run_cases(path, rulesets={TOLD.id: TOLD})
    assert result.report is not None


def test_all_broken_laws_are_told_at_once():
    """A law that holds is not among them."""

    def raises(situation):
        """Nothing is divided by nothing."""
        return 1 / 0

    def fails(situation):
        """Nobody has a record."""
        assert not situation.records

    text = told({"fails": fails, "twice": LAWS["twice_is_once"], "raises": raises})
    assert text.count("[[cases]]") == 2
    assert f"{TOLD.id} breaks fails: Nobody has a record." in text
    assert f"{TOLD.id} breaks raises: Nothing is divided by nothing.\n  ZeroDivisionError: division by zero" in text
    assert "breaks twice_is_once" not in text


def test_a_law_draws_what_else_it_needs_and_that_is_told():
    def drawn(situation):
        """No number is even."""
        number = situation.choose("number", st.integers(0, 5))
        assert number % 2, "it is even"

    assert re.search(r"\n  it is even\n(.*\n)*  with number: 0\n\n\[\[cases\]\]", told({"drawn": drawn}))


def test_equal_starts_look_at_equal_lives():
    """So that a batch of a long run can be done again."""

    def seen(start):
        found = []
        check_law(norrland_rules.YOUTH, lambda situation: found.append(situation.records), examples=5, start=start)
        return found

    assert seen(7) == seen(7) != seen(8)


# What is drawn.


def test_lives_reach_every_standing_and_outcome():
    """Whatever a certificate may come to, lives aimed at a rule set come to it; it stops when they have."""
    seen = set()
    wanted = {"not certified", "current", "late", "lapsed", "undetermined", "pending"}
    wanted |= {"hours met", "hours short", "hours undetermined", "documents met", "documents short"}

    class SeenAll(Exception):
        """Every standing and outcome was reached."""

    @settings(max_examples=max(1500, examples(1500)), phases=[Phase.generate])
    @given(st.data())
    def look(data):
        foreign = data.draw(st.sampled_from([norrland_rules.RULES, norrland_rules.YOUTH]))
        records = data.draw(lives(foreign))
        known = Ledger()
        known.append(records)
        report = evaluate(known, "p", on=data.draw(days_about(foreign, records)), ruleset=foreign)
        seen.update([report.standing, f"hours {report.hours_outcome}", f"documents {report.documents_outcome}"])
        seen.update(["pending"] if report.pending_since else [])
        if wanted <= seen:
            raise SeenAll

    with contextlib.suppress(SeenAll):
        look()
    assert wanted <= seen


def test_amounts_hit_the_figures_of_the_rules_and_miss_them_by_a_hundredth():
    """Of 60 points 12 and 6 lie in parts: 42 are left for the rest."""
    found = _mentions.mentions_of(norrland_rules.RULES)
    assert found.months == 36
    whole = next(one for one in found.targets["fornyelse-2024"] if Decimal(60) in one.amounts)
    assert {Decimal(one) for one in ("59.99", "60", "60.01", "41.99", "42", "42.01")} <= set(whole.amounts)
    assert {"supervision", "ethics", "boundaries"} <= set(found.words["topics"])
    assert found.words["providers"] == ("erfarenhetsnatverket",)
    assert date(2024, 1, 1) in found.days
    assert Fraction(20, 3) == dict(found.units)["course-credit"]
    assert {"work-experience", "fee", "late-fee"} == {one.document_kind for one in found.documents["fornyelse-2024"]}


@attrs.frozen(kw_only=True)
class Weekly:
    """A kind of requirement that nobody has heard of yet."""

    kind: ClassVar[str] = "weekly"
    subject: ClassVar[str] = "hours"
    unit: ClassVar[str] = "hour"
    units: ClassVar[frozenset[str] | None] = None
    inner: ClassVar[tuple[Any, ...]] = ()

    id: str = "weekly"
    says: str = "Some of it every week."
    called: str | None = None
    need: Decimal = Decimal("2.5")
    counts: rules.TrainingFilter = attrs.field(factory=lambda: rules.TrainingFilter(topics={"wellness"}))
    only_if: Any = None
    first_day: Any = None
    last_day: Any = None
    designation: str | None = None
    cites: tuple[str, ...] = ("STADGA",)

    def ids(self):
        yield self.id


@attrs.frozen(kw_only=True)
class LaterEdition:
    """An edition that asks for it."""

    id: str = "later"
    requirements: tuple[Weekly, ...] = (Weekly(),)


def test_kinds_of_requirement_that_come_later_are_aimed_at():
    """Nothing need be said of a new kind: its figure and its topics are found where they stand."""
    (target,) = _mentions.targets_of(LaterEdition())
    assert target.words == {"topics": ("wellness",)}
    assert {Decimal("2.49"), Decimal("2.5"), Decimal("2.51")} <= set(target.amounts)


BLOCKED = """
import sys
sys.modules["hypothesis"] = None
import peer_ledger, peer_ledger.testing
from peer_ledger.testing import as_case, read_cases, run_cases
for name in ("check_ruleset", "lives", "records"):
    try:
        getattr(peer_ledger.testing, name)
    except ImportError as error:
        print(error)
"""


def test_without_hypothesis_it_says_which_extra_to_install():
    """Worked cases need no Hypothesis; laws and strategies say where it comes from."""
    ran = subprocess.run([sys.executable, "-c", BLOCKED], capture_output=True, text=True, check=True, env=os.environ)
    assert ran.stdout.splitlines() == ["peer_ledger.testing needs Hypothesis: pip install 'peer-ledger[testing]'"] * 3
