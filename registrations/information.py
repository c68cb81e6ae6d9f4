"""How one registers: the words every worker is to be told, on the phone and on paper, in one's own language.

Source: NSSO, Check In and Out at Work, the pages for employers and for citizens; in force since 1 September
2024. A change of meaning is a new `TEXT_VERSION` in `registrations.rules.agreements`.
"""

from django.utils.translation import gettext_lazy as _

STEPS = (
    _("Whoever cleans for another firm in Belgium must register by law, every day."),
    _("Register yourself. Nobody may do it for you."),
    _("Press Start when you begin to clean at the workplace."),
    _("Press Break when your break begins. Press Back from break when it ends."),
    _("Press Stop when you have finished, before you leave."),
    _("Wait until you see the time in green. Then your registration is kept."),
    _("You do not have to use your own phone. Ask for a card, use the tablet, or type your number."),
    _("Tell your employer within 30 days. A registration itself is never changed."),
)
