"""The employer does not stand in the chain of the declaration on that day."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    # A chain ends with its works: that is told once, as the end of the works.
    return shift.works.runs_on(shift.day) and not shift.in_chain


CHECK = Check(
    key="chain-missing",
    about=About.FIRM,
    title=_("Company not in the chain of the declaration"),
    advice=_("Add the company to the chain of the declaration before the shift, here and at the NSSO."),
    is_in_trouble=_is_in_trouble,
    predicts="enterpriseNotOnDeclaration",
)
