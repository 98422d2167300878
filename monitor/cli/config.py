"""`orderwatch config example`."""

import click

from monitor.example_config import example_config
from monitor.plugins import adapter_model, available_adapters


@click.group()
def command() -> None:
    """Shows what can be configured."""


@command.command()
def example() -> None:
    """Prints a configuration with every key, what it means, and what it is when left out.

    Start with: orderwatch config example > orderwatch.toml
    """
    carriers = {name: adapter_model("carriers", name) for name in available_adapters("carriers")}
    notifiers = {name: adapter_model("notifiers", name) for name in available_adapters("notifiers")}
    click.echo(example_config(carriers, notifiers), nl=False)
