"""The simulated Telegram in a browser: its chats, and beside them what the program does."""

from simulation.page.pipeline import ActorSeen, Pipeline, SourceSeen
from simulation.page.serving import listen, serve_page
from simulation.page.stage import Stage

__all__ = ["ActorSeen", "Pipeline", "SourceSeen", "Stage", "listen", "serve_page"]
