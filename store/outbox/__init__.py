"""The outbox at work: whose turn it is, what shares a digest, what goes stale, and what people change."""
