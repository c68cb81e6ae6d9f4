"""Background work of the foundation, run by the worker (`manage.py qcluster`)."""

from importlib import import_module

from django.conf import settings
from django.utils import timezone

from ciao_portal import retention


def clear_expired_sessions() -> None:
    """Forget sessions whose life is over; nobody is signed out by it."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def purge() -> None:
    """Delete what is past its term, with proof; nothing when nothing is."""
    retention.purge(now=timezone.now())
