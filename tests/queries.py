"""A ceiling for the number of queries, which prints them when it is passed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def at_most_queries(ceiling: int) -> Iterator[None]:
    """Fail when the block sends more queries than this."""
    with CaptureQueriesContext(connection) as captured:
        yield
    statements = [query["sql"] for query in captured.captured_queries]
    assert len(statements) <= ceiling, "\n".join([f"{len(statements)} queries:", *statements])
