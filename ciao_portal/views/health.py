"""Is the portal up? No details for strangers."""

import shutil

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET

from ciao_portal import schedules
from ciao_portal.env import VAR_DIR
from ciao_portal.permissions import Permission, requires


@requires(Permission.ANYONE)
@require_GET
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # Django's view signature
    """`UP`; `DEGRADED` when somebody must look after it; 503 `DOWN` when no registration can be kept.

    Degraded: registrations reach the NSSO late (no sender, or trouble there), the worker does not work, or
    the disk is nearly full.
    """
    now = timezone.now()
    try:
        is_behind = import_string(settings.BEHIND_PROBE)(now=now) or schedules.is_worker_late(now=now)
    except DatabaseError:
        return JsonResponse({"status": "DOWN"}, status=503)
    is_full = shutil.disk_usage(VAR_DIR).free < settings.LEAST_FREE_BYTES
    return JsonResponse({"status": "DEGRADED" if is_behind or is_full else "UP"})
