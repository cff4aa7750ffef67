"""Invitations to a role in a chat."""

# `code_hash`: SHA-256 of the code; the code itself is in the link alone.
SCRIPT = """
CREATE TABLE invitations (
    code_hash BLOB PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('editor', 'viewer')),
    made_ms INTEGER NOT NULL
) WITHOUT ROWID;
"""
