"""The server as a process: prints its URL, then serves until its standard input ends or it is ended."""

import argparse
import json
import sys
import threading
from pathlib import Path

from tests.support.messages_api.server import MessagesApi
from tests.support.messages_api.written import scripts


def main() -> None:
    """Reads the arguments and serves."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.messages_api")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--script", type=Path, help="a JSON file of scripts (see `written.py`)")
    parser.add_argument(
        "--record", type=Path, help="where each request is written, one JSON line each"
    )
    parser.add_argument(
        "--key", action="append", default=[], help="a key that is let in (default: any)"
    )
    given = parser.parse_args()
    with MessagesApi(tuple(given.key), port=given.port) as api:
        for script, when, times in (
            scripts(json.loads(given.script.read_text("utf-8"))) if given.script else ()
        ):
            api.script(script, when, times)
        if given.record:
            threading.Thread(target=_record, args=(api, given.record), daemon=True).start()
        print(api.url, flush=True)
        sys.stdin.read()


def _record(api: MessagesApi, path: Path) -> None:
    number = 0
    while True:
        for request in api.wait_for_any(number):
            number += 1
            line = {
                "path": request.path,
                "headers": request.headers,
                "body": request.body.decode("utf-8", "replace"),
            }
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
