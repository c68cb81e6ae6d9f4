"""At the same hours the person is expected by two employers."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return shift.overlaps


CHECK = Check(
    key="two-employers",
    about=About.WORKER,
    title=_("Expected by two employers at once"),
    advice=_("Ask the worker where the work will be done."),
    is_in_trouble=_is_in_trouble,
)
