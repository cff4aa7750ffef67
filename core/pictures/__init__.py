"""Pictures of posts: the ways to send one, and making one that Telegram takes."""
