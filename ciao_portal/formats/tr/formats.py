"""Dates as people read them in Turkish, the weekday last: `23 Kas Pzt`."""

DATE_FORMAT = "j F Y D"
SHORT_DATE_FORMAT = "j F D"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y D H:i"
SHORT_DATETIME_FORMAT = "j F D H:i"
MONTH_DAY_FORMAT = "j F l"
