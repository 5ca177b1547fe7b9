"""
Asking forward: what to do next, what an answer depends on, and who becomes due when.

>>> from peer_ledger import Certification, Credit, Ledger, TrainingEvent
>>> ledger = Ledger()
>>> _ = ledger.append([
...     Certification(id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14",
...                   expires="2026-03-31"),
...     TrainingEvent(id="e-1", person="p-1", completed="2025-02-03", credits=[
...         Credit(amount="17.5", topics={"recovery"})]),
... ])
>>> ethics = Offer(id="eth-300", title="Ethics for peers", day="2026-03-03", price=45,
...                credits=[Credit(amount=3, topics={"ethics"})])
>>> print(str(plan(ledger, "p-1", on="2026-01-15", offers=[ethics])).splitlines()[0])
Take 'Ethics for peers' on March 3, 2026 (3 hours, $45): then the hours are met.
"""

from peer_ledger.planning._calendar import Calendar, CalendarDay, due_calendar
from peer_ledger.planning._fragility import Fragility, Loss, Spare, fragility
from peer_ledger.planning._needed import Need
from peer_ledger.planning._notices import Notice, Notices, notices
from peer_ledger.planning._offers import Offer, read_offers
from peer_ledger.planning._pace import MonthlyNeed, Pace, forecast, pace
from peer_ledger.planning._plans import Least, TrainingPlan, plan

__all__ = [
    "Calendar",
    "CalendarDay",
    "Fragility",
    "Least",
    "Loss",
    "MonthlyNeed",
    "Need",
    "Notice",
    "Notices",
    "Offer",
    "Pace",
    "Spare",
    "TrainingPlan",
    "due_calendar",
    "forecast",
    "fragility",
    "notices",
    "pace",
    "plan",
    "read_offers",
]
