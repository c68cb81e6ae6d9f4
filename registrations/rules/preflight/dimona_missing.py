"""No Dimona number was written down, in a company that writes them down."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return shift.worker is not None and shift.worker.dimona.is_missing


CHECK = Check(
    key="dimona-missing",
    about=About.WORKER,
    title=_("Dimona number missing"),
    advice=_("File the Dimona before the shift, or write its number down."),
    is_in_trouble=_is_in_trouble,
    predicts="dimonaNotFound",
)
