"""
The arguments of the commands that ask forward.
"""

from typing import Any

from peer_ledger.cli import _planning_commands as commands
from peer_ledger.cli._options import add_asking, add_command


def add_planning(several: Any) -> None:
    """
    Add the commands to those there are.

    Args:
        several: Where commands are added.
    """
    plan = add_command(
        several,
        "plan",
        commands.plan,
        "Show what one person has to do next, and the cheapest of the offered trainings that are enough",
        """\
peer-ledger plan p-17
peer-ledger plan p-17 --courses offers.csv
peer-ledger plan p-17 --courses offers.csv --least hours --by 2026-03-01""",
    )
    plan.add_argument(
        "--courses",
        metavar="FILE",
        help="a CSV file of trainings that are offered, with the columns id, title, hours, topics, day and price",
    )
    plan.add_argument(
        "--least",
        choices=("price", "hours", "courses"),
        default="price",
        help="what to keep as small as possible (default: price)",
    )
    plan.add_argument("--by", metavar="DAY", help="the day by which it has to be done (default: the last one in time)")
    add_asking(plan, person=True)
    hinges = add_command(
        several,
        "fragility",
        commands.fragility,
        "Show the fewest records whose loss breaks what is met, and how many hours can be lost",
        """\
peer-ledger fragility p-17
peer-ledger fragility p-17 --on 2026-02-15 --format json""",
    )
    add_asking(hinges, person=True)
    calendar = add_command(
        several,
        "calendar",
        commands.calendar,
        "Show who becomes due, late or lapsed when, if nothing more is recorded",
        """\
peer-ledger calendar
peer-ledger calendar --on 2026-01-01 --until 2027-01-01 --format csv > due.csv
peer-ledger calendar --ical certifications.ics""",
    )
    calendar.add_argument("--until", metavar="DAY", help="the day after the last day (default: a year after the first)")
    calendar.add_argument("--ical", metavar="FILE", help="write an iCalendar file, for calendar programs")
    calendar.add_argument(
        "--nothing-more", action="store_true", help="suppose that every act of the board and every filing is on file"
    )
    add_asking(calendar)
    notices = add_command(
        several,
        "notices",
        commands.notices,
        "List the notices that are due today, for the person who sends the mail",
        """\
peer-ledger notices --format json
peer-ledger notices --since 2026-02-10 --ahead 60 --ahead 14""",
    )
    notices.add_argument(
        "--since", metavar="DAY", help="the day on which they were last sent (default: the day before)"
    )
    notices.add_argument(
        "--ahead",
        metavar="DAYS",
        action="append",
        type=int,
        help="how many days before a deadline; may be repeated (default: 90, 30, 7 and 0)",
    )
    add_asking(notices)
