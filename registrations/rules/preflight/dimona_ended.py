"""The Dimona that was written down ends before that day."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return shift.worker is not None and shift.worker.dimona.has_ended(shift.day)


CHECK = Check(
    key="dimona-ended",
    about=About.WORKER,
    title=_("Dimona ended"),
    advice=_("File a new Dimona before the shift and write down its last day."),
    is_in_trouble=_is_in_trouble,
    predicts="dimonaNotFound",
)
