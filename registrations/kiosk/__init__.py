"""Tablets at a workplace, shared by everybody who comes by."""
