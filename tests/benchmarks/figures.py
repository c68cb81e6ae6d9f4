"""What a part measured: tables for people, the same figures as JSON for machines."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

# Where a part leaves its figures for the run that started it.
RESULT = "BENCH_RESULT"
# Shorter rounds and smaller data, to see that everything works.
QUICK = "BENCH_QUICK"

Cell = str | int | float | None


@dataclass
class Table:
    title: str
    columns: Sequence[str]
    rows: list[Sequence[Cell]] = field(default_factory=list)

    def add(self, *cells: Cell) -> None:
        self.rows.append(cells)

    def __str__(self) -> str:
        lines = [list(self.columns), *([_text(cell) for cell in row] for row in self.rows)]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.columns))]
        # The first column names, the others count.
        aligned = [
            "  ".join(
                cell.ljust(width) if at == 0 else cell.rjust(width)
                for at, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        return "\n".join(["", self.title, aligned[0], "-" * len(aligned[0]), *aligned[1:], ""])


def is_quick() -> bool:
    return os.environ.get(QUICK) == "1"


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def keep(tables: Sequence[Table]) -> None:
    """Print the tables, and leave them where the run that started this part looks for them."""
    for table in tables:
        say(table)
    if place := os.environ.get(RESULT):
        Path(place).write_text(json.dumps([asdict(table) for table in tables]), encoding="utf-8")


def _text(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:,.2f}" if abs(cell) < 100 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else cell
