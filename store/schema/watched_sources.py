"""Sources that are watched for trouble, and asked by host."""

SCRIPT = """
ALTER TABLE sources ADD COLUMN host TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN children TEXT NOT NULL DEFAULT '{}';
ALTER TABLE sources ADD COLUMN failing_since_ms INTEGER;
ALTER TABLE sources ADD COLUMN empty_since_ms INTEGER;
ALTER TABLE sources ADD COLUMN silent_from_ms INTEGER;
ALTER TABLE sources ADD COLUMN entries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN card TEXT;
UPDATE sources SET host = host_of(url);
DROP INDEX sources_due;
CREATE INDEX sources_due ON sources (next_check_ms, host) WHERE state IN ('probing', 'active');
CREATE INDEX sources_failing ON sources (failing_since_ms) WHERE failing_since_ms IS NOT NULL;
CREATE INDEX sources_empty ON sources (empty_since_ms) WHERE empty_since_ms IS NOT NULL;
CREATE INDEX sources_silent ON sources (silent_from_ms) WHERE silent_from_ms IS NOT NULL;
CREATE INDEX sources_carded ON sources (card) WHERE card IS NOT NULL;
CREATE INDEX sources_gone ON sources (id) WHERE state = 'gone';
"""
