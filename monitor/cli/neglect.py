"""Says so when nobody watches: then silence is no good news."""

from datetime import timedelta

import click

from monitor.cli.frame import Workplace
from monitor.instance import is_at_work

#: The service thinks about an order within seconds of its moment; who starts `run --once` by a timer
#: does so at least this often.
_PATIENCE = timedelta(hours=25)


def tell_neglect(place: Workplace) -> None:
    """A line on stderr, when orders wait to be thought about and the service is not at work."""
    due = place.store.orders.next_due()
    if due is None or place.now - due < _PATIENCE or is_at_work(place.store.path):
        return
    click.echo(
        "Nobody is watching: orders wait to be looked at, and the service is not at work"
        " (`orderwatch run` starts it, `orderwatch run --once` does it once).",
        err=True,
    )
