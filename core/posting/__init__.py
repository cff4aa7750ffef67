"""When posts may go out: the schedule of a chat, in its own time zone. Polling has a rhythm of its own."""
