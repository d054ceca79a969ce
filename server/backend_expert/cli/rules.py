"""`backend-expert rules`: all rules by area."""

import sys
from typing import Any

import click

from backend_expert.cli.reports.text import wants_colour

_COLOURS = {"error": "red", "warning": "yellow", "information": "blue", "hint": "cyan"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects instead.")
@click.argument("area", required=False)
def rules(as_json: bool, area: str | None) -> None:
    """List all rules, or those of one AREA."""
    from backend_expert.rules import AREAS, all_rules

    if area is not None and area not in AREAS:
        raise click.BadParameter(f"the areas are {', '.join(AREAS)}.", param_hint="AREA")
    chosen = [rule for rule in all_rules() if area in (None, rule.area)]
    if as_json:
        import msgspec

        rows: list[dict[str, Any]] = [
            {
                "id": rule.id,
                "area": rule.area,
                "title": rule.title,
                "severity": rule.severity.word,
                "languages": sorted(rule.languages),
                "cwe": rule.cwe,
                "tags": rule.tags,
            }
            for rule in chosen
        ]
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return
    in_colour = wants_colour(sys.stdout)
    wide = max((len(rule.id) for rule in chosen), default=0)
    for name, title in AREAS.items():
        mine = [rule for rule in chosen if rule.area == name]
        if not mine:
            continue
        head = f"{title} ({len(mine)})"
        click.echo(click.style(head, bold=True) if in_colour else head)
        for rule in mine:
            word = f"{rule.severity.word:<11}"
            shown = click.style(word, fg=_COLOURS[rule.severity.word]) if in_colour else word
            click.echo(f"  {rule.id:<{wide}}  {shown}  {rule.title}")
        click.echo()
    click.echo(f"{len(chosen)} rules. Read one with: backend-expert explain ID")
