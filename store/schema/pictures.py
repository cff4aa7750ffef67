"""Pictures of posts: which way each went out, and by which id Telegram knows it."""

SCRIPT = """
ALTER TABLE posts ADD COLUMN picture TEXT;
ALTER TABLE queue ADD COLUMN no_photo INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN media INTEGER NOT NULL DEFAULT 1;
CREATE TABLE pictures (
    url TEXT PRIMARY KEY,
    way TEXT NOT NULL,
    file_id TEXT,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX pictures_old ON pictures (at_ms);
"""
