"""Sources that are counted by state whenever a monitor asks."""

SCRIPT = """
CREATE INDEX sources_state ON sources (state);
"""
