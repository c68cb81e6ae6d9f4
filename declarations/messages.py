"""What a company sends its workers about a registration point: by SMS, by e-mail, in their own language."""

from dataclasses import dataclass
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _

from ciao_portal.languages import direction
from declarations.models import RegistrationPoint


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """A ready text in one language, and a link that opens it in the sender's own app."""

    language: str
    direction: str
    sms: str

    @property
    def sms_url(self) -> str:
        # `?&` is what both Android and iOS read as "no number, this text".
        return f"sms:?&body={quote(self.sms, safe='')}"


@dataclass(frozen=True, slots=True)
class Messages(ShortMessage):
    """The same with an e-mail."""

    subject: str
    mail: str

    @property
    def mail_url(self) -> str:
        return f"mailto:?subject={quote(self.subject, safe='')}&body={quote(self.mail, safe='')}"


def messages_of(point: RegistrationPoint, *, company: str, language: str) -> Messages:
    """The texts of one point; a point without a workplace carries the name of the works."""
    words = {
        "company": company,
        "place": point.workplace.name if point.workplace else point.declaration.title,
        "url": point.url,
        "code": str(point),
    }
    with translation.override(language):
        steps = [
            _("Open this address on your phone: %(url)s"),
            _("Press the big button: start, break or stop."),
            _("Check that you see the time."),
        ]
        return Messages(
            language=language,
            direction=direction(language),
            sms=_("%(company)s: register at %(place)s here: %(url)s") % words,
            subject=_("Register at %(place)s") % words,
            mail="\n".join(
                [
                    _("Hello,"),
                    "",
                    _("At %(place)s you register when you start and when you stop.") % words,
                    "",
                    *(f"{number}. {step % words}" for number, step in enumerate(steps, start=1)),
                    "",
                    _("You can also scan the code on the wall, or type this code: %(code)s") % words,
                    "",
                    company,
                ]
            ),
        )


def takeover_message(point: RegistrationPoint, *, company: str, language: str) -> ShortMessage:
    """To whoever still scans the old code: where the new one is. `point` is the new one."""
    words = {
        "company": company,
        "place": point.workplace.name if point.workplace else point.declaration.title,
        "url": point.url,
    }
    with translation.override(language):
        text = _("%(company)s: the code at %(place)s is new. Scan the new poster, or register here: %(url)s")
        return ShortMessage(language, direction(language), text % words)
