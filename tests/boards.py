"""A board of which the rules are small enough to be reckoned by hand, and somebody whom it certified on June 1, 2024."""

from datetime import date

from peer_ledger import Ledger, evaluate
from peer_ledger.records import (
    Certification,
    Coverage,
    Credit,
    Document,
    Filing,
    Quantity,
    Ruling,
    TrainingEvent,
)
from peer_ledger.rules import Anniversary, Edition, Hours, Interval, Procedure, RelativeDate, RuleSet, Source

XX = "xx-board"
PAGE = Source(id="P", title="The page", address="https://board.example", kind="board", seen=date(2026, 1, 2))
AWARD = Certification(id="c", person="p", credential=XX, act="awarded", on="2024-06-01")
COVERED = (Coverage(id="cov-a", covers="document"), Coverage(id="cov-c", covers="certification"))


def hours(need, name="training", **more):
    return Hours(id=name, says="So many hours.", need=need, cites=("P",), **more)


def board(*requirements, edition=None, **more):
    """Renewal every two years from day to day; training counts from the day after the last grant, without end."""
    only = Edition(
        **{
            "id": "renewal-1",
            "says": "All of it.",
            "earning": Interval(begins=RelativeDate(of="last-grant", included=False), cites=("P",)),
            "requirements": requirements or (hours(8),),
            **(edition or {}),
        }
    )
    return RuleSet(
        **{
            "id": XX,
            "name": "Peer specialist",
            "body": "The board",
            "jurisdiction": "xx",
            "time_zone": "UTC",
            "version": "1",
            "seen_on": date(2026, 1, 4),
            "cycle": Anniversary(months=24),
            "cycle_cites": ("P",),
            "sources": (PAGE,),
            "procedures": (Procedure(step="renewal", editions=(only,)),),
            **more,
        }
    )


def act(name, kind, on, **more):
    return Certification(**{"id": name, "person": "p", "credential": XX, "act": kind, "on": on, **more})


def trained(name, amount, topics=None, day="2025-03-04", **more):
    carried = [Credit(amount=amount, topics=topics)]
    return TrainingEvent(**{"id": name, "person": "p", "completed": day, "credits": carried, **more})


def filed(name, sent, **more):
    return Filing(**{"id": name, "person": "p", "credential": XX, "step": "renewal", "sent": sent, **more})


def document(name, kind, on="2025-03-04", value=None, **more):
    return Document(id=name, person="p", kind=kind, on=on, value=value, **more)


def ruled(requirement, effect, on="2025-01-01", figure=None, **more):
    quantity = None if figure is None else Quantity(amount=figure[0], unit=figure[1])
    return Ruling(
        id="r", person="p", credential=XX, on=on, requirement=requirement, effect=effect, figure=quantity, **more
    )


def asked(records, on, ruleset, **more):
    """Evaluate somebody of whom these records are on file, and of whom all acts and documents are."""
    ledger = Ledger()
    ledger.append([*COVERED, *records])
    return evaluate(ledger, "p", on=on, ruleset=ruleset, **more)
