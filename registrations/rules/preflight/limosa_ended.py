"""The Limosa declaration of a posted worker ends before that day."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    worker = shift.worker
    if worker is None or not worker.needs_limosa:
        return False
    return worker.limosa_ends_on is not None and worker.limosa_ends_on < shift.day


CHECK = Check(
    key="limosa-ended",
    about=About.WORKER,
    title=_("Limosa declaration ended"),
    advice=_("File a new Limosa declaration before the shift and write down its last day."),
    is_in_trouble=_is_in_trouble,
    predicts="limosaNotActive",
)
