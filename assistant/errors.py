"""What can go wrong, as one tree.

AssistantError                 everything below; carries a sentence for people
├── BadInput                   what was given cannot be used: says what, where and what to do
│   ├── FormatError            a line or file breaks its exchange format (source, line, key)
│   └── UnreadableFile         a file cannot be read as a document (scan, encrypted, broken …)
├── NotFound                   a source, passage or page that does not exist
├── Conflict                   what was asked no longer fits the stored state
│   └── LostLease              another process holds the room now; nothing was written
├── Forbidden                  who asks is unknown, or may not do this
├── ConfigurationError         settings that cannot work together
└── Unavailable                a part is out of order for now; `retryable` says whether to try again
    ├── IndexLocked            another process holds the index
    ├── IndexMismatch          the index was made by another embedding model
    ├── ModelFailed            the chat model or embedding model failed
    ├── ReplyFailed            a platform did not take a reply
    └── VoiceFailed            a voice engine gave no usable sound
"""


class AssistantError(Exception):
    """Base of all errors that the product raises on purpose."""

    retryable = False

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class BadInput(AssistantError):
    """What was given cannot be used."""


class FormatError(BadInput):
    """A file breaks its exchange format. `where` is `file:line` or a key path."""

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message, hint=hint)
        self.where = where


class UnreadableFile(BadInput):
    """A file cannot be read as a document; `code` is a short stable word for reports."""

    def __init__(self, message: str, *, code: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code


class NotFound(AssistantError):
    """The thing asked for does not exist."""


class Conflict(AssistantError):
    """What was asked no longer fits the stored state."""


class LostLease(Conflict):
    """Another process holds the room's lease: what this one wanted to write is out of date."""


class Forbidden(AssistantError):
    """Who asks is unknown (`needs_login`), or has no right to do this."""

    def __init__(self, message: str, *, hint: str = "", needs_login: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.needs_login = needs_login


class ConfigurationError(AssistantError):
    """Settings that cannot work together."""


class Unavailable(AssistantError):
    """A part is out of order for now."""

    retryable = True


class IndexLocked(Unavailable):
    """Another process holds the index."""


class IndexMismatch(Unavailable):
    """The index was made by another embedding model; it must be rebuilt."""

    retryable = False


class ModelFailed(Unavailable):
    """A model gave no usable answer."""


class ReplyFailed(Unavailable):
    """A platform did not take a reply; `retryable` only where it surely was not delivered."""

    def __init__(self, message: str, *, hint: str = "", retryable: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.retryable = retryable


class VoiceFailed(Unavailable):
    """A voice engine gave no complete sound; `retryable` where the same text may sound later."""

    def __init__(self, message: str, *, hint: str = "", retryable: bool = True) -> None:
        super().__init__(message, hint=hint)
        self.retryable = retryable
