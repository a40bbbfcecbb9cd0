"""Opens reports in headless Chromium, with the network off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

# Elements that reach out of the screen, and are not in a container that scrolls and that the
# keyboard reaches. What is hidden from the eye alone (the heads of stacked tables) is clipped.
_CUT = """
() => {
  const wide = document.documentElement.clientWidth;
  const scrolls = (one) => {
    for (let up = one.parentElement; up; up = up.parentElement) {
      const how = getComputedStyle(up);
      if (["auto", "scroll"].includes(how.overflowX) && up.tabIndex >= 0) return true;
      if (how.clipPath !== "none") return true;
    }
    return getComputedStyle(one).clipPath !== "none";
  };
  const out = [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    if (!box.width || one.closest("svg") !== null && one.closest("svg") !== one) return false;
    return (box.right > wide + 1 || box.left < -1) && !scrolls(one);
  });
  return out.slice(0, 5).map((one) => `${one.outerHTML.slice(0, 120)}`);
}
"""
# Text that is wider than the box that is to hold it.
_SPILLED = """
() => [...document.body.querySelectorAll("p, td, th, dd, dt, li, h1, h2, h3, h4, caption, span")]
  .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).clipPath === "none" && !one.closest("thead"))
  .slice(0, 5).map((one) => `${one.tagName}.${one.className} ${one.innerText.slice(0, 60)}`)
"""
_AXE = """
async () => {
  const found = await axe.run(document, {
    preload: false,
    resultTypes: ["violations"],
    // Of WCAG 2.2, and left out unless it is asked for.
    rules: {"target-size": {enabled: true}},
  });
  return found.violations.map((one) =>
    `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))}`);
}
"""


@dataclass
class Seen:
    """A report as a browser shows it; `asked` are the places that it went to."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def overflow(self) -> int:
        """Give by how many pixels the page is wider than the screen."""
        wide: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wide

    @property
    def cut(self) -> list[str]:
        """List elements that are not wholly seen."""
        return [*self.page.evaluate(_CUT), *self.page.evaluate(_SPILLED)]

    def violations(self) -> list[str]:
        """Ask axe-core for what does not hold of WCAG 2.2 and of its own best practices."""
        source = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
        script = Path(source.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
        self.page.evaluate(script)
        found: list[str] = self.page.evaluate(_AXE)
        return found


class Browser:
    """Headless Chromium, one for all tests."""

    def __init__(self, chromium: Any, folder: Path) -> None:
        self._chromium = chromium
        self._folder = folder
        self._count = 0

    @contextmanager
    def open(
        self, text: str, *, width: int = 1280, scheme: str = "light", media: str = "screen"
    ) -> Iterator[Seen]:
        """Open a report from a file."""
        self._count += 1
        path = self._folder / f"report-{self._count}.html"
        path.write_text(text, encoding="utf-8")
        context = self._chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        page = context.new_page()
        page.emulate_media(media=media, color_scheme=scheme)
        seen = Seen(page)
        page.on("request", lambda request: seen.asked.append(request.url[:40]))
        page.on("console", lambda message: seen.complaints.append(message.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        try:
            page.goto(path.as_uri())
            yield seen
        finally:
            context.close()


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Start Chromium, or skip, saying what is not there."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    with playwright.sync_playwright() as started:
        # No sandbox: those who run tests as root have none, and all pages are our own.
        launched = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield Browser(launched, folder)
        finally:
            launched.close()
