"""Tells addresses of object stores from paths."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from qcvalidate.errors import UsageError

# Each with what must be installed for it.
STORES = {
    "s3": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
}
_SCHEME = re.compile("([A-Za-z][A-Za-z0-9+.-]+)://")


class Url(str):
    """The address of a folder or an object in a store, without a `/` at its end."""

    __slots__ = ()


def place(text: str) -> Path | Url:
    """Read a path or an address; `UsageError` for one that is neither.

    >>> place("s3://bucket/lots/")
    's3://bucket/lots'
    >>> place("lots").name
    'lots'
    """
    scheme = _SCHEME.match(text)
    if scheme is None:
        return Path(text)
    kind = scheme[1].lower()
    if kind == "file":
        from urllib.request import url2pathname  # noqa: PLC0415 - with it comes all of http

        return Path(url2pathname(unquote(urlsplit(text).path)))
    if kind not in STORES:
        known = ", ".join(f"{one}://" for one in (*STORES, "file"))
        raise UsageError(f"{kind}://: is no store that is known; there are {known}")
    host = text[scheme.end() :].partition("/")[0]
    if ":" in host or "?" in text or "#" in text:
        # Not repeated: it may hold a password.
        raise UsageError(
            f"{kind}://: an address here is bucket and folder alone; credentials belong into the "
            "environment or the store's own configuration"
        )
    found = Url(f"{kind}://{text[scheme.end() :].rstrip('/')}")
    if found == f"{kind}://":
        raise UsageError(f"{kind}://: names no bucket")
    return found
