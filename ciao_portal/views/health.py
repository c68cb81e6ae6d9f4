"""Is the portal up? No details for strangers."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET

from ciao_portal.permissions import Permission, requires


@requires(Permission.ANYONE)
@require_GET
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # Django's view signature
    """`UP`; `DEGRADED` when registrations reach the NSSO late; 503 `DOWN` when none can be kept."""
    try:
        is_behind = import_string(settings.BEHIND_PROBE)(now=timezone.now())
    except DatabaseError:
        return JsonResponse({"status": "DOWN"}, status=503)
    return JsonResponse({"status": "DEGRADED" if is_behind else "UP"})
