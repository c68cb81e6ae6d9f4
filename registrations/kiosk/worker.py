"""The service worker of a tablet: its own start page, so that a reload without signal shows it again.

The script is the phones' (`static/js/worker.js`); only what it keeps differs. The page holds the name of the
workplace and nothing about anyone.
"""

import json

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET

from ciao_portal.permissions import Permission, requires
from registrations.kiosk.version import ASSETS, SCRIPTS, served_version


@requires(Permission.ANYONE)
@require_GET
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Asked for again by the browser at every load."""
    kept = {
        "version": served_version(),
        "pages": [reverse("kiosk:start")],
        "assets": [static(name) for name in ASSETS],
    }
    scripts = ", ".join(json.dumps(static(name)) for name in SCRIPTS)
    script = f"self.ciaoKept = {json.dumps(kept)};\nimportScripts({scripts});\n"
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
