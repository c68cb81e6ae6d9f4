"""The works were taken over by another declaration, and people are still expected on the old one."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    taken_over_on = shift.works.taken_over_on
    return taken_over_on is not None and taken_over_on <= shift.day


CHECK = Check(
    key="works-taken-over",
    about=About.WORKS,
    title=_("Works were taken over"),
    advice=_("Hang up the codes of the new declaration, and tell the people to use them."),
    is_in_trouble=_is_in_trouble,
)
