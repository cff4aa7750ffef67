"""A world for Vestnik to live in: a Bot API, feeds and their misbehaviour, all seeded and virtual.

Nothing here reads a clock or global randomness: `now` (epoch seconds) and `rng` are arguments, and
everything that waits uses trio's clock. Nothing here shares code with the program's own rendering,
so a mistake there cannot hide itself here.
"""
