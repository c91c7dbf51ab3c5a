"""The server that speaks TLS itself, with the self-signed certificate that it makes for development."""

import ssl

import pytest

import people
from broker import Broker
from http_exchange import exchange
from mqm_client import Client


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A server, somebody with a password, and what trusts the server's certificate and no other."""
    broker = Broker(tmp_path_factory.mktemp("tls"), options=["--tls-development"])
    person = people.adult(password=people.PASSWORD)
    broker.import_accounts([person])
    with broker:
        yield broker, person, ssl.create_default_context(cafile=broker.data / "development-certificate.pem")


@pytest.fixture
def cookie(served):
    broker, person, trust = served
    return exchange(broker.url, "POST", "/v1/session", {"email": person.email, "password": people.PASSWORD}, trust=trust)


def test_the_certificates_key_is_readable_by_its_owner_only(served):
    broker, *_ = served
    assert (broker.data / "development-key.pem").stat().st_mode & 0o077 == 0


def test_the_cookie_is_for_https_only_and_bound_to_this_host(cookie):
    assert cookie.status == 200
    assert cookie.cookie.startswith("__Host-mqm_session=")
    flags = {flag.strip().lower() for flag in cookie.headers["Set-Cookie"].split(";")[1:]}
    assert {"secure", "httponly", "samesite=strict", "path=/"} <= flags
    assert "max-age=31536000" in cookie.headers["Strict-Transport-Security"]


async def test_a_socket_over_tls_is_signed_in_by_the_cookie(served, cookie):
    broker, person, trust = served
    client = await Client.connect(broker.url, origin=broker.url, ssl=trust, additional_headers={"Cookie": cookie.cookie})
    await client.hello()
    assert client.greeting["account"]["id"] == person.id
    await client.request("ping")
    await client.close()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version, accepted", [("TLSv1", False), ("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)])
def test_tls_1_2_is_the_oldest_that_is_spoken(served, version, accepted):
    broker, _, _ = served
    trust = ssl.create_default_context(cafile=broker.data / "development-certificate.pem")
    trust.set_ciphers("ALL:@SECLEVEL=0")  # the client would do it
    trust.minimum_version = trust.maximum_version = ssl.TLSVersion[version]
    if accepted:
        assert exchange(broker.url, "GET", "/v1/health", trust=trust).status == 200
    else:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            exchange(broker.url, "GET", "/v1/health", trust=trust)
