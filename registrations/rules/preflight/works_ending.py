"""The declaration ends on that day or in the week after it."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift, ends_soon


def _is_in_trouble(shift: Shift) -> bool:
    return shift.works.cancelled_on is None and ends_soon(shift.works.ends_on, shift.day)


CHECK = Check(
    key="works-ending",
    about=About.WORKS,
    title=_("Declaration ends soon"),
    advice=_("Renew the declaration when the works go on, here and at the NSSO."),
    is_in_trouble=_is_in_trouble,
)
