"""Those who talk in chats."""

from dataclasses import dataclass

from simulation.botapi.answers import Json


@dataclass(slots=True, kw_only=True)
class User:
    """A person or a bot."""

    user_id: int
    first_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False

    def as_json(self) -> Json:
        """The API's `User`."""
        shown: Json = {"id": self.user_id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            shown["username"] = self.username
        if self.language_code:
            shown["language_code"] = self.language_code
        return shown


class Users:
    """Everybody ever heard of."""

    def __init__(self, bot: User) -> None:
        self.bot = bot
        self._known = {bot.user_id: bot}

    def get(self, user_id: int, *, username: str = "", language_code: str = "") -> User:
        """The user of this id, made up when new, with what is newly said about them."""
        user = self._known.get(user_id)
        if user is None:
            user = self._known[user_id] = User(user_id=user_id, first_name=f"User {user_id}")
        user.username = username or user.username
        user.language_code = language_code or user.language_code
        return user
