"""Who added a subscription, and how many somebody may add."""

# subscriptions.added_by: a user, or the group that anonymous administrators write as; NULL: the terminal, or
# nobody knows any more. users.quota: NULL is the default of `core.quotas`.
SCRIPT = """
ALTER TABLE subscriptions ADD COLUMN added_by INTEGER;
ALTER TABLE users ADD COLUMN quota INTEGER;
CREATE INDEX subscriptions_added_by ON subscriptions (added_by, state)
    WHERE added_by IS NOT NULL AND state <> 'removed';
"""
