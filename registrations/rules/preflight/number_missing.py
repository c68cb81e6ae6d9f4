"""The national number is still to come, or its check digits are wrong."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return not shift.has_number


CHECK = Check(
    key="number-missing",
    about=About.WORKER,
    title=_("National number missing or wrong"),
    advice=_("Compare the number with the identity document, and write it down once it is known."),
    is_in_trouble=_is_in_trouble,
    predicts="workerUnknown",
)
