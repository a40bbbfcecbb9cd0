"""Remembers when this process began to load the package; imported before all the rest of it."""

from __future__ import annotations

import time

# In nanoseconds since the epoch, as file systems keep the times of files.
BEGUN = time.time_ns()
