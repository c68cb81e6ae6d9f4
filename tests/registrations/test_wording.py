"""Every flag and validity a registration can carry has its words."""

from ciao_portal.nsso.contract import Validity
from registrations.rules.clock import CLOCK_DOUBT, SENT_LATE
from registrations.rules.flags import Doubt
from registrations.rules.presence import Flag
from registrations.rules.taps import KEY_REUSED
from registrations.wording import FLAGS, VALIDITY_BADGES


def test_every_flag_has_its_words() -> None:
    assert set(FLAGS) == {*Flag, *Doubt, SENT_LATE, CLOCK_DOUBT, KEY_REUSED}


def test_every_validity_has_its_badge() -> None:
    assert set(VALIDITY_BADGES) == set(Validity)
