"""Devices, and a server of its own for each scenario."""

import functools
import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from broker import Broker
from chromium import Chromium
from firefox import Firefox


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def device(playwright, tmp_path, request):
    """Makes devices: `device("chromium")`. All are gone at the end; after a failure there is a picture of each."""
    devices = []
    make = {"chromium": functools.partial(Chromium, playwright), "firefox": functools.partial(Firefox, tmp_path)}

    def new(browser):
        devices.append(make[browser]())
        return devices[-1]

    yield new
    failed = getattr(request.node, "failed", False)
    for number, one in enumerate(devices):
        if failed:
            take_picture(one, request.node.name, number)
        one.quit()


@pytest.fixture
def demo(tmp_path):
    """The server with the people of the demonstration."""
    with Broker(tmp_path, demo=True) as broker:
        yield broker


def take_picture(device, test, number):
    folder = Path(os.environ.get("MQM_PICTURES", "")) if os.environ.get("MQM_PICTURES") else None
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    try:
        device.picture(str(folder / f"{test}-{number}.png"))
    except Exception as fault:  # the failure that is being looked into may be that the browser is gone
        print(f"no picture of device {number}: {fault}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report
