"""Puts it together: a folder for the journey, a screen, and somebody who watches."""

from contextlib import AbstractContextManager, aclosing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from monitor.demo.journey import Happening, travel
from monitor.demo.viewer import Viewer


class Screen(Protocol):
    """Where the journey is seen."""

    def begin(self) -> AbstractContextManager[object]:
        """Says what is to be seen; `show` is called inside of it."""

    async def show(self, happening: Happening) -> None:
        """Shows what happens, and gives time to read it."""

    def end(self) -> None:
        """Says what to do next."""


async def show(screen: Screen, viewer: Viewer) -> None:
    """Travels, and shows, until the end or until nobody watches any more. Leaves no file behind."""
    with screen.begin(), TemporaryDirectory(prefix="orderwatch-demo-") as folder:
        async with aclosing(travel(Path(folder))) as happenings:
            async for happening in happenings:
                await screen.show(happening)
                if viewer.left:
                    break
    screen.end()
