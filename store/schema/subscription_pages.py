"""Subscriptions whose links go out without what their pages say."""

SCRIPT = """
ALTER TABLE subscriptions ADD COLUMN pages INTEGER NOT NULL DEFAULT 1;
"""
