"""Links sent by hand of which nothing is known."""

# `asked_in` is the chat and topic of whoever sent a link; `as_it_is`: somebody said to publish it.
SCRIPT = """
ALTER TABLE queue ADD COLUMN asked_in TEXT;
ALTER TABLE queue ADD COLUMN as_it_is INTEGER NOT NULL DEFAULT 0;
CREATE INDEX queue_by_hand ON queue (id)
    WHERE state = 'pending' AND lane = 1 AND subscription_id IS NULL AND as_it_is = 0;
"""
