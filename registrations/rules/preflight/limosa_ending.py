"""The Limosa declaration ends on that day or in the week after it."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return shift.worker is not None and shift.worker.limosa.ends_soon(shift.day)


CHECK = Check(
    key="limosa-ending",
    about=About.WORKER,
    title=_("Limosa declaration ends soon"),
    advice=_("Prolong the Limosa declaration when the worker stays."),
    is_in_trouble=_is_in_trouble,
)
