"""The sign of life that another machine waits for: it tells the user when we are silent.

After each full round of the service a GET goes to an address of the kind that healthchecks.io gives
out; `/start` behind it says that a round begins, `/fail` that something of us does not work, with
what it is. It never goes out by a clock of its own: who is stuck is silent.
"""

import asyncio
import logging
from collections.abc import Sequence

from pydantic import SecretStr

from monitor.errors import FetchError
from monitor.http_library import httpx
from monitor.transport import new_client

log = logging.getLogger("orderwatch")

#: Seconds that one sign of life may take in all.
SECONDS = 10.0


class Heartbeat:
    """Tells whoever waits at `address`; nobody, if there is none. Never raises: that it failed is
    logged, once, and once that it works again. The address is a secret."""

    def __init__(self, address: SecretStr | None) -> None:
        self._address = address
        self._fails = False

    async def begun(self) -> None:
        """A round begins."""
        await self._tell("/start")

    async def ended(self, trouble: Sequence[str] = ()) -> None:
        """A round is done; `trouble` is what does not work."""
        await self._tell("/fail" if trouble else "", "\n".join(trouble))

    async def _tell(self, ending: str, words: str = "") -> None:
        if self._address is None:
            return
        problem = await _ask(self._address.get_secret_value(), ending, words)
        if problem is not None and not self._fails:
            log.warning("the sign of life ([alerts] ping) does not get through: %s", problem)
        elif problem is None and self._fails:
            log.info("the sign of life gets through again")
        self._fails = problem is not None


async def _ask(address: str, ending: str, words: str) -> str | None:
    """What went wrong, without the address."""
    try:
        url = httpx.URL(address)
        url = url.copy_with(path=url.path.rstrip("/") + ending)
        async with asyncio.timeout(SECONDS), new_client() as client:
            answer = await (client.post(url, content=words) if words else client.get(url))
    except (httpx.HTTPError, httpx.InvalidURL, FetchError, TimeoutError, OSError, ValueError) as error:
        return type(error).__name__
    return None if answer.is_success else f"HTTP {answer.status_code}"
