"""The NSSO has not given the declaration its number yet."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return shift.works.lacks_number


CHECK = Check(
    key="works-number-missing",
    about=About.WORKS,
    title=_("Declaration without number"),
    advice=_("Declare the works to the NSSO before the shift, and write the number down."),
    is_in_trouble=_is_in_trouble,
    predicts="declarationMissing",
)
