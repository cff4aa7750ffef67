"""Words of links, to be found by."""

# The index is filled by the janitor, in batches: a new link costs nothing more. What changes is indexed anew.
SCRIPT = """
CREATE VIRTUAL TABLE words USING fts5(text, tokenize = 'unicode61 remove_diacritics 2', prefix = '4');
CREATE TABLE words_due (history_id INTEGER PRIMARY KEY);
CREATE TRIGGER history_words AFTER UPDATE OF url, title, summary, page, merged_into ON history BEGIN
    INSERT OR IGNORE INTO words_due VALUES (new.id);
END;
CREATE INDEX queue_sent ON queue (chat_id, state_ms) WHERE state = 'sent';
"""
