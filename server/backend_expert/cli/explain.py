"""`backend-expert explain`: the page of a rule, drawn in the terminal or as plain Markdown."""

import sys

import click

from backend_expert.cli.reports.text import wants_colour


@click.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Read the page of a rule, its examples drawn with their messages.

    RULE is an id such as security/sql-injection; its last part is enough.
    """
    from backend_expert.ide.pages import page_of
    from backend_expert.lint.reading import nearest_name
    from backend_expert.rules import all_rules, rule_named

    found = rule_named(rule)
    if found is None:
        alike = [r for r in all_rules() if r.id.rpartition("/")[2] == rule]
        found = alike[0] if len(alike) == 1 else None
    if found is None:
        near = nearest_name(rule, [r.id for r in all_rules()])
        cure = f" Did you mean {near}?" if near else " `backend-expert rules` lists them all."
        click.echo(f"There is no rule {rule}.{cure}", err=True)
        sys.exit(2)
    page = page_of(found)
    if not sys.stdout.isatty():
        click.echo(page, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(no_color=not wants_colour(sys.stdout), width=None)
    console.width = min(console.width, 100)
    console.print(Markdown(page, code_theme="ansi_dark"))
