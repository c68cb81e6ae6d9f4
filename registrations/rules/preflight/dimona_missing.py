"""No Dimona number was written down, in a company that writes them down."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    worker = shift.worker
    return worker is not None and worker.needs_dimona and not worker.dimona_number


CHECK = Check(
    key="dimona-missing",
    about=About.WORKER,
    title=_("Dimona number missing"),
    advice=_("File the Dimona before the shift, or write its number down."),
    is_in_trouble=_is_in_trouble,
    predicts="dimonaNotFound",
)
