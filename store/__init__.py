"""SQL and nothing else: plain functions of a connection, and the client that sends them to the writer."""
