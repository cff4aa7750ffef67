"""The curve: what the real program costs with a hundred, a thousand, ten and a hundred thousand sources."""
