"""Chinese names of what the records hold as codes, as the pages show them."""

from assistant.review.names import CODE_NAMES, KIND_NAMES, PLATFORM_NAMES, STATE_NAMES

__all__ = ["CODE_NAMES", "KIND_NAMES", "PLATFORM_NAMES", "STATE_NAMES"]
