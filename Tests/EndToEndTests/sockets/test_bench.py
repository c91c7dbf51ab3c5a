"""The benchmark runs, and its report holds what it should; what the figures are is no test's business."""

import json
import subprocess

from broker import BINARY, ROOT


def test_the_bench_measures_and_reports_every_part(tmp_path):
    bench, report, drawing = BINARY.parent / "mqm-bench", tmp_path / "report.json", tmp_path / "report.svg"
    scratch = ROOT / ".build"
    before = set(scratch.glob("bench-*"))
    done = subprocess.run([bench, "--quick", "--alone", "--rounds", "1", "--json", report, "--svg", drawing], cwd=ROOT,
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    sections = {section["title"]: section for section in json.loads(report.read_text())["sections"]}
    assert list(sections) == ["Relay", "System calls", "Memory", "Claims", "Queue and races", "Start-up"]
    for section in sections.values():
        for table in section["tables"]:
            figures = [figure for row in table["rows"] for cell in row["cells"] for figure in cell["figures"]]
            assert figures and table["title"] in done.stdout
    # A fact, not a figure: whoever races, one wins.
    assert [goal["isReached"] for goal in sections["Queue and races"]["goals"]] == [True]
    assert set(scratch.glob("bench-*")) <= before, "a bench leaves nothing behind"
    assert drawing.read_text().startswith("<svg") and "mqm-broker" in drawing.read_text()

    again = subprocess.run([bench, "report", report, "--markdown"], capture_output=True, text=True, check=True)
    assert "### Relay" in again.stdout and "| mqm-broker |" in again.stdout
