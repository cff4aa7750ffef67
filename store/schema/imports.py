"""Lists of subscriptions that somebody sent and that are still being taken."""

# `args`: which file, where to, and where its card is, as JSON (`core.import_request.ListJob`).
SCRIPT = """
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    args TEXT NOT NULL,
    asked_ms INTEGER NOT NULL
);
"""
