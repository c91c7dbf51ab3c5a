"""Servers for the tests: one for all that do not disturb each other, and one's own for those that stop, kill or flood it."""

import pytest

from broker import Broker


@pytest.fixture
def own_broker(tmp_path):
    """A server of this test's own, not started yet: import accounts, then `start()`."""
    broker = Broker(tmp_path)
    yield broker
    if broker.alive:
        broker.kill()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows what the server wrote, for whoever reads only the output of a continuous integration run."""
    report = yield
    if report.failed:
        for server in (value for value in getattr(item, "funcargs", {}).values() if isinstance(value, Broker)):
            report.sections.append(("the server's log, its end", server.tail()))
    return report
