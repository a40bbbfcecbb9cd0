"""Names populations for a strategy: by their own name, or by their path where two share a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

Path = tuple[str, ...]


def identities(paths: Sequence[Path]) -> tuple[dict[Path, str], dict[str, str]]:
    """Give each path an id; those that cannot be told apart are refused, each with the reason.

    >>> identities([("Cells",), ("Cells", "CD3"), ("Debris",), ("Debris", "CD3")])[0]
    {('Cells',): 'Cells', ('Cells', 'CD3'): 'Cells/CD3', ('Debris',): 'Debris', \
('Debris', 'CD3'): 'Debris/CD3'}
    """
    refused: dict[str, str] = {}
    names = Counter(path[-1] for path in paths)
    times = Counter(paths)
    found: dict[Path, str] = {}
    for path in paths:
        joined = "/".join(path)
        if any(times[path[: end + 1]] > 1 for end in range(len(path))):
            refused[joined] = "two populations have this path"
        else:
            found[path] = path[-1] if names[path[-1]] == 1 else joined
    for identity, number in Counter(found.values()).items():
        if number > 1 or not identity.strip() or identity != identity.strip():
            refused[identity] = "has a name that cannot be told from another, or none"
    return {path: one for path, one in found.items() if one not in refused}, refused
