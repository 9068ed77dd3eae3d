"""A served application and a real Chromium that can reach nothing but it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI

from assistant.services import Services
from assistant.web import create_app

REQUIRED = os.environ.get("ZHIZE_REQUIRE_BROWSER") == "1"
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--lang=zh-CN",
    "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip


_KEEP_ALIVE = 75
"""Seconds, as the real server has it: a connection is not closed while somebody just uses it."""


def _absent(reason: str) -> None:
    if REQUIRED:
        pytest.fail(f"ZHIZE_REQUIRE_BROWSER=1, but {reason}")
    pytest.skip(reason)


@contextmanager
def served(app: FastAPI, port: int = 0) -> Iterator[str]:
    """The address of an application, served from a thread on that port, or on a free one."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        config = uvicorn.Config(
            app, log_level="error", access_log=False, timeout_keep_alive=_KEEP_ALIVE
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def site(services: Services) -> Iterator[str]:
    """The address of the application without a folder to import into."""
    with served(create_app(services)) as address:
        yield address


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One Chromium with a fresh profile for the session."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if not binary or not driver:
        _absent("chromium or chromedriver is not installed (apt-get install chromium-driver)")
    try:
        from selenium import webdriver
    except ImportError:
        _absent("selenium is not installed (pip install selenium)")
    options = webdriver.ChromeOptions()
    options.binary_location = str(binary)
    profile: Path = tmp_path_factory.mktemp("profile")
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    service = webdriver.ChromeService(executable_path=str(driver))
    browser = webdriver.Chrome(options=options, service=service)
    yield browser
    browser.quit()
    service.stop()


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """A blank page 1280 px wide; after the test no request may have gone to another host."""
    resize(chromium, 1280)
    chromium.get("about:blank")
    requested_hosts(chromium)
    yield chromium
    assert requested_hosts(chromium) <= {"127.0.0.1"}
    chromium.get("about:blank")


def resize(browser: Any, width: int, height: int = 900) -> None:
    """Make the page `width` CSS pixels wide."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def requested_hosts(browser: Any) -> set[str]:
    """Return the hosts asked since the last call, and forget them."""
    messages = (json.loads(e["message"])["message"] for e in browser.get_log("performance"))
    urls = (
        m["params"]["request"]["url"]
        for m in messages
        if m["method"] == "Network.requestWillBeSent"
    )
    return {
        str(urlsplit(u).hostname)
        for u in urls
        if urlsplit(u).scheme in ("http", "https", "ws", "wss")
    }


@pytest.fixture
def until(browser: Any) -> Callable[..., Any]:
    """Wait up to 60 s until a function of the browser returns something true; return that."""
    from selenium.common.exceptions import StaleElementReferenceException
    from selenium.webdriver.support.ui import WebDriverWait

    wait = WebDriverWait(browser, 60, 0.1, ignored_exceptions=[StaleElementReferenceException])
    found: Callable[..., Any] = wait.until
    return found
