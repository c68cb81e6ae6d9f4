"""Outage dossiers: evidence of every attempt to bring registrations to the NSSO."""
