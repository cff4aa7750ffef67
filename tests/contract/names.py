"""The names that other people's scripts rely on, and those of them that are not built yet."""

TERMINAL = {
    "run", "setup", "demo", "check", "once", "add", "remove", "queue", "list", "stats", "explain",
    "import", "export", "adopt", "normalize", "parse", "extract", "render", "backup", "restore",
    "migrate", "version",
}  # fmt: skip

SETTINGS = {
    "BOT_TOKEN": "required to run",
    "OWNER_IDS": "",
    "BOT_API_URL": "https://api.telegram.org",
    "DATABASE_URL": "sqlite:///bot_database.db",
    "BOT_LANGUAGE": "en",
    "TIME_ZONE": "the host's",
    "INTERVAL_DEFAULT": "10m",
    "INTERVAL_MIN": "1m",
    "INTERVAL_MAX": "1h",
    "BACKOFF_MAX": "24h",
    "HTTP_TIMEOUT": "20s",
    "HTTP_CONCURRENCY": "64",
    "HTTP_PER_HOST": "2",
    "HTTP_HOST_GAP": "1s",
    "MAX_BODY": "10MiB",
    "USER_AGENT": "Vestnik/VERSION",
    "PROXY_FETCH": "none",
    "PROXY_TELEGRAM": "none",
    "ALLOW_NETWORKS": "none",
    "ALLOW_HOSTS": "none",
    "FETCH_PAGES": "true",
    "BACKLOG_DEFAULT": "none",
    "FLOOD_BRAKE": "20",
    "ON_UNCERTAIN": "ask",
    "UNCERTAIN_AFTER": "24h:drop",
    "PROBE_CHAT": "owner's chat",
    "ALERT_CHAT": "the first owner",
    "CHAT_GAP": "1s",
    "GROUP_GAP": "3s",
    "GLOBAL_RATE": "25",
    "KEEP_PAGES": "90d",
    "BACKUP_EVERY": "24h",
    "BACKUP_KEEP": "7",
    "BACKUP_DIR": "beside the database",
    "MONITOR_ADDRESS": "127.0.0.1:8478",
    "LOG_LEVEL": "INFO",
    "LOG_FORMAT": "console",
}

CHAT = {
    "start": set(),
    "help": set(),
    "add": {"sub", "subscribe"},
    "remove": {"unsub", "unsubscribe", "unsub_all", "unsuball", "remove_all"},
    "list": {"rss"},
    "info": {"check"},
    "set": {"set_default", "set_interval", "setinterval", "set_title", "set_hashtags", "setfeedtag"},
    "pause": {"deactivate_subs", "pauseall"},
    "resume": {"activate_subs", "activeall"},
    "test": {"preview"},
    "filter": {"set_filter"},
    "template": {"set_template"},
    "schedule": set(),
    "link": set(),
    "post": set(),
    "queue": {"q", "next"},
    "why": set(),
    "find": set(),
    "history": set(),
    "import": set(),
    "export": set(),
    "connect": set(),
    "role": set(),
    "stats": {"status", "health", "ping"},
    "duplicates": set(),
    "backup": set(),
    "admin": set(),
    "lang": set(),
    "tz": {"set_timezone"},
    "version": set(),
}  # type: dict[str, set[str]]

TABLES = {
    "history": {"id", "normalized_url", "url", "title", "state", "first_seen_ms"},
    "sightings": {"source_id", "history_id", "seen_ms"},
    "sources": {"id", "url", "kind", "title", "state"},
    "queue": {
        "id", "chat_id", "topic_id", "history_id", "state", "reason", "not_before_ms", "attempts",
        "message_id",
    },
}  # fmt: skip

METRICS = {
    "polls_total", "poll_seconds", "links_total", "pages_total", "sends_total", "seen_to_posted_seconds",
    "queue_links", "oldest_pending_seconds", "flood_wait_seconds_total", "db_write_seconds",
    "db_read_seconds", "db_batch_requests", "event_loop_lag_seconds", "actor_restarts_total", "sources",
    "answer_seconds", "duplicates",
}  # fmt: skip

NOT_YET: dict[str, int] = {}
"""Name -> the issue that builds it. It may only shrink."""
