"""Talks to systemd, where it started us: ready, alive, what we are doing. A no-op elsewhere.

The protocol is sd_notify(3): lines of text in one datagram to the socket $NOTIFY_SOCKET.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Systemd:
    """The service manager's ear. `watchdog_every`: how long it waits for a sign of life, if it does."""

    address: str | None = None
    watchdog_every: timedelta | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str], pid: int) -> "Systemd":
        """What the environment of process `pid` says."""
        watched = environ.get("WATCHDOG_PID") in (None, "", str(pid))
        microseconds = environ.get("WATCHDOG_USEC", "")
        every = timedelta(microseconds=int(microseconds)) if watched and microseconds.isdigit() else None
        return cls(environ.get("NOTIFY_SOCKET") or None, every)

    def ready(self) -> None:
        """Configuration read, database open, leases recovered."""
        self._tell("READY=1")

    def reloading(self) -> None:
        """The configuration is being read again; `ready` ends it."""
        self._tell("RELOADING=1")

    def alive(self) -> None:
        """Polling, thinking, delivery and the database all moved since the last time."""
        self._tell("WATCHDOG=1")

    def status(self, text: str) -> None:
        """One line for `systemctl status`."""
        self._tell(f"STATUS={text}")

    def stopping(self) -> None:
        """The end has begun."""
        self._tell("STOPPING=1")

    def _tell(self, message: str) -> None:
        if self.address is None:
            return
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as ear:
                # Who does not listen misses something; the service waits for nobody.
                ear.sendto(message.encode(), socket.MSG_DONTWAIT, address)
        except OSError:
            return
