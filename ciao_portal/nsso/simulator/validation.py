"""Runs the checks when they are due: some seconds after intake, 16 hours after the act, and after changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from ciao_portal.nsso.contract import Item, JsonObject
from ciao_portal.nsso.simulator.faults import FaultKind
from ciao_portal.nsso.simulator.reference import Reference
from ciao_portal.nsso.simulator.remarks import (
    BRUSSELS,
    LOOK_AHEAD,
    LOOK_BACK,
    UNPAIRED_AFTER,
    Known,
    remarks_for,
    validity_of,
)
from ciao_portal.nsso.simulator.rows import Due, Search, Verdict, as_moment
from ciao_portal.nsso.simulator.store import Store

_CHUNK = 200
_PAUSE_S = 0.2
_UNSEEN_VALIDITY = "underReview"
_UNSEEN_REMARK = "remarkNeverSeen"


class Validation:
    """The checks, their clock and the reference data they go by."""

    def __init__(self, store: Store, *, delay_s: float) -> None:
        self._store = store
        self._delay_s = delay_s
        self._advanced = store.advanced()
        self.reference = Reference(store.sections())

    def now(self) -> float:
        """The validation clock; only this one can be moved."""
        return time.time() + self._advanced

    def due_after_intake(self) -> float:
        return self.now() + self._delay_s

    def advance(self, seconds: float) -> None:
        self._advanced = self._store.advance(seconds)

    def clear(self) -> None:
        """Forget registrations, those made by other means too, and set the clock back to now."""
        with self._store.transaction():
            self._store.clear()
            self._store.put_sections({"presences": []})
            self.reference = Reference(self._store.sections())
            self._advanced = 0.0

    def change_reference(self, sections: dict[str, list[object]]) -> None:
        """Replace these sections; all judged so far is due again. ``ContractError`` when malformed."""
        # One transaction: no check of the old data may land after the new ones asked for another look.
        with self._store.transaction():
            merged = {**self._store.sections(), **sections}
            reference = Reference(merged)
            self._store.put_sections(sections)
            if "presences" in sections:
                self._store.replace_elsewhere(
                    reference.presences, received=time.time(), due=self.due_after_intake()
                )
            if sections.keys() - {"clients"}:
                self._store.all_due(self.now())
            self.reference = reference

    def add_presences(self, rows: list[JsonObject]) -> list[int]:
        """Take in well-formed presences made by other means, beside those there are; returns numbers."""
        with self._store.transaction():
            before = self._store.sections().get("presences", [])
            self._store.put_sections({"presences": [*before, *rows]})
            return self._store.add(
                [(row, Item.from_wire(row)) for row in rows],
                received=time.time(),
                due=self.due_after_intake(),
                elsewhere=True,
            )

    def catch_up(self, *, registration_id: int | None = None, search: Search | None = None) -> None:
        """Do the checks that are due; of one registration or of a search's days only."""
        while self._check_some(registration_id, search):
            pass

    def run(self, stopping: threading.Event) -> None:
        """Keep up in the background until told to stop."""
        while not stopping.wait(_PAUSE_S):
            while not stopping.is_set() and self._check_some(None, None):
                pass

    def _check_some(self, registration_id: int | None, search: Search | None) -> bool:
        now = self.now()
        with self._store.transaction():
            due = self._store.due(now, limit=_CHUNK, registration_id=registration_id, search=search)
            self._store.judge(
                [verdict for group in _by_worker(due) for verdict in self._judge(group, now)], now
            )
        return len(due) == _CHUNK

    def _judge(self, of_one_worker: Sequence[Due], now: float) -> list[Verdict]:
        first = min(one.happened for one in of_one_worker) - LOOK_BACK.total_seconds()
        last = max(one.happened for one in of_one_worker) + LOOK_AHEAD.total_seconds()
        around = self._store.of_worker(of_one_worker[0].ssin, first, last)
        known = {one.id: one for one in around}
        return [self._verdict(one, known[one.id], around, now) for one in of_one_worker]

    def _verdict(self, due: Due, one: Known, around: Sequence[Known], now: float) -> Verdict:
        codes = remarks_for(one, around, self.reference, as_moment(now))
        validity = validity_of(codes)
        if due.quirk == FaultKind.UNKNOWN_REMARK:
            codes = [*codes, _UNSEEN_REMARK]
            validity = validity_of(codes)
        if due.quirk == FaultKind.UNKNOWN_VALIDITY:
            validity = _UNSEEN_VALIDITY
        seen = dict(due.remarks)
        today = as_moment(now).astimezone(BRUSSELS).date().isoformat()
        unpaired_at = due.happened + UNPAIRED_AFTER.total_seconds()
        return Verdict(
            id=due.id,
            validity=validity,
            remarks=tuple((code, seen.get(code, today)) for code in codes),
            due=unpaired_at if unpaired_at > now else None,
        )


def _by_worker(rows: Sequence[Due]) -> list[list[Due]]:
    groups: dict[str, list[Due]] = {}
    for row in rows:
        groups.setdefault(row.ssin, []).append(row)
    return list(groups.values())
