"""Dates as people read them in Spanish: `lun, 23 nov`."""

DATE_FORMAT = "D, j b Y"
SHORT_DATE_FORMAT = "D, j b"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "D, j b Y H:i"
SHORT_DATETIME_FORMAT = "D, j b H:i"
MONTH_DAY_FORMAT = r"l, j \d\e F"
