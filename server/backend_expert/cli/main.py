"""The command `backend-expert`."""

import sys

from backend_expert.cli.serve import serve


def main() -> None:
    """Runs the command. For now there is only `serve`."""
    arguments = sys.argv[1:]
    if arguments[:1] != ["serve"]:
        sys.exit("usage: backend-expert serve [--stdio | --tcp HOST:PORT]")
    address = arguments[2] if arguments[1:2] == ["--tcp"] else None
    sys.exit(serve(address))
