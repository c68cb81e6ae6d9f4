"""The words of causes, of who must act, and of the ways, in whole sentences of the reader's language."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.identifiers import format_enterprise_number
from registrations import cells
from registrations.rules.causes import Cause, Way, Who, Why
from registrations.wording import Words

CAUSES: dict[Why, Words] = {
    Why.UNKNOWN: _("Our own data do not tell why."),
    Why.KEPT_ELSEWHERE: _(
        "The worker's file is with the company the registration was made for, not with you."
    ),
    Why.NO_EMPLOYMENT: _("You keep no employment of this worker."),
    Why.EMPLOYMENT_ENDED: _("The worker's employment with you ended on %(day)s, before this registration."),
    Why.EMPLOYMENT_LATER: _("The worker's employment with you begins on %(day)s, after this registration."),
    Why.POSTED: _("You keep the worker as posted from abroad: then a Limosa is needed, not a Dimona."),
    Why.NOT_POSTED: _(
        "You keep the worker as employed in Belgium, not as posted: then a Dimona is needed, not a Limosa."
    ),
    Why.SELF_EMPLOYED: _("You keep the worker as self-employed."),
    Why.NOT_SELF_EMPLOYED: _("You keep the worker as employed, not as self-employed."),
    Why.DIMONA_MISSING: _("The worker's file has no Dimona number."),
    Why.DIMONA_KEPT: _(
        "The worker's file has Dimona %(given)s, and employment since %(day)s. Compare its period and its "
        "enterprise number with those at the NSSO."
    ),
    Why.LIMOSA_MISSING: _("The worker is posted from abroad, and the file has no Limosa number."),
    Why.LIMOSA_KEPT: _(
        "The worker's file has Limosa %(given)s, and employment since %(day)s. Compare its period with this "
        "day."
    ),
    Why.NUMBER_TYPED: _("The worker typed the national number at the workplace: it may be somebody else's."),
    Why.BIS_NUMBER: _(
        "The worker has a BIS number. The NSSO may know the person by a newer national number by now."
    ),
    Why.NUMBER_KEPT: _("The number comes from the worker's file. Compare it with the identity document."),
    Why.IN_OWN_SERVICE: _(
        "The worker used %(number)s, but is employed by you since %(day)s: the wrong enterprise was used."
    ),
    Why.EMPLOYER_ASSUMED: _(
        "The worker did not say for whom the work was done; the portal put %(number)s, the declaring company."
    ),
    Why.NO_ENTERPRISE_NUMBER: _(
        "The company has no Belgian enterprise number in the portal, only a foreign one."
    ),
    Why.OWN_NUMBER: _("Your own number %(number)s was used."),
    Why.FORMER_CONTRACTOR: _(
        "The worker used %(number)s, the former contractor; the contract changed on %(day)s."
    ),
    Why.LINK_LATER: _("The worker used %(number)s, whose place in the chain begins only on %(day)s."),
    Why.LINK_ENDED: _("The worker used %(number)s, whose place in the chain ended on %(day)s."),
    Why.LINK_KEPT: _(
        "Here %(number)s stands in the chain since %(day)s. Declare it at the NSSO, too, for that period."
    ),
    Why.NOT_IN_CHAIN: _("The worker used %(number)s, which has no place in the chain here either."),
    Why.DECLARATION_NOT_HERE: _("The portal does not know the declaration this was registered on."),
    Why.NUMBER_NOT_YET: _("The declaration has no technical reference in the portal, so none could be sent."),
    Why.NUMBER_CAME_LATER: _(
        "The declaration got its technical reference %(given)s only after this registration was sent."
    ),
    Why.NUMBER_CHANGED: _("%(given)s was sent. Here the declaration has another technical reference by now."),
    Why.NUMBER_AS_KEPT: _(
        "%(given)s was sent, as it still stands in the declaration here. Compare it with the declaration at "
        "the NSSO."
    ),
    Why.BEFORE_PERIOD: _("The declaration begins only on %(day)s."),
    Why.AFTER_PERIOD: _("The declaration ended on %(day)s."),
    Why.IN_PERIOD: _(
        "Here the declaration runs on this day, since %(day)s. Compare its period with the one at the NSSO."
    ),
    Why.BELOW_THRESHOLD: _("Amount and subcontractors of the declaration stay below the threshold."),
    Why.ABOVE_THRESHOLD: _(
        "By amount and subcontractors as they stand here, the duty applies. Compare them with the "
        "declaration at the NSSO."
    ),
    Why.SENT_TWICE: _(
        "An answer of the NSSO was lost, and the registration reached it twice. You have it once."
    ),
    Why.TAPPED_TWICE: _("The worker registered the same once more at %(time)s."),
    Why.OUT_UNDER_WAY: _("The worker checked out at %(time)s, but that is not at the NSSO yet."),
    Why.IN_UNDER_WAY: _("The worker checked in at %(time)s, but that is not at the NSSO yet."),
    Why.SAID_STOPPED: _("There is no check-out. The worker said to have stopped at %(time)s."),
    Why.NO_OUT: _("There is no check-out here either, and the worker said nothing of it yet."),
    Why.NO_IN: _("There is no check-in here either."),
    Why.ALSO_ELSEWHERE: _("The worker also registered on “%(given)s” at %(time)s."),
}

WHO: dict[Who, Words] = {
    Who.OFFICE: _("Your office"),
    Who.EMPLOYER: _("The office of %(company)s"),
    Who.DECLARER: _("The declaring company %(company)s"),
    Who.WORKER: _("The worker, with your office"),
    Who.NOBODY: _("Nobody"),
}

WAYS: dict[Way, Words] = {
    Way.WORKER: _("Open the worker's file"),
    Way.CHAIN: _("Open the chain"),
    Way.DECLARATION: _("Open the declaration"),
    Way.REQUEST: _("Prepare a request"),
    Way.REGISTRATION: _("See the registration and what the worker said"),
    Way.REMIND: _("Remind the company"),
    Way.DIMONA: _("Dimona service of the NSSO"),
    Way.LIMOSA: _("Limosa service"),
    Way.ENTERPRISES: _("Crossroads Bank for Enterprises"),
    Way.MANAGEMENT: _("Management application of the NSSO"),
}


def cause_words(cause: Cause) -> str:
    """One or two sentences."""
    words = str(CAUSES[cause.why])
    return words % {
        "day": cells.full_day(cause.day) if cause.day else "",
        "time": cells.moment(cause.at) if cause.at else "",
        "given": cause.given,
        "number": _number(cause.given) if "%(number)s" in words else "",
    }


def who_words(who: Who, *, employer: str, declarer: str) -> str:
    """Who must act, with the companies as the reader calls them."""
    return str(WHO[who]) % {"company": declarer if who is Who.DECLARER else employer}


def _number(given: str) -> str:
    """`0206.731.645`; words for a company without one."""
    return format_enterprise_number(given) if given.isdecimal() else gettext("a foreign enterprise number")
