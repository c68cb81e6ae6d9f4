"""Races, told in order: what somebody else writes at the moment when a statement is about to run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from ciao_portal.models import Person

# How `lock_person` begins: whoever waits there finds what was written meanwhile.
LOCK_OF_A_PERSON = f'SELECT "{Person._meta.db_table}"."id" FROM "{Person._meta.db_table}" WHERE'  # noqa: S608  # compared with, never run


@contextmanager
def just_before(statement: str, deed: Callable[[], object]) -> Iterator[None]:
    """Do this once, before the first statement in the block that begins so; fail when there is none.

    What it writes goes when the block's own transaction is rolled back.
    """
    done: list[object] = []

    def run(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not done and sql.startswith(statement):
            done.append(True)
            deed()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(run):
        yield
    assert done, f"no statement began with {statement}"
