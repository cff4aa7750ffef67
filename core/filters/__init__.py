"""Filters: which links a place wants, and how it wants them (docs/filters.md)."""
