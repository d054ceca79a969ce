"""The command `backend-expert`. Each subcommand's module is imported when it is called."""

import sys
from importlib import import_module
from typing import Any, cast

import click

# name -> (module and function in `cli`, the line that `--help` shows)
COMMANDS = {
    "serve": ("server.serve_command", "Run the language server, for editors to start."),
    "check": ("check.check", "Check files and folders, and mend what is surely right to mend."),
    "explain": ("explain.explain", "Read the page of a rule, its examples drawn."),
    "rules": ("rules.rules", "List all rules by area."),
    "ask": ("ask.ask", "Ask the expert about some lines of a file."),
    "settings": ("settings.settings", "See where your own settings lie, and who answers."),
    "demo": ("demo.demo", "See the server at work on a small backend."),
}


class Commands(click.Group):
    """The subcommands, by name and imported late; a mistyped one is answered with the nearest."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of the table."""
        return [name for name in COMMANDS if _is_there(name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, None when there is no such."""
        if cmd_name not in COMMANDS or not _is_there(cmd_name):
            return None
        module, _, function = COMMANDS[cmd_name][0].partition(".")
        return cast(click.Command, getattr(import_module(f"backend_expert.cli.{module}"), function))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            import difflib

            near = difflib.get_close_matches(name, self.list_commands(ctx), 1)
            cure = f" Did you mean '{near[0]}'?" if near else ""
            raise click.UsageError(f"There is no command '{name}'.{cure}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with one line each, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


def _is_there(name: str) -> bool:
    """Whether the command's module is installed (two of them come from other rooms)."""
    from importlib.util import find_spec

    module = COMMANDS[name][0].partition(".")[0]
    return find_spec(f"backend_expert.cli.{module}") is not None


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"backend-expert {version('backend-expert-lsp')}")
        ctx.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """A senior backend engineer in your editor and in your terminal."""


def main(arguments: list[str] | None = None) -> Any:
    """Runs the command line. Click's own exit code for wrong usage is 2, as ours for failure."""
    try:
        return cli.main(arguments, prog_name="backend-expert")
    except BrokenPipeError:  # `backend-expert … | head`
        sys.stderr.close()
        sys.exit(0)
    except Exception:  # 1 means findings, so a fault of ours must not end with Python's own 1
        import traceback

        traceback.print_exc()
        click.echo("backend-expert has failed; the lines above say where.", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
