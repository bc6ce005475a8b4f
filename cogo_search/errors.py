"""The exception tree. Messages are one line: the argument, its value, the way out."""


class CogoError(Exception):
    """Base of every error raised on purpose by cogo_search."""


class InputError(CogoError):
    """An argument, file name or id that cannot be used (exit code 2)."""


class CatalogError(CogoError):
    """A catalog that is unreadable, truncated or of an unknown version (exit code 2)."""


class VerificationError(CogoError):
    """Something that was read but is not true (exit code 1)."""


class ArithmeticBoundError(CogoError):
    """An exact computation would leave the asserted 64-bit range."""
