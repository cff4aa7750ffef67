"""Subscriptions that were removed, and can be taken back for a while."""

# As they were before: subscriptions [[id, state, state_ms], ...], and of the queue
# posts [[id, subscription id, state, reason], ...].
SCRIPT = """
CREATE TABLE removals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    subscriptions TEXT NOT NULL,
    posts TEXT NOT NULL
);
"""
