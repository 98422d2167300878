"""A headless Chromium, where there is one: what a page looks like on a phone."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: chromium)")

_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: A page around the page, as wide as a phone, that says what it measures. The page itself runs nothing.
_FRAME = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe sandbox="allow-same-origin" style="border:0;width:{width}px;height:2000px" srcdoc="{page}"></iframe>
<pre id="measured"></pre><script>
addEventListener("load", () => {{
  const page = document.querySelector("iframe").contentDocument, root = page.documentElement;
  const wide = [...page.querySelectorAll("body *")].filter(it => it.getBoundingClientRect().right > {width} + 0.5);
  document.querySelector("#measured").textContent = JSON.stringify({{
    width: root.scrollWidth, height: root.scrollHeight, wide: wide.map(it => it.outerHTML.slice(0, 200)),
    scripts: page.scripts.length, images: page.images.length, links: page.links.length,
    smallest: Math.min(...[...page.querySelectorAll("body *")].map(it => parseFloat(getComputedStyle(it).fontSize))),
    text: page.body.innerText,
  }});
}});
</script></body>"""


def measured(page: str, folder: Path, width: int = 375) -> dict[str, object]:
    """What Chromium finds when it shows a page so many pixels wide."""
    frame = folder / "frame.html"
    frame.write_text(_FRAME.format(width=width, page=html.escape(page)), encoding="utf-8")
    told = _run("--virtual-time-budget=3000", "--dump-dom", frame.as_uri(), folder=folder)
    found = re.search(r'<pre id="measured">(.*?)</pre>', told, re.DOTALL)
    assert found is not None, told[-2000:]
    return dict(json.loads(html.unescape(found[1])))


def printed(page: Path, into: Path) -> bytes:
    """The page as a PDF."""
    _run("--no-pdf-header-footer", f"--print-to-pdf={into}", page.as_uri(), folder=into.parent)
    return into.read_bytes()


def _run(*arguments: str, folder: Path) -> str:
    assert CHROMIUM is not None
    profile = f"--user-data-dir={folder / 'profile'}"
    done = subprocess.run(
        [CHROMIUM, *_QUIET, profile, *arguments], capture_output=True, text=True, timeout=90, check=True
    )
    return done.stdout
