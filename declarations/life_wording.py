"""The words for decisions about a declaration: the question, what follows from it, what was done."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from declarations.models.declarations import Move

_AT_THE_NSSO = _("Do the same at the NSSO if the works are declared there: the portal cannot change that.")
_NOTHING_IS_LOST = _(
    "Whoever still scans a code of these works is registered, and what goes to the NSSO still goes there: "
    "nothing is lost."
)


@dataclass(frozen=True, slots=True)
class Question:
    """What the page of a move says; the button that leads to it carries the label of the move."""

    title: Promise
    consequences: tuple[Promise, ...]
    submit: Promise
    icon: str
    done: Promise


QUESTIONS: dict[Move, Question] = {
    Move.END: Question(
        _("End these works?"),
        (
            _("They end on the day you give, that day included; companies of their chain end with them."),
            _NOTHING_IS_LOST,
            _AT_THE_NSSO,
            _("You can reopen them later."),
        ),
        _("End the works"),
        "calendar",
        _("The last day of the works was kept."),
    ),
    Move.CANCEL: Question(
        _("Cancel this declaration?"),
        (
            _("It keeps its workplaces, codes, chain, registrations and history, and counts as called off."),
            _NOTHING_IS_LOST,
            _AT_THE_NSSO,
            _("You can take the cancellation back until the last day of the works."),
        ),
        _("Cancel the declaration"),
        "remove",
        _("The declaration is cancelled."),
    ),
    Move.TAKE_BACK: Question(
        _("Take back the cancellation?"),
        (
            _("The declaration stands again as its days and numbers say."),
            _("That it was cancelled, and why, stays in its history."),
            _AT_THE_NSSO,
        ),
        _("Take back the cancellation"),
        "refresh",
        _("The declaration stands again."),
    ),
    Move.RENEW: Question(
        _("Renew the contract"),
        (_AT_THE_NSSO,),
        _("Renew the contract"),
        "refresh",
        _("The contract is renewed. Posters that show a last day must be printed again."),
    ),
    Move.REOPEN: Question(
        _("Reopen the works"),
        (
            _AT_THE_NSSO,
            _("Companies of the chain that ended stay ended: give those that go on a place of their own."),
        ),
        _("Reopen the works"),
        "refresh",
        _("The works are open again. Posters that show a last day must be printed again."),
    ),
}
