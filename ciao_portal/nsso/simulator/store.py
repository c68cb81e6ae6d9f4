"""The simulator's own SQLite file: registrations, reference data, used assertions, the clock's advance.

One connection, one lock: every method may be called from any thread. Moments are seconds since 1970 (UTC).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ciao_portal.nsso.contract import (
    Item,
    JsonObject,
    Validity,
    Wire,
)
from ciao_portal.nsso.simulator.reference import ChainView
from ciao_portal.nsso.simulator.remarks import LOOK_AHEAD, LOOK_BACK, Known
from ciao_portal.nsso.simulator.rows import (
    Due,
    Search,
    Stored,
    Verdict,
    facts_of,
    known_from,
    remarks_from,
    stored_from,
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS registrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    received REAL NOT NULL,
    elsewhere INTEGER NOT NULL,
    happened REAL NOT NULL,
    day TEXT NOT NULL,
    ssin TEXT NOT NULL,
    type TEXT NOT NULL,
    employer TEXT NOT NULL,
    reference TEXT,
    item TEXT NOT NULL,
    submitter TEXT,
    quirk TEXT,
    validity TEXT NOT NULL,
    remarks TEXT NOT NULL DEFAULT '[]',
    validated REAL,
    due REAL
);
CREATE INDEX IF NOT EXISTS registrations_worker ON registrations (ssin, happened);
DROP INDEX IF EXISTS registrations_day;
CREATE INDEX IF NOT EXISTS registrations_seen
    ON registrations (day, happened, id, employer, submitter, reference);
CREATE INDEX IF NOT EXISTS registrations_due ON registrations (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS sections (name TEXT PRIMARY KEY, rows TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS assertions (jti TEXT PRIMARY KEY, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS clock (one INTEGER PRIMARY KEY CHECK (one = 1), advance REAL NOT NULL);
"""
_COLUMNS = "id, received, item, validity, remarks, validated, employer, reference, submitter"
_KNOWN = (
    "id, ssin, happened, type, employer, reference,"
    f" json_extract(item, '$.{Wire.EMPLOYER}.{Wire.FOREIGN_VAT_NUMBER}')"
)
_TAKEN_IN = (
    "id, received, elsewhere, happened, day, ssin, type, employer, reference, item, submitter, quirk,"
    " validity, due"
)
_INSERT = f"INSERT INTO registrations ({_TAKEN_IN}) VALUES (:{_TAKEN_IN.replace(', ', ', :')})"  # noqa: S608
_NEIGHBOURS_DUE = (
    "UPDATE registrations SET due = min(coalesce(due, :due), :due)"
    " WHERE ssin = :ssin AND happened BETWEEN :happened - :ahead AND :happened + :back"
)
_VISIBLE = (
    # Whoever handed a registration in may look it up, also one for a company of an unknown declaration.
    "(employer = :viewer OR submitter = :viewer OR reference IN (SELECT value FROM json_each(:own))"
    " OR reference || ' ' || employer IN (SELECT value FROM json_each(:below)))"
)


