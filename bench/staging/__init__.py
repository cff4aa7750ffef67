"""A long run of the real program beside a simulated Telegram and a thousand sites, and its targets."""
