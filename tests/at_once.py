"""Several people who decide about the same thing at one moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from ciao_portal.errors import DomainError


def both_at_once(*deeds: Callable[[], object]) -> list[str]:
    """The codes of what was refused."""
    barrier = Barrier(len(deeds))

    def attempt(deed: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=30)
            deed()
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [code for code in pool.map(attempt, deeds) if code]
