"""Dates and times as a Belgian office reads them: `Mon 23 Nov 2026`, `06:02`."""

DATE_FORMAT = "D j M Y"
SHORT_DATE_FORMAT = "D j M"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "D j M Y H:i"
SHORT_DATETIME_FORMAT = "D j M H:i"
MONTH_DAY_FORMAT = "l j F"
