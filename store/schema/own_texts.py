"""Posts in the words of people."""

# entities: JSON, as Telegram gave them with the text; offsets and lengths in UTF-16 units.
# version: how often the text was written; a button under an older one decides nothing.
SCRIPT = """
CREATE TABLE own_texts (
    queue_id INTEGER PRIMARY KEY REFERENCES queue (id),
    text TEXT NOT NULL,
    entities TEXT NOT NULL DEFAULT '[]',
    version INTEGER NOT NULL DEFAULT 1,
    written_by TEXT NOT NULL DEFAULT '',
    written_ms INTEGER NOT NULL
);
"""
