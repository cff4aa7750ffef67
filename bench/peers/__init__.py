"""Programs that users could pick instead, at the same work in the same run."""
