"""From HTML of any quality to what Telegram takes: text and entities, never a parse mode."""
