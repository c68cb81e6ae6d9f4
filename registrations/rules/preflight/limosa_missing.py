"""No Limosa number was written down for a posted worker."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return shift.worker is not None and shift.worker.limosa.is_missing


CHECK = Check(
    key="limosa-missing",
    about=About.WORKER,
    title=_("Limosa number missing"),
    advice=_("Ask for the Limosa declaration (L1) before the shift, and write its number down."),
    is_in_trouble=_is_in_trouble,
    predicts="limosaNotFound",
)
