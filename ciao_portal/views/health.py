"""Is the portal up? No details for strangers."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from ciao_portal.permissions import Permission, requires


@requires(Permission.ANYONE)
@require_GET
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # Django's view signature
    """`{"status": "UP"}`, or 503 `DOWN` when registrations cannot be stored."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "DOWN"}, status=503)
    return JsonResponse({"status": "UP"})
