"""What can be wrong with a template."""

from core.errors import UserError
from core.languages import gettext as _


class WrongTemplate(UserError):
    """It cannot be used as it is written; the text says in which line, and what to do."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        self.problem = problem
        self.line = line
        super().__init__(
            problem if line is None else _("Line {line}: {problem}").format(line=line, problem=problem)
        )


class TemplateFailed(Exception):
    """It can be used, but not for this link: what it does with its fields went wrong."""
