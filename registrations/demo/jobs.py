"""Who of the demo cleans where and when, week after week. Facts only.

Days are counted from the day on which the demo was loaded, like those of the works.
"""

from dataclasses import dataclass

from registrations.demo.cast import (
    ARNE,
    BEA,
    CEM,
    DIRK,
    EARLY,
    EMMA,
    EVENING,
    FARID,
    GINA,
    HUGO,
    INES,
    JAN,
    KOBE,
    LOTTE,
    MATS,
    NIGHT_AND_DAY,
    NIGHT_AND_DAY_SUB,
    NOOR,
    OSCAR,
    PIA,
    QUENTIN,
    RITA,
    SILVIU,
    SUB_EARLY,
    SUBSUB,
    SUBSUB_EVENING,
    TILDE,
    UGO,
    WIM,
    XENIA,
    YARA,
    ZENO,
    Firm,
    Worker,
)
from registrations.demo.works import (
    ANTWERP,
    ATELIER,
    BRUGES,
    EUPEN,
    GENT,
    HOSPITAL,
    HOUSEHOLD,
    LEUVEN,
    LIEGE,
    LOGISTICS,
    MECHELEN,
    MOTORWAY,
    NAMUR,
    NORTH,
    OFFICES,
    PARK,
    PUBLIC,
    RESIDENCE,
    SCHOOL,
    SHOP,
    SOUTH,
    SQUARE,
    TOWER,
    TOWER_BEFORE,
    WAREHOUSE,
    Place,
    Works,
)

MONDAY_TO_FRIDAY = "12345"
EVERY_DAY = "1234567"
USUALLY = 0.9


@dataclass(frozen=True, slots=True)
class Job:
    """A worker's usual shift somewhere.

    `weekdays` counts from 1, Monday; `starts` is Brussels time. Of `turns` days in a row only the one with
    number `turn` is worked. `chance` is how likely the worker comes, `break_chance` how likely there is a
    break. `is_loose` shifts may go wrong: a check-out is forgotten, a second finger taps.
    """

    worker: Worker
    works: Works
    place: Place
    weekdays: str
    starts: str
    hours: float
    firm: Firm | None = None
    turn: int = 0
    turns: int = 1
    chance: float = USUALLY
    break_chance: float = 0.12
    is_loose: bool = True
    first: int | None = None
    last: int | None = None

    @property
    def employer(self) -> Firm:
        return self.firm or self.worker.firm


def _early(
    workers: tuple[Worker, ...], works: Works, places: tuple[Place, ...], starts: str
) -> tuple[Job, ...]:
    return tuple(
        Job(worker, works, places[index % len(places)], MONDAY_TO_FRIDAY, starts, 2.5 + index % 3 * 0.5)
        for index, worker in enumerate(workers)
    )


def _day_and_night(workers: tuple[Worker, ...], place: Place) -> tuple[Job, ...]:
    """One after the other comes early, late and at night, and then rests: somebody is always there."""
    return tuple(
        Job(
            worker,
            HOSPITAL,
            place,
            EVERY_DAY,
            starts,
            8.3,
            turn=(shift - index) % len(workers),
            turns=len(workers),
            chance=1,
            break_chance=0.3,
            is_loose=False,
        )
        for index, worker in enumerate(workers)
        for shift, starts in enumerate(("05:50", "13:50", "21:50"))
    )


def _by_turns(
    workers: tuple[Worker, ...], works: Works, place: Place, starts: str, hours: float
) -> tuple[Job, ...]:
    """One of them every day, without fail."""
    return tuple(
        Job(
            *(worker, works, place, EVERY_DAY, starts, hours),
            turn=index,
            turns=len(workers),
            chance=1,
            break_chance=0,
            is_loose=False,
        )
        for index, worker in enumerate(workers)
    )


