"""The only async code: each actor owns one job, and talks to the others through the writer's rows."""
