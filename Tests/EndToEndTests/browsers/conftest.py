"""Devices, and a server of its own for each scenario."""

import functools
import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from broker import Broker
from chromium import Chromium
from firefox import Firefox
from network import Network


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def device(playwright, tmp_path, request):
    """Makes devices: `device("chromium")`. All are gone at the end; after a failure each leaves a picture in the folder MQM_PICTURES."""
    devices = []
    make = {"chromium": functools.partial(Chromium, playwright), "firefox": functools.partial(Firefox, tmp_path)}

    def new(browser):
        devices.append(make[browser]())
        return devices[-1]

    yield new
    pictures = os.environ.get("MQM_PICTURES")
    for number, one in enumerate(devices):
        if pictures and getattr(request.node, "failed", False):
            take_picture(one, Path(pictures) / f"{request.node.name}-{number}.png")
        one.quit()


@pytest.fixture
def demo(tmp_path):
    """The server with the people of the demonstration."""
    with Broker(tmp_path, demo=True) as broker:
        yield broker


@pytest.fixture
def network(tmp_path):
    """The same, with a network for each of two people that can be broken."""
    network = Network(tmp_path)
    yield network
    network.close()


def take_picture(device, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        device.picture(str(path))
    except Exception as fault:  # the failure that is being looked into may be that the browser is gone
        print(f"no picture: {fault}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report
