"""One deed for several rows of a list: what is offered, and which rows were ticked."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from ciao_portal.permissions import Permission
from ciao_portal.web.keyset import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button below the list that posts the ticked rows to an address.

    `opens_document`: the answer is a document in a window of its own, not the list again.
    """

    url_name: str
    label: str | Promise
    permission: Permission
    icon: str = ""
    opens_document: bool = False


def ticked(request: HttpRequest) -> list[UUID]:
    """The rows that were ticked, each once, at most a page of them; what is no id is passed over."""
    found: dict[UUID, None] = {}
    for value in request.POST.getlist("row"):
        try:
            found[UUID(value)] = None
        except ValueError:
            continue
    return list(found)[:PAGE_SIZE]
