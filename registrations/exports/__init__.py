"""Registrations taken out of the portal as CSV."""
