"""Pages that are read, and links that turn out to be one."""

SCRIPT = """
ALTER TABLE history ADD COLUMN page_after_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE history ADD COLUMN page_error TEXT;
CREATE INDEX history_pages ON history (page_after_ms) WHERE state = 'accepted';
CREATE INDEX history_leased ON history (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE INDEX history_merged ON history (merged_into) WHERE merged_into IS NOT NULL;
"""
