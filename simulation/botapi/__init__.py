"""Telegram's Bot API, simulated: strict where the real one is strict, broken where told to be."""

from simulation.botapi.api import BotApi
from simulation.botapi.chats import Chat
from simulation.botapi.faults import Fault, Faults
from simulation.botapi.flood import FloodViolation, Limits
from simulation.botapi.journal import Accepted
from simulation.botapi.parameters import Parameters
from simulation.botapi.users import User

__all__ = ["Accepted", "BotApi", "Chat", "Fault", "Faults", "FloodViolation", "Limits", "Parameters", "User"]
