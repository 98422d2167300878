"""`orderwatch export`: all that is known, as JSON."""

import click

from monitor.cli.frame import at_option, find_order, line_of, time_from
from monitor.cli.page import print_utf8
from monitor.config_file import glance
from monitor.errors import UsageError
from monitor.export import Export
from monitor.store.archive import Archive
from monitor.store.connection import told_plainly


@click.command()
@click.argument("order", required=False)
@click.option("--answers", is_flag=True, help="With the answers of the sources as they came.")
@at_option
@click.pass_context
def command(ctx: click.Context, order: str | None, answers: bool, at: str | None) -> None:
    """Everything the database knows about ORDER (its id, or its last digits), or about all orders, as
    JSON in UTF-8.

    The database is only read, also beside the service; order files that have changed since are not
    looked at.
    """
    line = line_of(ctx)
    seen = glance(line.config_path, line.environ)
    now = line.clock() if at is None else time_from(at, seen.zone)
    if not seen.database.exists():
        raise UsageError(f"there is no database yet ({seen.database}), so nothing to export")
    with Archive(seen.database) as archive, told_plainly(seen.database):
        wanted = None if order is None else find_order(archive, order)
        print_utf8(Export(archive, seen.zone, now, wanted, answers).pieces())
