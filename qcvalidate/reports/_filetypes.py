"""The types of file that the ending of a report's name chooses, and the extras that they need."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from qcvalidate.errors import UsageError


@dataclass(frozen=True)
class FileType:
    """A type of file beside the one that a format writes otherwise.

    The extra of its name without the dot brings the package that writes it.
    """

    suffix: str
    name: str
    media_type: str
    package: str

    @property
    def word(self) -> str:
        """Give the ending as extras and functions are called by it."""
        return self.suffix.removeprefix(".")

    def refuse_absent(self) -> None:
        """Say what to install where the package is absent."""
        if find_spec(self.package) is None:
            raise UsageError(
                f"a {self.name} file needs the extra {self.word}, which is not installed: "
                f"pip install 'qcvalidate[{self.word}]'"
            )


PDF = FileType(".pdf", "PDF", "application/pdf", "typst")
PARQUET = FileType(".parquet", "Parquet", "application/vnd.apache.parquet", "pyarrow")

FILE_TYPES = {kind.suffix: kind for kind in (PDF, PARQUET)}
