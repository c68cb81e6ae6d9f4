"""The Limosa declaration of a posted worker ends before that day."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return shift.worker is not None and shift.worker.limosa.has_ended(shift.day)


CHECK = Check(
    key="limosa-ended",
    about=About.WORKER,
    title=_("Limosa declaration ended"),
    advice=_("File a new Limosa declaration before the shift and write down its last day."),
    is_in_trouble=_is_in_trouble,
    predicts="limosaNotActive",
)
