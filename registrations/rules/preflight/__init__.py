"""Tomorrow's trouble, found before it happens: every module here that has a `CHECK` is one rule.

To add a rule, add a file. Checks stand in the order of their files' names.
"""

import pkgutil
from importlib import import_module

from registrations.rules.preflight.facts import Check, Shift


def _found() -> tuple[Check, ...]:
    modules = (import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    return tuple(module.CHECK for module in modules if hasattr(module, "CHECK"))


CHECKS = _found()


def troubles_of(shift: Shift) -> list[Check]:
    """The checks that find trouble with this shift."""
    return [check for check in CHECKS if check.is_in_trouble(shift)]


def predicted_codes(shift: Shift) -> set[str]:
    """The remarks of the NSSO that a registration of this shift would bring; none when it is not sent."""
    if not shift.works.is_sent:
        return set()
    return {check.predicts for check in troubles_of(shift) if check.predicts}
