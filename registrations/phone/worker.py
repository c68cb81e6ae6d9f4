"""The service worker of the cleaners' phones: a line that says what to keep, and where its scripts are.

Its address never changes and stands above all addresses it serves; its version follows from the content of
everything it keeps, so that a phone takes a new one as soon as anything in it changed.
"""

import json
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET

from ciao_portal.permissions import Permission, requires

# The first is what is shown in place of any other page.
PAGES = ("offline", "hand-over", "take-over")
TEMPLATES = ("base", "_waiting", "offline", "hand_over", "take_over")
ASSETS = (
    "css/phone.css",
    "css/offline.css",
    "js/queue.js",
    "js/phone.js",
    "js/offline.js",
    "js/bundle.js",
    "js/hand_over.js",
    "js/take_over.js",
    "js/qr.js",
    "img/favicon.svg",
)
SCRIPTS = ("js/queue.js", "js/worker.js")


@requires(Permission.ANYONE)
@require_GET
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The script behind the phone's pages, asked for again by the browser at every visit."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@lru_cache(maxsize=1)
def _script() -> str:
    kept = {
        "version": _version(),
        "pages": [reverse(f"phone:{name}") for name in PAGES],
        "assets": [static(name) for name in ASSETS],
    }
    scripts = ", ".join(json.dumps(static(name)) for name in SCRIPTS)
    return f"self.ciaoKept = {json.dumps(kept)};\nimportScripts({scripts});\n"


def _version() -> str:
    """Twelve letters of a hash over all that is kept, as it lies in the source."""
    sources = [settings.BASE_DIR / "static" / name for name in (*ASSETS, *SCRIPTS)]
    sources += [settings.BASE_DIR / "templates" / "phone" / f"{name}.html" for name in TEMPLATES]
    content = sha256()
    for source in sources:
        content.update(source.read_bytes())
    return content.hexdigest()[:12]
