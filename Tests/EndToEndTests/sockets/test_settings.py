"""docs/configuration.md is what the program says of its settings."""

import subprocess
from pathlib import Path

from broker import Broker

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "configuration.md"


def test_the_document_of_the_settings_is_what_the_command_prints():
    printed = subprocess.run([Broker.binary(), "settings"], capture_output=True, text=True, check=True, timeout=60).stdout
    assert printed == DOCUMENT.read_text(), "write it anew: ./mqm broker settings > docs/configuration.md"
