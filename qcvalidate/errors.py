"""The errors that an analyst can act on; everything else is a bug and keeps its traceback."""

from __future__ import annotations


class QCValidateError(Exception):
    """What is wrong with something that the user gave; the message says where and what to do."""


class UsageError(QCValidateError):
    """The command, the lot folder's manifest or the environment cannot be used (exit status 2)."""


class SpecificationError(UsageError):
    """A specification or a vocabulary file says something that we must not act on."""


class DocumentError(QCValidateError):
    """A document cannot be read; it becomes one finding that holds its lot (exit status 4).

    `slug` is the slug of the rule that explains it (see `qcvalidate.rules`).
    """

    def __init__(self, message: str, *, slug: str = "document-unreadable", page: int | None = None):
        super().__init__(message)
        self.slug = slug
        self.page = page
