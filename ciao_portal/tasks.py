"""Background work of the foundation, run by the worker (`manage.py qcluster`)."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils import timezone

from ciao_portal import certificate_ends, logs, retention


def clear_expired_sessions() -> None:
    """Forget sessions whose life is over; nobody is signed out by it."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def purge() -> None:
    """Delete what is past its term, with proof; nothing when nothing is."""
    retention.purge(now=timezone.now())


def tell_of_ending_certificates() -> None:
    """Write to owners whose access to the NSSO ends soon, once for each threshold."""
    certificate_ends.tell_owners(now=timezone.now())


def forget_words(*, task: dict[str, Any], **_signal: Any) -> None:
    """Of a task that failed, keep where it failed: the words of an exception may repeat a value.

    The worker would store them in the table of tasks and write them to the log.
    """
    if not task["success"]:
        task["result"] = logs.places_of_text(str(task["result"]))
