"""A real coturn on loopback, with a configuration and a user database of its own. It needs no root."""

import asyncio
import datetime
import ipaddress
import os
import random
import signal
import socket
import sqlite3
import subprocess
import time
from pathlib import Path

from aioice import stun, turn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PROGRAM = "/usr/bin/turnserver"
SCHEMA = "/usr/share/coturn/schema.sql"
REALM = "turn.test.example"
START_SECONDS = 20


class Coturn:
    """`with Coturn(folder) as coturn`: knows the secrets of its database, and `shared` if one is given."""

    def __init__(self, folder, shared=None):
        self.folder = Path(folder) / "coturn"
        self.folder.mkdir()
        self.database, self.log = self.folder / "turndb", self.folder / "turn.log"
        self.certificate, key = certificate(self.folder)
        self.port, self.tls_port = free_ports(2)
        first = random.randrange(20_000, 30_000, 200)
        with sqlite3.connect(self.database) as database:
            database.executescript(Path(SCHEMA).read_text())
        # coturn does not wait for a database that is being written; with a write-ahead log it need not.
        subprocess.run(["sqlite3", self.database, "PRAGMA journal_mode=WAL"], check=True, capture_output=True)
        self.configuration = self.folder / "turnserver.conf"
        self.configuration.write_text("\n".join([
            "listening-ip=127.0.0.1", "relay-ip=127.0.0.1", f"listening-port={self.port}", f"tls-listening-port={self.tls_port}",
            f"min-port={first}", f"max-port={first + 199}", f"realm={REALM}", "use-auth-secret", f"userdb={self.database}",
            *([f"static-auth-secret={shared}"] if shared else []), f"cert={self.certificate}", f"pkey={key}",
            # Both browsers are on this machine.
            "allow-loopback-peers", "fingerprint", "no-dtls", "no-cli", "no-stdout-log", f"log-file={self.log}", "simple-log", "verbose",
            f"pidfile={self.folder / 'pid'}", ""]))

    @property
    def urls(self):
        """Over UDP, TCP and TLS."""
        return [f"turn:127.0.0.1:{self.port}?transport=udp", f"turn:127.0.0.1:{self.port}?transport=tcp",
                f"turns:localhost:{self.tls_port}?transport=tcp"]

    @property
    def command(self):
        """For `ice.turn-database-command`."""
        return f"sqlite3 -bail -cmd '.timeout 5000' '{self.database}'"

    @property
    def secrets(self):
        with sqlite3.connect(self.database) as database:
            return {value for (value,) in database.execute("SELECT value FROM turn_secret WHERE realm = ?", [REALM])}

    def __enter__(self):
        self.process = subprocess.Popen([PROGRAM, "-c", self.configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.tls_port), timeout=1).close()
                return self
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.__exit__()
                    raise AssertionError(f"coturn does not start: {self.log.read_text() if self.log.exists() else ''}") from None
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def free_ports(count):
    """Ports on which neither TCP nor UDP is in use."""
    ports = []
    while len(ports) < count:
        port = random.randrange(10_000, 20_000)
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET, kind) as one:
                    one.bind(("127.0.0.1", port))
            ports.append(port)
        except OSError:
            pass
    return ports


def certificate(folder):
    """Files with a self-signed certificate for localhost and 127.0.0.1, and with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
            .not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(names, critical=False).sign(key, hashes.SHA256()))
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    os.chmod(files[1], 0o600)
    return files


def secret_file(folder, text):
    path = Path(folder) / "turn.secret"
    path.write_text(text + "\n")
    os.chmod(path, 0o600)
    return path


def turn_server(ice_servers):
    """The entry with TURN servers among what a seat was told."""
    return next(server for server in ice_servers if server["urls"][0].startswith("turn"))


class Allocation:
    """An allocation at a server, by another implementation than the broker's and the browsers'."""

    def __init__(self, transport):
        self.transport = transport

    @classmethod
    async def make(cls, coturn, server, transport="udp"):
        """With the credentials of a seat; raises aioice.stun.TransactionFailed when they are refused."""
        made, _ = await turn.create_turn_endpoint(asyncio.DatagramProtocol, server_addr=("127.0.0.1", coturn.port), transport=transport,
                                                  username=server["username"], password=server["credential"])
        return cls(made)

    async def refresh(self):
        """Keeps it for ten minutes more, with the credentials that it was made with."""
        request = stun.Message(message_method=stun.Method.REFRESH, message_class=stun.Class.REQUEST)
        request.attributes["LIFETIME"] = 600
        answer, _ = await self.transport._TurnTransport__inner_protocol.request_with_retry(request)
        return answer.attributes["LIFETIME"]

    def give_back(self):
        self.transport.close()


async def is_allowed(coturn, server):
    """Whether a new allocation is made with these credentials."""
    for _ in range(10):
        try:
            (await Allocation.make(coturn, server)).give_back()
            return True
        except stun.TransactionFailed as refused:
            code = refused.response.attributes["ERROR-CODE"][0]
            if code == 401:
                return False
            # The port has one already, which was given back and is not gone yet: another port is tried (RFC 8656, 7.4).
            assert code == 437, refused
    raise AssertionError("ten ports in turn had an allocation already")
