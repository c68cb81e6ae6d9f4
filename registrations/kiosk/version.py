"""Which version of the tablet's page the server serves: a page that is older loads itself again."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

PARTS = ("static/js/kiosk.js", "static/css/kiosk.css", "templates/kiosk/base.html")


@cache
def served_version() -> str:
    """Changes with the script, the style or the frame of the page; the same on every host."""
    seen = hashlib.sha256()
    for part in PARTS:
        seen.update((Path(settings.BASE_DIR) / part).read_bytes())
    return seen.hexdigest()[:12]
