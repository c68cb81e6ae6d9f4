"""Backup and restore: one consistent encrypted file, on SQLite and PostgreSQL (`docs/operations.md`)."""
