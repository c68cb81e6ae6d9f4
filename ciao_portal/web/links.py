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
    return link(_address(url_name).replace(str(NOBODY), str(pk)), words)


@lru_cache(maxsize=64)
def _address(url_name: str) -> str:
    """With a key in it that is replaced for each row: to look the name up takes longer than the rest."""
    return reverse(url_name, args=[NOBODY])
