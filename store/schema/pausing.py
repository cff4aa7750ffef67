"""Subscriptions that pause."""

# `paused_ms` is kept until what came since then has been decided on, by the policy `catch_up`.
SCRIPT = """
ALTER TABLE subscriptions ADD COLUMN paused_ms INTEGER;
ALTER TABLE subscriptions ADD COLUMN resumes_ms INTEGER;
ALTER TABLE subscriptions ADD COLUMN catch_up TEXT NOT NULL DEFAULT 'none';
CREATE INDEX subscriptions_behind ON subscriptions (source_id) WHERE paused_ms IS NOT NULL;
CREATE INDEX subscriptions_resuming ON subscriptions (resumes_ms) WHERE resumes_ms IS NOT NULL;
"""