class Store:
    """``first_number`` is given to the first registration of an empty store."""

    def __init__(self, path: Path, *, first_number: int) -> None:
        self._first_number = first_number
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens together or not at all, with no other thread between; may be nested."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def add(
        self,
        accepted: Sequence[tuple[JsonObject, Item]],
        *,
        received: float,
        due: float,
        submitter: str | None = None,
        quirk: str | None = None,
        elsewhere: bool = False,
    ) -> list[int]:
        """Take in well-formed items, as they came and as they were read; returns their numbers in order.

        They and those of the same workers around them are due for the checks.
        """
        kept = {
            "received": received,
            "elsewhere": elsewhere,
            "submitter": submitter,
            "quirk": quirk,
            "validity": Validity.PENDING.value,
            "due": due,
            "ahead": LOOK_AHEAD.total_seconds(),
            "back": LOOK_BACK.total_seconds(),
        }
        with self.transaction():
            first = self._next_number()
            rows = [
                {**kept, "id": first + index, **facts_of(wire, item)}
                for index, (wire, item) in enumerate(accepted)
            ]
            self._db.executemany(_NEIGHBOURS_DUE, rows)
            self._db.executemany(_INSERT, rows)
        return [first + index for index in range(len(rows))]

    def _next_number(self) -> int:
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'registrations'").fetchone()
        return int(row[0]) + 1 if row else self._first_number

    def find(self, registration_id: int) -> Stored | None:
        rows = self._select("WHERE id = ?", (registration_id,))
        return rows[0] if rows else None

    def taken_in(self) -> list[Stored]:
        """What came through the service itself, in order of intake."""
        return self._select("WHERE NOT elsewhere ORDER BY id", ())

    def registered_elsewhere(self) -> list[Stored]:
        """What was registered by other means, in order of number."""
        return self._select("WHERE elsewhere ORDER BY id", ())

    def of_worker(self, ssin: str, first: float, last: float) -> list[Known]:
        """The worker's registrations between these moments, for the checks."""
        wanted = f"SELECT {_KNOWN} FROM registrations WHERE ssin = ? AND happened BETWEEN ? AND ?"  # noqa: S608
        with self._lock:
            rows = self._db.execute(wanted, (ssin, first, last)).fetchall()
        return [known_from(row) for row in rows]

    def due(
        self, now: float, *, limit: int, registration_id: int | None = None, search: Search | None = None
    ) -> list[Due]:
        """What the checks must look at by ``now``; of one registration or of a search's days only."""
        days = (search.start.isoformat(), search.end.isoformat()) if search else (None, None)
        wanted = (
            "SELECT id, ssin, happened, quirk, remarks FROM registrations"
            " WHERE due <= ?1 AND (?2 IS NULL OR id = ?2) AND (?3 IS NULL OR day BETWEEN ?3 AND ?4)"
            " ORDER BY due LIMIT ?5"
        )
        with self._lock:
            rows = self._db.execute(wanted, (now, registration_id, *days, limit)).fetchall()
        return [
            Due(number, ssin, happened, quirk, remarks_from(remarks))
            for number, ssin, happened, quirk, remarks in rows
        ]

    def judge(self, verdicts: Sequence[Verdict], now: float) -> None:
        with self.transaction():
            self._db.executemany(
                "UPDATE registrations SET validity = ?, remarks = ?, validated = ?, due = ? WHERE id = ?",
                [(one.validity, json.dumps(one.remarks), now, one.due, one.id) for one in verdicts],
            )

    def all_due(self, now: float) -> None:
        """The reference data changed: every registration judged so far is looked at again."""
        with self.transaction():
            self._db.execute(
                "UPDATE registrations SET due = min(coalesce(due, ?1), ?1) WHERE validated IS NOT NULL",
                (now,),
            )

    def search(
        self, search: Search, view: ChainView, *, page: int, page_size: int
    ) -> tuple[list[Stored], int]:
        """One page, and how many there are in all."""
        condition, values = _conditions(search, view)
        order = "DESC" if search.newest_first else "ASC"
        with self._lock:
            count = f"SELECT count(*) FROM registrations {condition}"  # noqa: S608 - fixed texts, bound values
            total = int(self._db.execute(count, values).fetchone()[0])
            values = {**values, "limit": page_size, "offset": (page - 1) * page_size}
            # By day first: it follows the moment, and the index is read in its own order.
            order = f"ORDER BY day {order}, happened {order}, id {order}"
            tail = f"{condition} {order} LIMIT :limit OFFSET :offset"
            return self._select(tail, values), total

    def clear(self) -> None:
        """Forget registrations and the clock's advance; numbers go on."""
        with self.transaction():
            self._db.execute("DELETE FROM registrations")
            self._db.execute("DELETE FROM clock")

    def replace_elsewhere(self, items: Sequence[Item], *, received: float, due: float) -> None:
        """Make the presences registered by other means these; those that stay keep their number."""
        with self.transaction():
            kept = {stored.item.match_key: stored.id for stored in self._select("WHERE elsewhere", ())}
            wanted = {item.match_key: item for item in items}
            gone = [(kept[key],) for key in kept.keys() - wanted.keys()]
            self._db.executemany("DELETE FROM registrations WHERE id = ?", gone)
            fresh = [(item.to_wire(), item) for key, item in wanted.items() if key not in kept]
            self.add(fresh, received=received, due=due, elsewhere=True)

    def sections(self) -> dict[str, list[object]]:
        with self._lock:
            return {
                name: json.loads(rows) for name, rows in self._db.execute("SELECT name, rows FROM sections")
            }

    def put_sections(self, sections: Mapping[str, list[object]]) -> None:
        with self.transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO sections VALUES (?, ?)",
                [(name, json.dumps(rows)) for name, rows in sections.items()],
            )

    def is_first_use(self, jti: str, *, expires: float, now: float) -> bool:
        """Whether this assertion was never used before; from now on it was."""
        with self.transaction():
            self._db.execute("DELETE FROM assertions WHERE expires < ?", (now,))
            added = self._db.execute("INSERT OR IGNORE INTO assertions VALUES (?, ?)", (jti, expires))
            return added.rowcount == 1

    def advance(self, seconds: float) -> float:
        """Move the validation clock on; returns how far it is ahead in all."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO clock VALUES (1, ?1) ON CONFLICT DO UPDATE SET advance = advance + ?1",
                (seconds,),
            )
            return self.advanced()

    def advanced(self) -> float:
        with self._lock:
            row = self._db.execute("SELECT advance FROM clock").fetchone()
        return float(row[0]) if row else 0.0

    def _select(self, tail: str, values: Sequence[object] | Mapping[str, object]) -> list[Stored]:
        with self._lock:
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM registrations {tail}", values).fetchall()  # noqa: S608
        return [stored_from(row) for row in rows]


def _conditions(search: Search, view: ChainView) -> tuple[str, dict[str, object]]:
    """The WHERE of a search as this company may see it, and its values."""
    below = [f"{reference} {company}" for reference, companies in view.below.items() for company in companies]
    values: dict[str, object] = {
        "start": search.start.isoformat(),
        "end": search.end.isoformat(),
        "viewer": view.enterprise,
        "own": json.dumps(sorted(view.own_references)),
        "below": json.dumps(below),
    }
    conditions = [
        "day BETWEEN :start AND :end",
        _VISIBLE,
    ]
    for name in ("employer", "reference", "type", "validity"):
        if getattr(search, name) is not None:
            conditions.append(f"{name} = :{name}")
            values[name] = getattr(search, name)
    if search.remark_code is not None:
        conditions.append(
            "EXISTS (SELECT 1 FROM json_each(remarks) WHERE json_extract(value, '$[0]') = :code)"
        )
        values["code"] = search.remark_code
    return "WHERE " + " AND ".join(conditions), values
