"""Icons of the sprite as HTML."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


# An office page shows some twenty, and all pages the same hundred.
@lru_cache(maxsize=1024)
def icon_of(name: str, size: str = "", *, is_down: bool = False) -> SafeString:
    """What elements/icon.html gives for an id in img/icons.svg; size: "s", "l" or nothing."""
    return render_to_string("elements/icon.html", {"name": name, "size": size, "down": is_down})
