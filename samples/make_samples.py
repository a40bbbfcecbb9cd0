"""Writes the sample lots of this folder, byte for byte the same at every run.

    python samples/make_samples.py [--into FOLDER] [LOT ...]

It needs reportlab and numpy, which `pip install '.[test]'` brings. A lot's folder is written
anew: whatever lay in it before is gone.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from _make import cryopreserved, fresh, progenitors

LOTS = cryopreserved.LOTS | fresh.LOTS | progenitors.LOTS


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the sample lots.")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, metavar="FOLDER")
    parser.add_argument("lots", nargs="*", metavar="LOT", help="only these lots (default: all)")
    wanted = parser.parse_args()
    if unknown := set(wanted.lots) - set(LOTS):
        parser.error(f"no such lot: {', '.join(sorted(unknown))}; there are {', '.join(LOTS)}")
    for lot in wanted.lots or LOTS:
        write(wanted.into / lot, LOTS[lot]())


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write a lot's files into its folder, and let nothing else stay there."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
