"""Measures all rows: `PYTHONPATH=server/tools python -m bench [--write]`.

`--write` puts the table into server/docs/bench.md.
"""

import asyncio
import compileall
import os
import sys
import tempfile
from pathlib import Path

import backend_expert

from bench.answers import answers
from bench.keystrokes import keystrokes
from bench.peers import peers
from bench.scans import scans
from bench.table import Rows

ROOT = Path(__file__).parents[3]


async def sessions(rows: Rows, folder: Path) -> None:
    """The rows that are measured through sessions."""
    await answers(rows, ROOT / "examples/shop")
    mine = await keystrokes(rows, folder)
    await peers(rows, folder, mine)


def main() -> int:
    """Runs the bench; 1 when a target does not hold."""
    # As `pip install` does, and an editable install does not: what is measured is what users have.
    compileall.compile_dir(Path(backend_expert.__file__).parent, quiet=1)
    rows = Rows()
    with tempfile.TemporaryDirectory(prefix="backend-expert-bench-") as name:
        # Other copies of this program on this machine would push ours out of the user's cache.
        os.environ["BACKEND_EXPERT_CACHE"] = str(Path(name) / "cache")
        folder = Path(name) / "typed"
        folder.mkdir()
        asyncio.run(sessions(rows, folder))
        scans(rows, Path(name) / "scan")
    rows.show()
    if "--write" in sys.argv:
        rows.write(ROOT / "server/docs/bench.md")
    return 0 if rows.hold else 1


if __name__ == "__main__":
    sys.exit(main())
