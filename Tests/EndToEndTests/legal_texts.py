"""The folder of the texts that people agree to, for tests that publish new ones."""

import hashlib
import shutil
from pathlib import Path

from broker import LEGAL

WORDS = {"fr": "# Conditions\n\nUne nouvelle version.\n", "en": "# Terms\n\nA new version.\n"}


class LegalTexts:
    """A copy of the repository's texts."""

    def __init__(self, folder):
        self.folder = Path(folder) / "legal"
        shutil.copytree(LEGAL, self.folder)

    def publish_next(self, broker, document="terms"):
        """The next version of a document takes effect on a broker whose `legal` folder this is."""
        version = 1 + max(int(path.name.partition(".")[0]) for path in (self.folder / document).glob("*.fr.md"))
        for language, words in WORDS.items():
            (self.folder / document / f"{version}.{language}.md").write_text(words)
        broker.publish()
        return version


def sha256(words):
    return hashlib.sha256(words).hexdigest()
