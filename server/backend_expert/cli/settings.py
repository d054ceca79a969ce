"""`backend-expert settings`: where the user's own settings lie, and who answers by them."""

import click


@click.command()
def settings() -> None:
    """Show where your own settings file lies, what is wrong in it, and which model answers."""
    from backend_expert.persona.events import Failed
    from backend_expert.persona.failures import sentence
    from backend_expert.persona.gate import Destination
    from backend_expert.persona.own_settings import own_settings
    from backend_expert.persona.setup import answering, setup
    from backend_expert.workspace.personal import own_file

    own = own_settings()
    there = "" if own.file is not None else " (not there yet)"
    click.echo(f"Your settings: {own_file()}{there}")
    found = setup(own)
    for complaint in found.complaints:
        click.echo(f"warning: {complaint}", err=True)
    model = answering(found.settings)
    if isinstance(model, Failed):
        click.echo(f"The expert answers offline: {sentence(model)}")
        return
    where = Destination(found.settings.provider, found.settings.base_url).name
    click.echo(f"The expert answers through {where}, model {found.settings.model}.")
    for task, name in sorted(found.settings.models.items()):
        click.echo(f"  {task}: {name}")
