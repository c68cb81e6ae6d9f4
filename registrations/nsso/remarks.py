"""Remarks as spells: one row from the first time the NSSO made it until it went; a return is a new row.

While it stands, the NSSO may word or date it anew: the row then says what it says now, and how it was before
is kept beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ciao_portal.nsso import contract
from registrations.corrections.following import close_solved
from registrations.models import EarlierWording, NssoPresence, Remark
from registrations.nsso.columns import save_columns
from registrations.rules.deadlines import last_day

LONGEST_CODE = 60


def keep_remarks(standing: Mapping[NssoPresence, Sequence[contract.Remark]], *, now: datetime) -> None:
    """Bring the open remarks of these presences in line with what the NSSO says of them now."""
    open_spells = {
        (row.presence_id, row.code): row
        for row in Remark.objects.filter(presence__in=standing, gone_at__isnull=True).order_by("pk")
    }
    said = {
        (presence.pk, remark.code[:LONGEST_CODE]): (presence, remark)
        for presence, remarks in standing.items()
        for remark in remarks
    }
    Remark.objects.bulk_create(
        [_spell(*said[key], now=now) for key in said if key not in open_spells], ignore_conflicts=True
    )
    still = {row: said[key][1] for key, row in open_spells.items() if key in said}
    gone = [row for key, row in open_spells.items() if key not in said]
    _reword(still.items(), now=now)
    Remark.objects.filter(pk__in=[row.pk for row in still]).update(last_seen_at=now)
    if gone:
        Remark.objects.filter(pk__in=[row.pk for row in gone]).update(gone_at=now)
        close_solved({row.presence_id for row in gone}, now=now)


def _reword(still: Iterable[tuple[Remark, contract.Remark]], *, now: datetime) -> None:
    earlier, changed = [], []
    for row, remark in still:
        description = dict(remark.description)
        if row.description == description and row.dated == remark.date:
            continue
        if row.description != description or row.dated is not None:
            earlier.append(
                EarlierWording(remark=row, description=row.description, dated=row.dated, until=now)
            )
        row.description, row.dated = description, remark.date
        changed.append(row)
    EarlierWording.objects.bulk_create(earlier)
    save_columns(changed, ("description", "dated"))


def _spell(presence: NssoPresence, remark: contract.Remark, *, now: datetime) -> Remark:
    return Remark(
        presence=presence,
        employer_id=presence.employer_id,
        declaration_id=presence.declaration_id,
        code=remark.code[:LONGEST_CODE],
        description=dict(remark.description),
        dated=remark.date,
        happened_day=presence.day,
        last_day=last_day(presence.day),
        first_seen_at=now,
        last_seen_at=now,
    )
