"""What is at the other end of two channels, in a process of its own: one that takes every message at
once and notes when it came, and one that accepts connections and never answers."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_TAKEN = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok"
_BACKLOG = 1024


@dataclass(frozen=True, slots=True)
class Ears:
    """Where the two listen, and what the first has heard."""

    answering: str
    silent: str
    _server: "subprocess.Popen[str]"

    def heard(self) -> dict[str, float]:
        """Ends the server. Returns when each message first came, in monotonic seconds: that clock is the
        machine's, so that it can be compared with ours."""
        self._server.kill()
        assert self._server.stdout is not None
        first: dict[str, float] = {}
        for line in self._server.stdout:
            name, at = json.loads(line)
            first.setdefault(name, at)
        return first


@contextmanager
def ears() -> Iterator[Ears]:
    """Runs the server."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.arrivals"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            ports = json.loads(server.stdout.readline())
            answering, silent = (f"http://127.0.0.1:{port}/" for port in ports)
            yield Ears(answering, silent, server)
        finally:
            server.kill()


async def _take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Notes when the first byte of a request came."""
    first = await reader.read(1)
    at = time.monotonic()
    try:
        head = (first + await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        name = (await reader.readexactly(length)).decode()
        writer.write(_TAKEN)
        await writer.drain()
        print(json.dumps([name, at]), flush=True)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _ignore(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads whatever comes, until the other side gives up."""
    try:
        while await reader.read(65_536):
            pass
    except ConnectionError:
        pass
    finally:
        writer.close()


async def _serve() -> None:
    servers = [
        await asyncio.start_server(each, "127.0.0.1", 0, backlog=_BACKLOG) for each in (_take, _ignore)
    ]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(_serve())
