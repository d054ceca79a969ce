"""`backend-expert serve`: the arguments of the language server's start."""

import sys

import click


@click.command("serve")
@click.option("--stdio", is_flag=True, help="Speak over standard input and output (the default).")
@click.option(
    "--tcp",
    metavar="[HOST:]PORT",
    help="Wait for one client on a TCP port instead; the host is 127.0.0.1 unless given.",
)
def serve_command(stdio: bool, tcp: str | None) -> None:
    """Run the language server, for editors to start."""
    if stdio and tcp:
        raise click.UsageError("Choose one of --stdio and --tcp.")
    if tcp is not None and not tcp.rpartition(":")[2].isdigit():
        raise click.BadParameter(f"{tcp!r} is no port.", param_hint="--tcp")
    from backend_expert.cli.serve import serve

    sys.exit(serve(tcp))
