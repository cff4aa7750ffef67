"""An index less on sources: each poll renewed it, and it was asked only where a clock had been set back."""

SCRIPT = "DROP INDEX sources_scheduled;"
