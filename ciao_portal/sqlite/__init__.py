"""Django's SQLite, with connections that can be kept; the `ENGINE` of the settings."""
