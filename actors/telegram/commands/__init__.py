"""One file per command of the chat; each builds its router, so that two bots can live in one process."""
