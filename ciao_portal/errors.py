"""The one exception by which rules and services refuse something in words.

The ``code`` is stable and documented: tests, the API and the logs look at it.
The message is for people and is translated as late as possible.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words: TypeAlias = str | _StrPromise


class DomainError(Exception):
    """Something the product refuses, with a stable code and a translated reason.

    ``message`` may be lazy and may hold ``%(name)s`` placeholders, filled from
    ``params``; ``field`` names the form or API field at fault, None when the whole
    input is. ``str()`` gives the message in the language active at that moment.
    Never put a national number into ``params``: messages end up in logs.
    """

    def __init__(
        self,
        code: str,
        message: "Words",
        *,
        field: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.field = field
        self.params: dict[str, Any] = dict(params or {})

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.params if self.params else text

    def on_field(self, field: str) -> "DomainError":
        """The same refusal, pinned to a form field; rules do not know form fields."""
        return DomainError(self.code, self.message, field=field, params=self.params)
