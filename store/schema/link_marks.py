"""Links as they were published, and the tokens they carried."""

SCRIPT = """
ALTER TABLE posts ADD COLUMN link TEXT;
ALTER TABLE posts ADD COLUMN erid TEXT;
CREATE INDEX posts_marked ON posts (ended_ms) WHERE erid IS NOT NULL;
"""
