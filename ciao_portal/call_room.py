"""Room for the calls of an office's request, in one piece (python/cpython issue 142183).

CPython keeps the frames of Python functions in pieces of 16 kB. A call that no longer fits into the last
piece gets a new one from the system, which goes back as soon as the call returns: 10 µs instead of 0.07,
again and again for a loop that happens to stand at such an edge. Templates and the ORM nest deeply enough
for whole pages to have their busiest loop there and to take twice the time, until some layer moved it away.

A function that asks for a large frame gets a piece of twice that size at once, and whatever is called from it
has its frames in the other half. What is never touched of it costs no memory.
"""

from collections.abc import Callable
from types import FunctionType

from django.http import HttpRequest, HttpResponseBase

from ciao_portal.middleware import PHONE_PREFIXES

Answer = Callable[[HttpRequest], HttpResponseBase]

# In words of 8 bytes: 128 kB asked for, so 128 kB for the calls. Seventy inside one another fill 16 kB.
ROOM = 16 * 1024


def _call(answer: Answer, request: HttpRequest) -> HttpResponseBase:
    return answer(request)


_call_with_room = FunctionType(_call.__code__.replace(co_stacksize=ROOM), globals())


def roomy_middleware(get_response: Answer) -> Answer:
    """The outermost middleware: everything else of an office's request is called from here.

    Cleaners' pages nest less, and to get the piece and give it back slows taps down when many come at once.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(PHONE_PREFIXES):
            return get_response(request)
        answered: HttpResponseBase = _call_with_room(get_response, request)
        return answered

    return middleware
