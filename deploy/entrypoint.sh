#!/bin/sh
# Warns when what the bot knows would be gone with its container, then runs the command.
# The mount table is that of proc(5): the fourth field is what is mounted, the fifth is where.
mounted=$(awk '$5 == "/data" { print $4 }' "${MOUNT_TABLE:-/proc/self/mountinfo}")
nameless='/volumes/[0-9a-f]\{64\}/_data$'
if [ -z "$mounted" ] || printf '%s' "$mounted" | grep -q "$nameless"; then
    echo "warning: no volume is mounted at /data: with this container the bot forgets what it has posted," \
        "and would post it again. Mount one: -v vestnik-data:/data" >&2
fi
exec "$@"
