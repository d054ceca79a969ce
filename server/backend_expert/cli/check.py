"""`backend-expert check`: findings of files and folders, and the fixes that are sure."""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

FORMATS = ("text", "json", "sarif", "github")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", help="How to print findings."
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULES",
    help="Rules to run, above the settings' choice: ids or areas, separated by commas.",
)
@click.option("--ignore", multiple=True, metavar="RULES", help="Rules not to run.")
@click.option("--fix", is_flag=True, help="Make all sure fixes.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Worker processes (2).")
@click.option("--output", type=click.Path(dir_okay=False), help="Write the findings to a file.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
def check(
    paths: Sequence[str],
    form: str,
    select: Sequence[str],
    ignore: Sequence[str],
    fix: bool,
    diff: bool,
    jobs: int | None,
    output: str | None,
    quiet: bool,
) -> None:
    """Check files and folders (the current one unless told).

    Ends with 0 when nothing was found, 1 with findings, 2 when something failed.
    """
    # Started as `backend-expert` or `python -m backend_expert.cli`, not called by another program.
    started = Path(sys.argv[0])
    owns_process = started.stem == "backend-expert" or started.parts[-2:] == ("cli", "__main__.py")
    if owns_process:
        gc.disable()  # the imports make only what stays
    from backend_expert.cli.checking import Request, run

    if owns_process:
        gc.freeze()
        gc.set_threshold(200_000, 20, 100)
        gc.enable()

    request = Request(
        paths=tuple(paths) or (".",),
        form=form,
        layer=_layer(select, ignore),
        fix=fix and not diff,
        diff=diff,
        jobs=jobs,
        output=output,
        quiet=quiet,
    )
    code = run(request)
    sys.stdout.flush()
    # The findings are printed and every worker has ended: tearing down the facts of a large
    # repository object by object would only keep the user waiting.
    if owns_process:
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _layer(select: Sequence[str], ignore: Sequence[str]) -> dict[str, Any]:
    """The command line's choices as a table of settings."""
    chosen = {"select": _words(select), "ignore": _words(ignore)}
    return {key: words for key, words in chosen.items() if words}


def _words(values: Sequence[str]) -> list[str]:
    return [word.strip() for value in values for word in value.split(",") if word.strip()]
