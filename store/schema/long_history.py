"""Indexes for a history of a million links: asked by every poll, and by the hourly sweep."""

# `history_gone` and `history_own` tell rows that were merged, or are somebody's own, without a look at them;
# `history_texts` finds those with texts to drop.
SCRIPT = """
CREATE INDEX history_gone ON history (id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX history_own ON history (id) WHERE private_to IS NOT NULL;
CREATE INDEX history_texts ON history (first_seen_ms) WHERE page IS NOT NULL OR summary <> '';
"""
