"""The declaration has not begun, is over or was cancelled on that day."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return not shift.works.runs_on(shift.day)


CHECK = Check(
    key="works-not-running",
    about=About.WORKS,
    title=_("Outside the period of the declaration"),
    advice=_(
        "When the works go on, renew the declaration here and at the NSSO. "
        "Otherwise tell the people which code to use."
    ),
    is_in_trouble=_is_in_trouble,
    predicts="declarationNotActive",
)
