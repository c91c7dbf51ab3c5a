import pytest

import people
from api import Api
from broker import TRUSTED, Broker
from people import Population
from stage import Stage


@pytest.fixture(scope="session")
def population():
    return Population()


@pytest.fixture(scope="session")
def broker(tmp_path_factory, population):
    """The server that most socket tests share. It must live through all of them."""
    broker = Broker(tmp_path_factory.mktemp("shared"), options=TRUSTED)
    broker.import_accounts(list(population.everyone()))
    with broker:
        yield broker
        assert broker.alive, f"the server died\n{broker.tail()}"
    assert broker.process.returncode == 0


@pytest.fixture
async def stage(broker, population):
    stage = Stage(broker, population)
    yield stage
    await stage.close()
    assert broker.alive, f"the server died\n{broker.tail()}"


@pytest.fixture(scope="module")
def operator(broker):
    """An operator with a token made on the machine."""
    person = people.operator()
    broker.import_accounts([person])
    return Api(broker, token=person.token)
