"""Somebody registers for the company who is not employed by it on that day."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return shift.is_own and shift.worker is None


CHECK = Check(
    key="employment-missing",
    about=About.WORKER,
    title=_("No employment on that day"),
    advice=_(
        "Add the worker, or correct the days of the employment. "
        "Does the worker register for the right company?"
    ),
    is_in_trouble=_is_in_trouble,
    predicts="dimonaNotFound",
)