JOBS = (
    *_day_and_night(NIGHT_AND_DAY, NORTH),
    *_day_and_night(NIGHT_AND_DAY_SUB, SOUTH),
    # Every day somebody without Dimona, without Limosa, and with a Dimona that comes too late.
    *_by_turns((CEM, KOBE), HOSPITAL, NORTH, "07:00", 3),
    *_by_turns((HUGO, SILVIU), HOSPITAL, SOUTH, "06:30", 3.5),
    *_by_turns((LOTTE, MATS), HOSPITAL, NORTH, "17:00", 2.5),
    Job(DIRK, OFFICES, GENT, "135", "05:00", 1.2, break_chance=0, is_loose=False),
    Job(ARNE, OFFICES, GENT, MONDAY_TO_FRIDAY, "06:00", 4, break_chance=0.8),
    Job(BEA, SCHOOL, LEUVEN, MONDAY_TO_FRIDAY, "15:45", 2.75),
    Job(EMMA, OFFICES, EUPEN, MONDAY_TO_FRIDAY, "17:30", 2.5),
    Job(FARID, OFFICES, NAMUR, "1345", "06:00", 4, break_chance=0.6),
    Job(FARID, SCHOOL, LEUVEN, "2", "08:00", 3),
    Job(GINA, OFFICES, NAMUR, MONDAY_TO_FRIDAY, "06:15", 3),
    Job(GINA, HOSPITAL, SOUTH, "7", "08:00", 3),
    Job(INES, OFFICES, NAMUR, "246", "08:00", 3.5),
    Job(JAN, OFFICES, EUPEN, "24", "06:30", 3),
    Job(JAN, HOSPITAL, SOUTH, "5", "10:30", 2),
    Job(NOOR, SCHOOL, MECHELEN, "124", "16:00", 2),
    Job(OSCAR, TOWER, LIEGE, "1245", "18:00", 2.5, first=-19),
    Job(PIA, OFFICES, GENT, "1234", "06:30", 2.5),
    Job(PIA, OFFICES, EUPEN, "134", "18:00", 2, firm=SUBSUB),
    Job(QUENTIN, OFFICES, NAMUR, "1235", "18:15", 2.5),
    Job(RITA, OFFICES, NAMUR, "2345", "18:30", 2.5),
    Job(TILDE, OFFICES, EUPEN, "3", "07:00", 2),
    Job(UGO, OFFICES, EUPEN, "4", "19:00", 1.5),
    Job(WIM, OFFICES, GENT, "25", "19:30", 1.5, first=-25),
    # Without fail, because they come so seldom: whenever the demo is loaded, their remarks are there.
    Job(XENIA, OFFICES, NAMUR, "25", "19:00", 1.5, chance=1, last=40),
    Job(YARA, SHOP, BRUGES, MONDAY_TO_FRIDAY, "07:00", 2),
    Job(ZENO, SHOP, BRUGES, "1356", "18:15", 2.5),
    *_early(EARLY[:4], OFFICES, (GENT, EUPEN), "06:00"),
    Job(EARLY[0], HOSPITAL, NORTH, "67", "09:00", 3),
    Job(EARLY[5], HOSPITAL, NORTH, "67", "08:30", 3),
    *_early(EARLY[4:], SCHOOL, (LEUVEN, MECHELEN), "16:15"),
    *_early(EVENING[:2], HOSPITAL, (NORTH,), "18:00"),
    *_early(SUB_EARLY, OFFICES, (NAMUR,), "05:45"),
    *_early(SUBSUB_EVENING, OFFICES, (EUPEN,), "18:30"),
    Job(EVENING[2], HOUSEHOLD, RESIDENCE, "24", "09:00", 2),
    Job(EVENING[3], PUBLIC, SQUARE, "1", "07:30", 3),
    Job(EVENING[3], PUBLIC, PARK, "3", "07:30", 3),
    Job(EVENING[3], PUBLIC, MOTORWAY, "5", "07:30", 3),
    Job(SUB_EARLY[0], LOGISTICS, WAREHOUSE, "6", "08:00", 2),
    # The tower before and after the new contract; two go on scanning the old poster for a while.
    Job(EVENING[4], TOWER_BEFORE, LIEGE, MONDAY_TO_FRIDAY, "17:45", 2.5, last=-20),
    Job(EVENING[5], TOWER_BEFORE, LIEGE, MONDAY_TO_FRIDAY, "18:00", 2.5, last=-20),
    Job(EVENING[4], TOWER_BEFORE, LIEGE, EVERY_DAY, "17:45", 2.5, turn=1, turns=3, first=-19, last=10),
    Job(EVENING[4], TOWER, LIEGE, EVERY_DAY, "17:45", 2.5, turn=2, turns=3, first=-19),
    Job(EVENING[5], TOWER_BEFORE, LIEGE, EVERY_DAY, "18:00", 2.5, turn=0, turns=4, first=-19, last=10),
    Job(EVENING[5], TOWER, LIEGE, EVERY_DAY, "18:00", 2.5, turn=2, turns=4, first=-19),
    Job(OSCAR, ATELIER, ANTWERP, "36", "09:00", 3, chance=1, first=-6),
    Job(NOOR, ATELIER, ANTWERP, "5", "09:00", 3, chance=1, first=-6),
)
