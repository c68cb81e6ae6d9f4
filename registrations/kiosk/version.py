"""Which version of the page is served: one that is older loads itself again when nobody needs it."""

import hashlib
from functools import cache

from django.conf import settings

# What a tablet keeps for a night without signal, beside its page.
ASSETS = (
    "css/phone.css",
    "css/kiosk.css",
    "js/queue.js",
    "js/kiosk_camera.js",
    "js/kiosk.js",
    "img/favicon.svg",
)
SCRIPTS = ("js/queue.js", "js/worker.js")
TEMPLATES = ("base", "start", "_kept")


@cache
def served_version() -> str:
    """Changes with anything the tablet keeps; the same on every host that serves it."""
    sources = [settings.BASE_DIR / "static" / name for name in (*ASSETS, *SCRIPTS)]
    sources += [settings.BASE_DIR / "templates" / "kiosk" / f"{name}.html" for name in TEMPLATES]
    seen = hashlib.sha256()
    for source in sources:
        seen.update(source.read_bytes())
    return seen.hexdigest()[:12]
