"""The words of the one-page guides. Figures come in from the advisor's data; none stands here."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import day_label
from declarations.advice_wording import DUTIES, REASONS, SECTORS, SOURCES, work_label, work_note
from declarations.amounts import euros
from declarations.rules.advising import Duty, Reason
from declarations.rules.duties import (
    CORRECTION_DAYS,
    MISSING_DECLARATION_PERCENT,
    SANCTIONS,
    SANCTIONS_IN_FORCE,
    Liable,
    Sanction,
)
from declarations.rules.guides import Kind, Topic
from declarations.rules.thresholds import Source, Threshold

FOREIGN_COMPANIES = _("Foreign companies")
LEADS: dict[Topic, Promise] = {
    Topic.CLEANING: _("Cleaning of immovable property for others: start, breaks and end are registered."),
    Topic.CONSTRUCTION: _("Works on immovable property: one check-in a day, before beginning."),
    Topic.MEAT: _("Slaughterhouses and meat processing: one check-in a day, before beginning."),
    Topic.CONCRETE: _("Deliveries of ready-mixed concrete: one check-in a day, before beginning."),
    Topic.OTHER: _("No duty today; a general one has been announced."),
    Topic.FOREIGN: _("What a company from abroad needs before its people work in Belgium."),
}
LEGAL_BASIS = _(
    "Programme Law of 26 December 2022, articles 22 to 49; law of 27 June 1969, article 30bis, §9"
)

DUTY: dict[Duty, tuple[Promise, ...]] = {
    Duty.CIAO: (
        _(
            "The main contractor declares the works at the NSSO before they begin and hands the code and the "
            "address of the declaration to everybody in the chain. When a condition is met only later, the "
            "declaration is due at once."
        ),
    ),
    Duty.CIAW: (
        _("The works are declared at the NSSO before they begin; registrations refer to that declaration."),
    ),
    Duty.NONE: (_("Neither Check In and Out at Work nor CheckIn@Work asks for registrations here."),),
}
WHO: dict[Duty, tuple[Promise, ...]] = {
    Duty.CIAO: (
        _(
            "Everybody who cleans, in person: employees, self-employed people, temporary workers, trainees, "
            "students and posted workers; clerks and team leaders too, while they clean. The employer may "
            "not register for them, nor in advance."
        ),
        _(
            "The employer provides the means, informs the staff and sees that the data arrive; the main "
            "contractor offers the chain a means or agrees on another one in writing."
        ),
    ),
    Duty.CIAW: (
        _(
            "Everybody who works there, employed or self-employed, of every company in the chain. The main "
            "contractor answers for the chain."
        ),
    ),
    Duty.NONE: (),
}
WHAT: dict[Duty, tuple[Promise, ...]] = {
    Duty.CIAO: (
        _("Start and end of the work, at the workplace and at that moment."),
        _("Breaks: their start is registered as an end, their end as a start."),
        _("It is in order once the time of the registration is confirmed to the person."),
    ),
    Duty.CIAW: (_("One registration per person, place and working day, before the work begins; no end."),),
    Duty.NONE: (_("Hours can be registered in this portal all the same; nothing goes to the NSSO."),),
}
MEANS: dict[Duty, tuple[Promise, ...]] = {
    Duty.CIAO: (
        _(
            "Any phone by the code on the poster, a badge or card, a tablet, or the NSSO's own page with the "
            "number of the declaration; several may stand side by side."
        ),
        _(
            "One's own phone needs a written agreement and gives an allowance, and may be refused: then a "
            "badge or card. Giving the place is asked only by agreement; no fingerprints or faces."
        ),
    ),
    Duty.CIAW: (_("The NSSO's page, a badge on the site, a phone, or a system that is linked to the NSSO."),),
    Duty.NONE: (),
}
AFTERWARDS: dict[Duty, tuple[Promise, ...]] = {
    Duty.CIAO: (
        _(
            "The NSSO takes every registration, checks it afterwards, several times, and publishes remarks; "
            "it alone changes data."
        ),
        _(
            "Workers tell their employer of an error, and the employer asks the NSSO for a correction, "
            "within "
            "%(days)s days following the registration. Only a wrong enterprise number and a wrong or missing "
            "declaration number are corrected so; every other remark is solved where it arose."
        ),
    ),
    Duty.CIAW: (
        _("The NSSO checks registrations afterwards and publishes remarks. Solve them where they arose."),
    ),
    Duty.NONE: (),
}
SANCTIONS_ELSEWHERE: dict[Duty, tuple[Promise, ...]] = {
    Duty.CIAW: (
        _("Whoever does not declare or register risks an administrative or criminal fine: ask the NSSO."),
    ),
    Duty.NONE: (),
}
ABROAD_BEFORE = (
    _(
        "Limosa: each worker of a foreign employer is declared (L1) before the first day in "
        "Belgium. A missing "
        "declaration is the most common trouble."
    ),
    _(
        "BIS number: people without a Belgian national number register with it. Whoever has none makes an "
        "appointment with Sigedis (belgianid.be); papers are checked in a video call."
    ),
    _(
        "The company stands in the chain under its foreign VAT number, with the letters of the country in "
        "front."
    ),
)
ABROAD_ACCESS = (
    _(
        "To look at its registrations at the NSSO, a company has itself registered with the Crossroads Bank "
        "for Enterprises (through a business counter) and gets an enterprise number; its representative "
        "gets a BIS number."
    ),
    _(
        "Keys to sign in: itsme (also with a Luxembourg or Dutch identity card), eIDAS, or a user name with "
        "a code by app or e-mail. The representative becomes Chief Access Manager and lets others in; "
        "for a linked system the channel is set up in Chaman."
    ),
)
NO_ADVICE = _(
    "A summary by the rules this portal follows, made from its scope advisor. It is no "
    "document of the NSSO and no "
    "legal advice; whoever decides by it checks the sources."
)


def title_of(topic: Topic) -> str:
    sector = topic.sector
    return str(FOREIGN_COMPANIES if sector is None else SECTORS[sector])


def headline_of(duty: Duty) -> str:
    return str(DUTIES[duty])


def subcontractors(threshold: Threshold) -> str:
    """How many subcontractors it speaks of."""
    if threshold.fewest == threshold.most == 0:
        return gettext("no subcontractor")
    if threshold.fewest == threshold.most:
        count = threshold.fewest
        return ngettext("%(count)s subcontractor", "%(count)s subcontractors", count) % {"count": count}
    if threshold.fewest:
        return gettext("%(count)s subcontractors or more") % {"count": threshold.fewest}
    return gettext("any number of subcontractors")


def begun(threshold: Threshold) -> str:
    """Of works begun when; empty when that does not matter."""
    if threshold.works_until:
        return gettext("begun until %(day)s") % {"day": day_label(threshold.works_until)}
    if threshold.works_from:
        return gettext("begun from %(day)s on") % {"day": day_label(threshold.works_from)}
    return ""


def amount(threshold: Threshold) -> str:
    if not threshold.amount:
        return gettext("whatever the amount")
    return gettext("from %(amount)s") % {"amount": euros(threshold.amount)}


def kind_words(kind: Kind) -> str:
    """The kind of work, with its note where it has one."""
    label, note = work_label(kind.code), work_note(kind.code)
    return gettext("%(work)s (%(note)s)") % {"work": label, "note": note} if note else label


def reading(reason: Reason) -> str:
    """Another reading, with who reads so."""
    words = str(REASONS[reason.code])
    return words % {"amount": euros(reason.amount)} if reason.amount is not None else words


def paragraphs(words: tuple[Promise, ...]) -> list[str]:
    return [str(one) % {"days": CORRECTION_DAYS} for one in words]


def sanctions(duty: Duty, *, today: date) -> list[str]:
    """The fines by who pays, and the day as of which they are shown; only that there are some "
    "for CheckIn@Work."""
    if duty is not Duty.CIAO:
        return [str(one) for one in SANCTIONS_ELSEWHERE[duty]]
    lines = [_sanction(one) for one in SANCTIONS]
    lines.append(
        gettext("A missing declaration of works: %(percent)s %% of the amount.")
        % {"percent": MISSING_DECLARATION_PERCENT}
    )
    lines.append(
        gettext("In force since %(since)s, as known on %(today)s: check the current amounts.")
        % {"since": day_label(SANCTIONS_IN_FORCE), "today": day_label(today)}
    )
    return lines


def source_words(source: Source) -> str:
    return str(SOURCES[source])


def _sanction(sanction: Sanction) -> str:
    values: dict[str, object] = {
        "level": sanction.level,
        "low": euros(sanction.administrative[0]),
        "high": euros(sanction.administrative[1]),
    }
    if sanction.liable is Liable.WORKER:
        return gettext("Worker (level %(level)s): administrative fine of %(low)s to %(high)s.") % values
    if sanction.criminal:
        values |= {"least": euros(sanction.criminal[0]), "most": euros(sanction.criminal[1])}
    return (
        gettext(
            "Employer or contractor (level %(level)s): administrative fine of %(low)s to %(high)s, or "
            "criminal "
            "fine of %(least)s to %(most)s."
        )
        % values
    )
