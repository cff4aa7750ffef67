"""Links as they were published, and the tokens they carried."""

SCRIPT = """
ALTER TABLE queue ADD COLUMN link TEXT;
ALTER TABLE queue ADD COLUMN erid TEXT;
CREATE INDEX queue_marked ON queue (state_ms) WHERE state = 'sent' AND erid IS NOT NULL;
"""
