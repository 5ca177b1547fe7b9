"""
A drawing of what a person costs, by the number of people, from the figures that `columns.py --keep` writes.

`python tests/benchmarks/costs_drawn.py FIGURES [SVG]` writes `docs/explanation/costs.svg` unless another file is named, and prints the
figures as a table for the page.
"""

import json
import sys
from collections.abc import Iterator
from math import log10
from pathlib import Path

from peer_ledger.presenting._drawing import drawing

NAMES = {
    "report": "whole reports of evaluate_all, from a ledger",
    "headline": "headlines of evaluate_all, from a ledger",
    "frame": "evaluate_frame, from Parquet",
    "zen": "ZEN, one rule",
    "pandas": "pandas, one rule",
    "openfisca": "OpenFisca, one rule",
    "polars": "polars, one rule",
    "duckdb": "DuckDB, one rule",
}
"""What each way is called, the dearest first."""

OURS = ("report", "headline", "frame")
DASHES = {"zen": "2 3", "pandas": "6 3", "openfisca": "1 2", "polars": "8 2 2 2", "duckdb": "4 4"}
LEFT, RIGHT, TOP, HIGH = 60, 560, 30, 360

Costs = dict[str, dict[int, float]]


def read(path: Path) -> Costs:
    """Return the microseconds a person by the way and the number of people."""
    found: Costs = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["way"], {})[row["people"]] = row["us"]
    return found


def lines(costs: Costs) -> Iterator[str]:
    sizes = sorted({size for of_way in costs.values() for size in of_way})
    least = int(min(log10(cost) for of_way in costs.values() for cost in of_way.values()) // 1)
    most = int(-(-max(log10(cost) for of_way in costs.values() for cost in of_way.values()) // 1))

    def across(size: int) -> float:
        return round(LEFT + (log10(size) - log10(sizes[0])) / (log10(sizes[-1]) - log10(sizes[0])) * (RIGHT - LEFT), 1)

    def down(cost: float) -> float:
        return round(TOP + (most - log10(cost)) / (most - least) * HIGH, 1)

    yield '<text x="4" y="14" opacity=".7">microseconds of processor time a person</text>'
    for power in range(least, most + 1):
        y = down(10**power)
        yield f'<line x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}" stroke="currentColor" stroke-opacity=".18"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{10**power:,}</text>'
    for size in sizes:
        yield f'<text x="{across(size)}" y="{TOP + HIGH + 18}" text-anchor="middle">{size:,}</text>'
    yield f'<text x="{RIGHT}" y="{TOP + HIGH + 36}" text-anchor="end" opacity=".7">people</text>'
    labels = []
    for way, name in NAMES.items():
        points = sorted(costs.get(way, {}).items())
        if points:
            look = 'stroke-width="2.5"' if way in OURS else f'stroke-width="1.3" stroke-dasharray="{DASHES[way]}"'
            path = " ".join(f"{across(size)},{down(cost)}" for size, cost in points)
            yield f'<polyline points="{path}" fill="none" stroke="currentColor" {look}/>'
            for size, cost in points:
                tip = f"<title>{name}, {size:,} people: {cost:.1f} microseconds</title>"
                yield f'<circle cx="{across(size)}" cy="{down(cost)}" r="3" fill="currentColor">{tip}</circle>'
            size, cost = points[-1]
            labels.append((down(cost), across(size), way))
    last = 0.0
    for y, x, way in sorted(labels):
        last = max(y + 4, last + 15)
        weight = ' font-weight="600"' if way in OURS else ""
        yield f'<text x="{x + 12}" y="{last}"{weight}>{NAMES[way]}</text>'


def table(costs: Costs) -> str:
    """Return the figures as a table in Markdown."""
    sizes = sorted({size for of_way in costs.values() for size in of_way})
    rows = [
        "| microseconds a person | " + " | ".join(f"{size:,} people" for size in sizes) + " |",
        "|---" * (len(sizes) + 1) + "|",
    ]
    for way, name in NAMES.items():
        if way in costs:
            cells = [f"{costs[way][size]:,.1f}" if size in costs[way] else "" for size in sizes]
            rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def main() -> None:
    costs = read(Path(sys.argv[1]))
    default = Path(__file__).parents[2] / "docs" / "explanation" / "costs.svg"
    path = Path(sys.argv[2]) if len(sys.argv) > 2 else default
    path.write_text(
        drawing("What a person costs, by the number of people", TOP + HIGH + 44, list(lines(costs))) + "\n", "utf-8"
    )
    print(table(costs))


if __name__ == "__main__":
    main()
