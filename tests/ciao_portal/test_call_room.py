"""A call costs the same at every depth of a request."""

import resource
from types import FunctionType

from django.http import HttpRequest, HttpResponse

from ciao_portal.call_room import roomy_middleware

CALLS = 50
DEEPEST = 400


def depths_that_fetch_memory() -> list[int]:
    """Depths at which each of some calls fetched a page of memory from the system.

    Leaves of several sizes, since an edge is met by those alone that no longer fit before it.
    """
    found = []

    def descend(depth: int) -> None:
        for leaf in LEAVES:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            for _call in range(CALLS):
                leaf()
            if resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before >= CALLS:
                found.append(depth)
        if depth < DEEPEST:
            descend(depth + 1)

    descend(0)
    return found


def _leaf() -> None:
    """Does nothing."""


LEAVES = [FunctionType(_leaf.__code__.replace(co_stacksize=size), globals()) for size in (1, 20, 60)]


def test_no_call_of_a_request_fetches_memory() -> None:
    found: list[int] = []

    def view(_request: HttpRequest) -> HttpResponse:
        found.extend(depths_that_fetch_memory())
        return HttpResponse()

    roomy_middleware(view)(HttpRequest())
    assert found == []
