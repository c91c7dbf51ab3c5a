"""The keys of the health data as they lie on the disk, and what an operator does with them."""

import os
import shutil
import sqlite3
import stat
import subprocess

from broker import START_TIMEOUT, Broker


class KeyFile:
    """The consultations' wrapped data keys, and what is sealed under them."""

    def __init__(self, broker):
        self.data = broker.data

    def wrapped(self, consultation):
        """The bytes that are there only for this consultation: the master key's name, which stands before them, is not."""
        (key,) = self._rows("keys.sqlite", "SELECT wrapped FROM data_key WHERE consultation = ?", consultation)
        return key[8:]

    def sealed(self, consultation):
        """Beginning and end of all that is sealed for the consultation."""
        rows = self._rows("record.sqlite", "SELECT sealed FROM health_data WHERE consultation = ?", consultation)
        rows += self._rows("documents.sqlite", "SELECT sealed FROM chunk WHERE document IN (SELECT id FROM document WHERE consultation = ?)",
                           consultation)
        return [part for sealed in rows for part in (sealed[:32], sealed[-32:])]

    def consultations(self):
        return set(self._rows("keys.sqlite", "SELECT consultation FROM data_key"))

    def masters(self):
        """The names of the master keys under which something is wrapped."""
        return set(self._rows("keys.sqlite", "SELECT substr(wrapped, 1, 8) FROM data_key")
                   + self._rows("accounts.sqlite", "SELECT substr(sealed, 1, 8) FROM data_key"))

    def _rows(self, file, sql, *arguments):
        connection = sqlite3.connect(f"file:{self.data / file}?mode=ro", uri=True, timeout=10)
        try:
            return [row[0] for row in connection.execute(sql, arguments)]
        finally:
            connection.close()


def having(needles, *places):
    """Which of the byte strings is in which file of the folders."""
    return [(path, needle) for place in places for path in [place, *place.rglob("*")] if path.is_file()
            for content in [path.read_bytes()] for needle in needles if needle in content]


def readable_by_others(folder):
    return [path for path in folder.rglob("*") if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077]


def command(*arguments, **environment):
    """What the command came to, whatever it is."""
    return subprocess.run([Broker.binary(), *map(str, arguments)], capture_output=True, text=True, timeout=START_TIMEOUT,
                          env=os.environ | environment)


def back_up(broker, folder, *arguments):
    done = command("backup", folder, "--data", broker.data, *arguments)
    assert done.returncode == 0, done.stderr
    return folder


def restore(backup, folder, master_key, *arguments):
    """A broker on what was restored, not started. The key that signs the record is put back, as docs/backup.md asks for."""
    done = command("restore", backup, "--data", folder / "data", "--master-key", master_key, *arguments)
    assert done.returncode == 0, done.stderr
    shutil.copy(master_key.with_name("record-signing.key"), folder / "data")
    return Broker(folder, options=["--master-key", str(master_key)])
