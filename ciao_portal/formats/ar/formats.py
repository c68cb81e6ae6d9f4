"""Dates as people read them in Arabic: `الاثنين 23 نوفمبر`.

The digits stay 0 to 9, as on the clock of the phone, on the poster, and in most of the Maghreb.
"""

DATE_FORMAT = "l j F Y"
SHORT_DATE_FORMAT = "l j F"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "l j F Y H:i"
SHORT_DATETIME_FORMAT = "l j F H:i"
MONTH_DAY_FORMAT = "l j F"
