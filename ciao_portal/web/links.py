"""Links in the cells of lists."""

from functools import lru_cache
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString

from ciao_portal.web.cells import shown

NOBODY = UUID(int=0)


def link(url: str, words: object) -> SafeString:
    """A link with words."""
    return SafeString(f'<a href="{shown(url)}">{shown(words)}</a>')


def row_link(url_name: str, pk: UUID, words: object) -> SafeString:
    """A link with words to the page of the row with this key."""
    return link(page_of(url_name, pk), words)


def page_of(url_name: str, pk: UUID) -> str:
    """The address of the page of the record with this key; for rows, of which there are many on a page."""
    return _address(url_name).replace(str(NOBODY), str(pk))


@lru_cache(maxsize=64)
def _address(url_name: str) -> str:
    """With a key in it that is replaced for each row: to look the name up takes longer than the rest."""
    return reverse(url_name, args=[NOBODY])
