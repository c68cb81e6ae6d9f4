"""The Dimona ends on that day or in the week after it."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return shift.worker is not None and shift.worker.dimona.ends_soon(shift.day)


CHECK = Check(
    key="dimona-ending",
    about=About.WORKER,
    title=_("Dimona ends soon"),
    advice=_("Prolong the Dimona when the worker stays."),
    is_in_trouble=_is_in_trouble,
)
