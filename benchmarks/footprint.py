"""The service at rest, in memory; and how long a person waits for `orderwatch orders`."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Row
from benchmarks.workplace import orders
from monitor.clock import system_clock

LISTED = 10_000
_APPRISE = '[notifiers.phone]\nadapter = "apprise"\nurl = "json://127.0.0.1:9/"\n'


def measure() -> list[Row]:
    """All in processes of their own, as a user starts them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [
            Row("service at rest, journal only", f"{_at_rest(folder / 'journal', ''):.0f} MB", "resident", "50 MB"),
            Row("service at rest, one Apprise channel", f"{_at_rest(folder / 'phone', _APPRISE):.0f} MB", "resident",
                "75 MB"),
            *_listing(folder / "listing"),
        ]  # fmt: skip


def _configured(folder: Path, more: str, rows: int) -> Path:
    folder.mkdir()
    config = folder / "orderwatch.toml"
    config.write_text(
        'timezone = "Europe/Madrid"\norders = ["orders.csv"]\ndatabase = "orders.db"\n'
        f'[carriers.files]\npath = "tracking"\n{more}'
    )
    (folder / "tracking").mkdir()
    with (folder / "orders.csv").open("w") as file:
        file.write("id,title,marketplace,ordered_on,shipped_on,parcels\n")
        for order in orders(rows, shipped=system_clock().date()):
            number = order.parcels[0].number
            file.write(
                f"{order.id},{order.title},aliexpress,{order.ordered_on},{order.shipped_on},{number}\n"
            )
    return config


def _command(config: Path, *words: str) -> list[str]:
    program = shutil.which("orderwatch", path=str(Path(sys.executable).parent)) or "orderwatch"
    return [program, "--config", str(config), *words]


def _at_rest(folder: Path, channel: str) -> float:
    config = _configured(folder, channel, 100)
    with subprocess.Popen(_command(config, "run"), stderr=subprocess.DEVNULL) as service:
        try:
            time.sleep(12)
            status = Path(f"/proc/{service.pid}/status").read_text()
        finally:
            service.send_signal(signal.SIGTERM)
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1024


def _listing(folder: Path) -> list[Row]:
    config = _configured(folder, "", LISTED)
    subprocess.run(_command(config, "run", "--once"), stderr=subprocess.DEVNULL, check=False)
    rows = []
    for what, words in (("orderwatch orders, 10,000 stored", ["orders"]),
                        ("  as JSON, all of them", ["orders", "--json"])):  # fmt: skip
        times = []
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run(_command(config, *words), stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - start)
        rows.append(
            Row(what, f"{sorted(times)[2] * 1e3:.0f} ms", "median of 5", "350 ms" if len(words) == 1 else "")
        )
    return rows
