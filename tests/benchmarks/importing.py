"""
What importing costs, as ratios to what has to be done anyway.

    python tests/benchmarks/importing.py [ROWS]

    import      `import peer_ledger`, to importing attrs, cattrs and pendulum, each over a bare interpreter
    all of it   `from peer_ledger import *`, to the same
    csv         ROWS rows (200,000 unless said otherwise) into records, to the standard library's csv and building the
                same records from values that are ready
    xlsx        the same rows from a workbook of a tenth as many, to csv and building
    report      the seconds that `peer-ledger report` takes for one of 6,000 people in a ledger's file

The best of several runs counts.
"""

import csv
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import openpyxl

from peer_ledger import Certification, Credit, Ledger, Origin, TrainingEvent
from peer_ledger.importing import import_file

RUNS = 3
PEOPLE = 6000


def best(work, runs=RUNS):
    return min(timed(work) for _ in range(runs))


def timed(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def interpreter(code):
    return best(lambda: subprocess.run([sys.executable, "-c", code], check=True), 7)


def rows_of(count):
    for number in range(count):
        day = date.fromordinal(date(2024, 1, 1).toordinal() + number % 700)
        hours = ("1", "1.5", "3", "6", "0.75")[number % 5]
        topic = ("Ethics", "Recovery", "Crisis", "Harm reduction")[number % 4]
        yield [
            f"p-{number % 6000}",
            f"Training number {number % 400}",
            day.strftime("%m/%d/%Y"),
            hours,
            topic,
            "Webinar",
        ]


def write(path, count):
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Employee ID", "Course Title", "Completion Date", "Hours", "Topic", "Delivery"])
        writer.writerows(rows_of(count))


def anyway(path, values):
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == len(values) + 1
    return [
        TrainingEvent(
            origin=Origin(source="spreadsheet", key=key),
            person=person,
            title=title,
            completed=day,
            delivery="live-online",
            credits=(Credit(amount=amount, topics=topics),),
        )
        for key, person, title, day, amount, topics in values
    ]


def ready(records):
    return [
        (one.origin.key, one.person, one.title, one.completed, one.credits[0].amount, one.credits[0].topics)
        for one in records
    ]


def workbook(path, count):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Completions")
    sheet.append(["Employee ID", "Course Title", "Completion Date", "Hours", "Topic", "Delivery"])
    for person, title, day, hours, topic, delivery in rows_of(count):
        month, number, year = map(int, day.split("/"))
        sheet.append([person, title, date(year, month, number), float(hours), topic, delivery])
    book.save(path)


def main(count):
    bare = interpreter("pass")
    needed = interpreter("import attrs, cattrs, pendulum") - bare
    print(f"import     {(interpreter('import peer_ledger') - bare) / needed:6.2f}")
    print(f"all of it  {(interpreter('from peer_ledger import *') - bare) / needed:6.2f}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "trainings.csv")
        write(path, count)
        imported = import_file(path, dates=["MM/DD/YYYY"])
        assert (imported.rejected_count, len(imported.records)) == (0, count)
        values = ready(imported.records)
        assert [one.credits for one in imported.records[:500]] == [one.credits for one in anyway(path, values)[:500]]
        own = best(lambda: import_file(path, dates=["MM/DD/YYYY"]))
        least = best(lambda: anyway(path, values))
        print(f"csv        {own / least:6.2f}  ({own:.1f} s to {least:.1f} s for {count} rows)")
        few = count // 10
        write(path, few)
        book = Path(folder, "trainings.xlsx")
        workbook(book, few)
        own = best(lambda: import_file(book))
        least = best(lambda: anyway(path, values[:few]))
        print(f"xlsx       {own / least:6.2f}  ({own:.1f} s to {least:.1f} s for {few} rows)")
        report(Path(folder, "peers.ledger"), values)


def report(path, values):
    records = [
        TrainingEvent(
            id=f"e-{number}", person=person, completed=day, title=title, credits=[Credit(amount=amount, topics=topics)]
        )
        for number, (_, person, title, day, amount, topics) in enumerate(values)
    ]
    records += [
        Certification(id=f"c-{one}", person=f"p-{one}", credential="us-nc-cpss", act="awarded", on="2024-03-14")
        for one in range(PEOPLE)
    ]
    with Ledger.open(path) as ledger:
        ledger.append(records)
    command = [sys.executable, "-m", "peer_ledger", "report", "p-17", "--ledger", str(path), "--on", "2026-02-15"]
    seconds = best(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), 5)
    print(f"report     {seconds:6.2f} s for one of {PEOPLE} people, {len(records)} records")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
