"""Presence reports as PDF."""
