"""The log of the service on stderr: one line each, for a person or for systemd's journal."""

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from traceback import extract_tb
from typing import TextIO

from monitor.cli.page import visible

#: What the journal takes from the head of a line (sd-daemon(3)): syslog's levels.
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
#: Libraries whose everyday lines would drown ours; httpx's show whole addresses, tokens included.
_QUIET = ("httpx", "httpcore", "apscheduler", "asyncio")


def log_to(stream: TextIO, environ: Mapping[str, str], zone: tzinfo) -> None:
    """Has everything logged from now on written to `stream`: with priorities where systemd's journal
    reads it (`$JOURNAL_STREAM`) and notes the time itself, else with level and the time in `zone`."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(None if "JOURNAL_STREAM" in environ else zone))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("orderwatch").setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class Lines(logging.Formatter):
    """Each line of a record with its own head, so that none passes for another's.

    Without a zone the head is for the journal. Of an exception it tells kind and place: its own words may hold an address with a token.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        super().__init__()
        self._zone = zone

    def format(self, record: logging.LogRecord) -> str:
        """The record with heads on all its lines."""
        head = self._head(record)
        return "\n".join(f"{head}{visible(line)}" for line in _lines(record))

    def _head(self, record: logging.LogRecord) -> str:
        if self._zone is None:
            return f"<{_PRIORITIES.get(record.levelno, 6)}>"
        at = datetime.fromtimestamp(record.created, self._zone)
        return f"{at.isoformat(' ', 'seconds')} {record.levelname.lower()}: "


def _lines(record: logging.LogRecord) -> Iterator[str]:
    yield from record.getMessage().splitlines() or [""]
    if not record.exc_info:
        return
    kind, _, trace = record.exc_info
    for frame in extract_tb(trace):
        yield f"  {Path(frame.filename).name}, line {frame.lineno}, in {frame.name}"
    yield f"  {kind.__name__ if kind else 'an error without a name'}"
