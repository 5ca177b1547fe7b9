"""
Audits: packets for people who were drawn, in a folder with an index.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from datetime import date
from html import escape
from os import PathLike
from pathlib import Path

import attrs

from peer_ledger.errors import OutputRefused
from peer_ledger.evaluation import holders
from peer_ledger.evaluation._question import asks
from peer_ledger.ledger import LedgerView
from peer_ledger.ledger._about import first_ids
from peer_ledger.presenting.tables import Table
from peer_ledger.proving._packets import Packet, packet
from peer_ledger.proving._samples import Sample, draw_sample
from peer_ledger.reports._html import cell, grid, page, part, raw_cell
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import (
    A_COUNT,
    A_PATH,
    A_TEXT,
    arguments,
)
from peer_ledger.values._folders import folder_written_whole
from peer_ledger.values._outputs import output_errors, remove_unfinished, written_whole
from peer_ledger.values._wording import counted, spoken_day
from peer_ledger.values.dates import as_day

INDEX, SAMPLE, EVIDENCE = "index.html", "sample.json", "evidence.csv"
"""The names of the files beside the packets."""


@attrs.frozen(kw_only=True)
class Audit:
    """
    A sample of people, with the packet of each.

    Attributes:
        on: The day.
        sample: Who was drawn, and how.
        packets: Their packets, in the order of the draws.
    """

    on: date
    sample: Sample
    packets: tuple[Packet, ...] = attrs.field(repr=lambda packets: f"<{counted(len(packets), 'packet')}>")

    @property
    def title(self) -> str:
        """What it shows."""
        return f"Audit on {spoken_day(self.on)}: {self.sample.title}"

    def evidence(self) -> Table:
        """Return what to ask for: a row for each training and document that counted, of everybody drawn."""
        tables = [one.evidence() for one in self.packets]
        if not tables:
            return Table(headings=("person", "record", "ask_for"), rows=(), title=self.title)
        rows = tuple(row for table in tables for row in table.rows)
        return attrs.evolve(tables[0], rows=rows, title=f"{self.title}: evidence to ask for")

    @arguments(folder=A_PATH)
    def write(self, folder: str | PathLike[str]) -> tuple[Path, ...]:
        """
        Write the packets to a folder, with an index, the sample and the list of evidence to ask for.

        A new folder appears when it is complete, and only its owner may read it.  In one that is there and empty, each
        file appears when it is complete, and the index last, so that a folder with an index is whole.

        Args:
            folder: The folder; it is made if there is none of this name, and must be empty.

        Returns:
            The files, the index first.

        Raises:
            OutputRefused: The folder is not empty, or is none.
            LedgerFileError: It cannot be written.
        """
        target = Path(folder)
        is_there = _is_ready(target)
        names = [f"{number:0{len(str(len(self.packets)))}}.html" for number in range(1, len(self.packets) + 1)]
        contents = {name: one.html() for name, one in zip(names, self.packets, strict=True)}
        contents[SAMPLE] = json.dumps(self.sample.to_dict(), indent=2) + "\n"
        contents[EVIDENCE] = self.evidence().csv()
        contents[INDEX] = self.html(names)
        with nullcontext(target) if is_there else folder_written_whole(target) as made:
            for name, text in contents.items():
                with written_whole(made / name) as file:
                    file.write(text)
        return tuple(target / name for name in (INDEX, *names, SAMPLE, EVIDENCE))

    def html(self, names: Iterable[str] | None = None) -> str:
        """
        Return the index as a page.

        Args:
            names: The names of the files of the packets, to link to; `None` for no links.
        """
        return page(self.title, part("\n".join(self._body(names)), label=self.title))

    def __str__(self) -> str:
        return "\n".join([f"{self.title}.", str(self.sample), "", self.evidence().text()])

    def _repr_html_(self) -> str:
        return part("\n".join(self._body(None)), label=self.title)

    def _body(self, names: Iterable[str] | None) -> Iterator[str]:
        files = [None] * len(self.packets) if names is None else list(names)
        rows = [
            [
                cell(str(draw), kind="number", header=True),
                _linked(one.report.person, file),
                cell(one.report.status),
                cell(str(len(one.exhibits)), kind="number"),
                cell(str(sum(exhibit.evidence is None for exhibit in one.exhibits)), kind="number"),
                cell("holds" if not one.problems else "; ".join(one.problems)),
            ]
            for draw, (one, file) in enumerate(zip(self.packets, files, strict=True), 1)
        ]
        headings = ("draw", "person", "status", "counted", "place unknown", "proof")
        yield grid("Packets", headings, rows, numbers=frozenset({0, 3, 4}))
        yield f"<p>Drawn with the seed <code>{escape(self.sample.seed)}</code>. {escape(self.sample.method)}</p>"
        yield f"<p>SHA-256 of the sorted list of ids, as compact JSON: <code>{self.sample.population_digest}</code></p>"
        if names is not None:
            yield f'<p><a href="{EVIDENCE}">Evidence to ask for</a>, <a href="{SAMPLE}">the sample as JSON</a></p>'
        yield '<p class="quiet">This is not legal advice.</p>'


def _linked(person: str, file: str | None) -> str:
    return cell(person) if file is None else raw_cell(f'<a href="{file}">{escape(person)}</a>')


def _is_ready(folder: Path) -> bool:
    """Return whether the folder is there; refuse one with something in it, which might be another audit's."""
    with output_errors(folder):
        if not folder.exists() and not folder.is_symlink():
            return False
        if not folder.is_dir():
            raise OutputRefused(folder, "is not a folder; give the name of a new one; nothing was written")
        remove_unfinished(folder)
        if any(folder.iterdir()):
            raise OutputRefused(folder, "is not empty; give the name of a new folder; nothing was written")
    return True


@asks(size=A_COUNT, seed=A_TEXT)
def audit(
    ledger: LedgerView,
    *,
    on: date | str,
    size: int,
    seed: str,
    ruleset: str | RuleSet = DEFAULT,
    rulesets: Mapping[str, RuleSet] | None = None,
    readings: Mapping[str, str] | None = None,
    strict: bool = False,
    people: Iterable[str] | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Audit:
    """
    Draw people for an audit, and return the packet of each.

    Args:
        ledger: The ledger.
        on: The day.
        size: How many people to draw.
        seed: Any text; whoever has it and the list of ids can redraw the sample.
        ruleset: The rules, or their id.
        rulesets: The rule sets that exist, by id; `None` for those that can be found by id.
        readings: Questions that the caller answers, by id.
        strict: Whether questions that only cause a caveat also leave answers undetermined.
        people: The ids to draw from; `None` for everybody who holds the credential, held it or applied for it.
        progress: Called with the number of packets so far and of all.

    Raises:
        InvalidValue: There are fewer people than are to be drawn; `on` is not a valid date; or `readings` names an
            unknown question or reading.
        RuleSetNotFound: There is no such rule set.
        InvalidData: A rule set given is not sound; its problems are listed.
    """
    view, day = ledger.pinned(), as_day(on)
    there = holders(view, ruleset, on=day) if people is None else first_ids(view, people)
    sample = draw_sample(list(there), size=size, seed=seed)
    packets = []
    for done, person in enumerate(sample.people, 1):
        packets.append(
            packet(view, person, on=day, ruleset=ruleset, rulesets=rulesets, readings=readings, strict=strict)
        )
        if progress is not None:
            progress(done, size)
    return Audit(on=day, sample=sample, packets=tuple(packets))
