"""docs/requirements.md has every clause once, and the tests that it names exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = (ROOT / "docs" / "requirements.md").read_text()
CLAUSES = """CU-1 CU-3 CU-4.1 CU-4.2 CU-4.3 CU-4.4 CU-5.1 CU-5.2 CU-6.1 CU-6.1b CU-6.2 CU-6.3 CU-6.3b CU-6.3c CU-6.4 CU-6.5
    CU-6.7 CU-8 CU-9 CU-11 CU-12.1 CU-12.2 CU-12.5 CU-13""".split()
TESTS = "".join(path.read_text() for pattern in ("*.swift", "*.py") for path in sorted((ROOT / "Tests").rglob(pattern))
                if path != Path(__file__))


def rows():
    return {cells[0]: cells for line in DOCUMENT.splitlines() if line.startswith("| CU-") for cells in [line.strip("| ").split(" | ")]}


def test_every_clause_has_its_row():
    assert list(rows()) == CLAUSES


def test_every_test_that_is_named_exists():
    functions = re.findall(r"`(test_\w+)`", DOCUMENT)
    sentences = [sentence for line in DOCUMENT.splitlines() if line.startswith("| CU-") for sentence in re.findall(r"\*([^*]+)\*", line)]
    assert len(functions) > 15 and len(sentences) > 15
    missing = [name for name in functions if f"def {name}(" not in TESTS]
    missing += [sentence for sentence in sentences if f'"{sentence}"' not in TESTS and f"`{sentence}`" not in TESTS]
    assert not missing, missing


def test_a_clause_without_a_test_is_later_or_in_the_pages_only():
    """Whoever adds behaviour for a clause adds the test's name, too."""
    unproven = [clause for clause, cells in rows().items() if not re.search(r"`test_|\*", cells[-1])]
    assert unproven == ["CU-9"]
