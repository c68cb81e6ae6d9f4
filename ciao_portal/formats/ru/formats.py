"""Dates as people read them in Russian, the month in its case: `Пн, 23 ноября`."""

DATE_FORMAT = "D, j E Y"
SHORT_DATE_FORMAT = "D, j E"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "D, j E Y H:i"
SHORT_DATETIME_FORMAT = "D, j E H:i"
MONTH_DAY_FORMAT = "l, j E"
