"""The folder of the texts that people agree to, for tests that publish new ones."""

import hashlib
import shutil
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "legal"
WORDS = {"fr": "# Conditions\n\nUne nouvelle version.\n", "en": "# Terms\n\nA new version.\n"}


class LegalTexts:
    """A copy of the repository's texts; `broker` must have been given its folder by `options`."""

    def __init__(self, folder):
        self.folder = Path(folder) / "legal"
        shutil.copytree(FOLDER, self.folder)

    @property
    def options(self):
        return ["--legal", str(self.folder)]

    def publish(self, broker, document="terms"):
        """The next version of a document takes effect, as an operator does it while the server runs."""
        version = 1 + max(int(path.name.partition(".")[0]) for path in (self.folder / document).glob("*.fr.md"))
        for language, words in WORDS.items():
            (self.folder / document / f"{version}.{language}.md").write_text(words)
        broker.command("texts", "publish", *self.options)
        return version


def sha256(words):
    return hashlib.sha256(words).hexdigest()
