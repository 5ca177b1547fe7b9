"""
The rules for certified peer workers of Norrland, an invented country, on peer_ledger.

A peer worker collects points: a lesson of 45 minutes is a point, and so is a point that an organizer gave.  A
certificate holds to the end of the year in which the third anniversary lies, and is renewed with 60 points, of which 12
on professional ethics and 6 with supervision; at most 20 points may come from what one reads alone at home, and since
2024 at least 10 are asked in each of the last three calendar years, and no organizer can give more than half of the 60.
What is sent by post is filed when it arrives.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from peer_ledger.records import Quantity
from peer_ledger.rules import (
    Anniversary,
    ByQuestion,
    Cap,
    CheckInput,
    CheckResult,
    Condition,
    Custom,
    Documents,
    Edition,
    EffectiveFrom,
    Hours,
    Interval,
    Part,
    Procedure,
    Question,
    Reading,
    RelativeDate,
    RuleSet,
    SessionCount,
    Source,
    TrainingFilter,
    UnitValue,
    custom_check,
)

__all__ = ["RULES", "YOUTH", "half_from_one_organizer"]

SEEN = date(2026, 11, 2)
STATUTE = ("STADGA",)
LEAFLET = ("BLAD",)

_SOURCES = (
    Source(
        id="STADGA",
        title="Stadga om erfarenhetsarbetare",
        address="https://norrland.example/stadga",
        kind="code",
        seen=SEEN,
    ),
    Source(
        id="BLAD",
        title="Faktablad: förnyelse av intyg",
        address="https://norrland.example/fornyelse",
        kind="board",
        seen=SEEN,
        dated="2024-01-01",
    ),
)

_ETHICS = Part(
    id="etik",
    says="Of which at least 12 points on professional ethics.",
    need=12,
    counts=TrainingFilter(topics={"ethics", "boundaries"}),
    cites=STATUTE,
)
_SUPERVISION = Part(
    id="handledning",
    says="Of which at least 6 points with supervision.",
    need=6,
    counts=TrainingFilter(topics={"supervision"}, not_topics={"ethics"}),
    cites=STATUTE,
)
_ALONE = Cap(
    id="sjalvstudier",
    says="At most 20 points of reading alone.",
    at_most=20,
    counts=TrainingFilter(deliveries={"self-paced"}, unknown_fits={"deliveries"}),
    cites=STATUTE,
)
_POINTS = Hours(
    id="poang",
    says="At least 60 points.",
    need=60,
    parts=(_ETHICS, _SUPERVISION),
    together="exclusive",
    caps=(_ALONE,),
    cites=STATUTE,
)


def _year(name: str, before: int) -> Part:
    """Ask for 10 points in one calendar year, so many before that of the due date, which is its last day."""
    return Part(
        id=f"{name}-aret",
        says="At least 10 points in the year.",
        need=10,
        within=Interval(
            begins=RelativeDate(of="due", months=-12 * (before + 1), days=1),
            ends=RelativeDate(of="due", months=-12 * before),
            cites=STATUTE,
        ),
        cites=STATUTE,
    )


@custom_check("norrland-half-from-one")
def half_from_one_organizer(asked: CheckInput) -> CheckResult:
    """
    Count the points of each organizer up to half of those needed.

    A cap in the rules names its providers, and here it is whichever it may be.  Training of which nobody recorded who
    gave it may all have come from the organizer who gave most, or each from another one.
    """
    if asked.need is None:
        return CheckResult(counted={})
    half = asked.need / 2
    left: dict[str, Fraction] = {}
    counted: dict[str, Fraction] = {}
    why_not: dict[str, str] = {}
    not_recorded: dict[str, str] = {}
    for one in asked.trainings:
        if one.provider is not None:
            why_not[one.id] = "half of the points come from this organizer"
            counted[one.id] = min(one.hours or Fraction(0), left.setdefault(one.provider, half))
            left[one.provider] -= counted[one.id]
    vague = {one.provider for one in asked.trainings if one.hours is None}
    possible = sum(counted.values()) + sum(left[name] for name in vague if name is not None)
    least = min(left.values(), default=half)
    for one in asked.trainings:
        if one.provider is None:
            not_recorded[one.id] = "the records do not say who gave it"
            counted[one.id] = min(one.hours or Fraction(0), least)
            least -= counted[one.id]
            possible += half if one.hours is None else min(one.hours, half)
        if one.hours is None:
            not_recorded[one.id] = "the records do not say how long it was"
    return CheckResult(counted=counted, possible=possible, why_not=why_not, not_recorded=not_recorded)


_CYCLE = Interval(begins=RelativeDate(of="cycle-start"), ends=RelativeDate(of="due"), cites=STATUTE)
_FEE = Documents(
    id="avgift",
    says="A fee of 450 kronor.",
    document_kind="fee",
    at_least=Quantity(amount=450, unit="krona"),
    adds_up=True,
    within=Interval(begins=RelativeDate(of="cycle-start"), cites=LEAFLET),
    cites=LEAFLET,
)
_LETTER = Documents(
    id="arbetsintyg",
    says="An employer's letter on at least 6 months of work.",
    document_kind="work-experience",
    at_least=Quantity(amount=6, unit="month"),
    cites=STATUTE,
)

_QUESTIONS = (
    Question(
        id="undervisning",
        asks="Do points for training that one taught oneself count?",
        readings=(
            Reading(id="ja", says="They do: the statute speaks of taking part.", cites=STATUTE),
            Reading(id="nej", says="They do not: the leaflet names participants alone.", cites=LEAFLET),
        ),
        assumed="ja",
        weight="blocking",
    ),
    Question(
        id="upprepning",
        asks="Does a course count again when it is taken again?",
        readings=(Reading(id="en-gang", says="Once."), Reading(id="varje-gang", says="Each time.")),
        assumed="en-gang",
    ),
)

_RENEWAL = Procedure(
    step="renewal",
    decided_by="filing",
    filed_when="received",
    editions=(
        Edition(
            id="fornyelse-2019",
            says="60 points in three years.",
            earning=_CYCLE,
            requirements=(_POINTS, _FEE),
        ),
        Edition(
            id="fornyelse-2024",
            says="Points of every kind of taking part, an employer's letter, and a month to file late.",
            begins=EffectiveFrom(day=date(2024, 1, 1), cites=LEAFLET),
            earning=_CYCLE,
            opens=RelativeDate(of="due", months=-6, days=1),
            late_until=RelativeDate(of="due", days=30),
            requirements=(
                Hours(
                    id="poang",
                    says="At least 60 points.",
                    need=60,
                    counts=ByQuestion(
                        by="undervisning",
                        values=(
                            ("ja", TrainingFilter(roles={"attended", "taught"})),
                            ("nej", TrainingFilter(roles={"attended"})),
                        ),
                    ),
                    parts=(_ETHICS, _SUPERVISION),
                    together="exclusive",
                    caps=(_ALONE,),
                    repeats=ByQuestion(by="upprepning", values=(("en-gang", "once"), ("varje-gang", "count"))),
                    cites=STATUTE,
                ),
                Hours(
                    id="poang-varje-ar",
                    says="At least 10 points in each of the last three calendar years.",
                    need=30,
                    parts=tuple(map(_year, ("sista", "nast-sista", "forsta"), range(3))),
                    together="exclusive",
                    cites=STATUTE,
                ),
                Custom(
                    id="en-anordnare",
                    says="Of the 60 points no more than half from one organizer.",
                    check="norrland-half-from-one",
                    subject="hours",
                    unit="point",
                    need=60,
                    cites=STATUTE,
                ),
                SessionCount(
                    id="natverkstraff",
                    says="At least two meetings of the network.",
                    need=2,
                    counts=TrainingFilter(providers={"erfarenhetsnatverket"}),
                    cites=LEAFLET,
                ),
                _FEE,
                _LETTER,
                Documents(
                    id="forseningsavgift",
                    says="A fee of 200 kronor for filing late.",
                    document_kind="late-fee",
                    at_least=Quantity(amount=200, unit="krona"),
                    only_if=Condition(late=True),
                    cites=LEAFLET,
                ),
            ),
        ),
    ),
)
_INITIAL = Procedure(
    step="initial",
    decided_by="filing",
    filed_when="received",
    editions=(
        Edition(
            id="intyg-2019",
            says="A basic course of 80 points.",
            requirements=(
                Hours(
                    id="grundkurs",
                    says="A basic course of 80 points.",
                    need=80,
                    counts=TrainingFilter(topics={"core-training"}),
                    earning=Interval(begins=RelativeDate(of="calendar", day=date(2015, 1, 1)), cites=STATUTE),
                    cites=STATUTE,
                ),
            ),
        ),
    ),
)

RULES = RuleSet(
    id="nl-erf-peer",
    name="Legitimerad erfarenhetsarbetare",
    body="Norrlands erfarenhetsråd",
    jurisdiction="nl",
    time_zone="Europe/Stockholm",
    version="2026.11",
    seen_on=SEEN,
    notice_days=180,
    cycle=Anniversary(months=36, begins="next-year"),
    cycle_cites=STATUTE,
    after_late="renewal",
    in_force_while_late=True,
    counts_in="point",
    units=(
        UnitValue(unit="point", hours="1", cites=STATUTE),
        UnitValue(unit="lesson", hours="1", cites=STATUTE),
        UnitValue(unit="study-day", hours="8", cites=LEAFLET),
        UnitValue(unit="course-credit", hours="20/3", cites=LEAFLET),
    ),
    sources=_SOURCES,
    questions=_QUESTIONS,
    procedures=(_INITIAL, _RENEWAL),
    notes=("Everything is counted in points; a point stands where other rule sets have a clock hour.",),
)

YOUTH = RuleSet(
    id="nl-erf-peer-youth",
    name="Erfarenhetsarbetare för unga",
    body="Norrlands erfarenhetsråd",
    jurisdiction="nl",
    time_zone="Europe/Stockholm",
    version="2026.11",
    seen_on=SEEN,
    cycle=Anniversary(months=12, begins="month"),
    cycle_cites=STATUTE,
    counts_in="point",
    units=(UnitValue(unit="point", hours="1", cites=STATUTE),),
    sources=_SOURCES[:1],
    procedures=(
        Procedure(
            step="renewal",
            decided_by="due",
            editions=(
                Edition(
                    id="unga-2020",
                    says="15 points a year.",
                    earning=_CYCLE,
                    requirements=(Hours(id="poang", says="At least 15 points.", need=Decimal(15), cites=STATUTE),),
                ),
            ),
        ),
    ),
)
