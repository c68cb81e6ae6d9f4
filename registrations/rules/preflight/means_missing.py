"""The worker has neither a paired phone nor a card: only typing the national number is left."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    return shift.worker is not None and not shift.worker.has_means


CHECK = Check(
    key="means-missing",
    about=About.WORKER,
    title=_("No phone and no card"),
    advice=_("Hand out a personal card, or pair the worker's phone."),
    is_in_trouble=_is_in_trouble,
)
