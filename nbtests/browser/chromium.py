"""The Chromium that tests drive: one found on the machine, else Playwright's, else the system's package.

``python -m nbtests.browser.chromium`` makes sure that there is one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find(playwright: Playwright) -> str | None:
    """The path of a Chromium, or None."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def is_there() -> bool:
    with sync_playwright() as playwright:
        return find(playwright) is not None


def install() -> None:
    """Get one: Playwright's download, or the system's package where that fails and we may install it."""
    attempts = [[[sys.executable, "-m", "playwright", "install", "chromium"]]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempts.append([["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "-y", "chromium"]])
    for commands in attempts:
        print("Getting a Chromium for the tests:", " ".join(commands[-1]), flush=True)  # noqa: T201 - set-up reports
        if all(subprocess.run(command, check=False).returncode == 0 for command in commands) and is_there():
            return
    raise SystemExit("No Chromium was found or could be installed.")


if __name__ == "__main__":
    if not is_there():
        install()
