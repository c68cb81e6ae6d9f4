"""The Limosa declaration ends on that day or in the week after it."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift, ends_soon


def _is_in_trouble(shift: Shift) -> bool:
    worker = shift.worker
    return worker is not None and worker.needs_limosa and ends_soon(worker.limosa_ends_on, shift.day)


CHECK = Check(
    key="limosa-ending",
    about=About.WORKER,
    title=_("Limosa declaration ends soon"),
    advice=_("Prolong the Limosa declaration when the worker stays."),
    is_in_trouble=_is_in_trouble,
)
