"""What was caught of repeats, by the time it was."""

SCRIPT = """
CREATE INDEX verdicts_repeats ON verdicts (at_ms) WHERE verdict = 'repeat';
CREATE INDEX history_caught ON history (first_seen_ms) WHERE merged_into IS NOT NULL;
"""
