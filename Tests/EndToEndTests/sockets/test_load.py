"""The load generator against the real broker: what it reports is true, and what goes wrong is not passed over."""

import json
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

from broker import Broker, LEGAL

LOAD = Broker.binary().with_name("mqm-load")
PATIENCE = 120  # seconds for a run of a few, debug build, on a machine that compiles at the same time


def load(folder, *arguments, **options):
    """Runs `mqm-load`; how it ended, and its report if it made one."""
    report, picture = folder / "report.json", folder / "report.svg"
    command = [LOAD, *arguments, "--json", report, "--picture", picture]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, **options)
    if report.exists():
        ElementTree.parse(picture)
    return done, json.loads(report.read_text()) if report.exists() else None


def own(scenario, *arguments):
    return [scenario, "--broker", str(Broker.binary()), "--legal", str(LEGAL), "--warm-up", "0.5", *arguments]


def test_whole_consultations(tmp_path):
    done, report = load(tmp_path, *own("consultations", "--rate", "5", "--duration", "3", "--call", "1", "--racers", "3"))
    assert done.returncode == 0, done.stdout + done.stderr
    consultations = report["consultations"]
    assert consultations["done"] == consultations["begun"] >= 5 and consultations["failed"] == 0
    assert report["troubles"] == {} and report["ends"] == {}
    # Every claim but the winner's is refused, and nothing else is.
    assert set(report["refusals"]) <= {"request.claim: already_claimed"}
    (steady,) = report["phases"]
    latencies = steady["latencies"]
    assert {"sign_in", "acknowledgement", "claim", "queue_fan_out", "relay", "set_up"} <= set(latencies)
    for values in latencies.values():
        assert 0 < values["p50_ms"] <= values["p90_ms"] <= values["p99_ms"] <= values["p99_9_ms"] <= values["max_ms"] + 0.1
    # The candidates of both sides alone are sixteen a call.
    assert latencies["relay"]["count"] >= 16
    assert report["server"]["cpu_seconds"] > 0 and report["server"]["peak_resident_bytes"] > 1 << 20
    assert "nothing was lost, doubled or out of order" in done.stdout
    assert "done" in done.stderr, "no line of progress"


def test_storm_through_tls(tmp_path):
    done, report = load(tmp_path, *own("storm", "--clients", "60", "--rate", "1", "--duration", "4", "--call", "1", "--tls"))
    assert done.returncode == 0, done.stdout + done.stderr
    figures = {figure["name"]: figure["value"] for figure in report["disturbance"]["figures"]}
    assert figures["clients cut"] == 60 == figures["sessions resumed"] + figures["sessions begun anew"]
    assert report["disturbance"]["back"][-1]["percent"] > 95
    assert [phase["name"] for phase in report["phases"]] == ["quiet", "storm"]


@pytest.mark.parametrize("scenario", ["flood", "slow-writers --connections 20", "half-open --connections 20", "slow-readers --clients 3"])
def test_disturbances(tmp_path, scenario):
    name, *options = scenario.split()
    done, report = load(tmp_path, *own(name, *options, "--rate", "2", "--duration", "2", "--call", "1", "--quiet"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    figures = {figure["name"]: figure["value"] for figure in report["disturbance"]["figures"]}
    if name == "flood":
        assert figures["messages sent"] > 1_000 and figures["refused one by one"] > 500
    else:
        assert next(iter(figures.values())) in (3, 20)


def test_a_broker_that_dies_is_not_passed_over(tmp_path, own_broker):
    """People from a file, a broker that runs already, and one that is killed in the middle."""
    made = subprocess.run([LOAD, "people", "--rate", "5", "--duration", "30"], capture_output=True, text=True, check=True)
    own_broker.publish()
    people = tmp_path / "people.jsonl"
    people.write_text(own_broker.command("account", "import", "-", "--tokens", text=made.stdout))
    own_broker.start()
    url = own_broker.url.replace("http", "ws", 1) + "/v1/ws"
    report = tmp_path / "report.json"
    command = [LOAD, "consultations", "--url", url, "--people", people, "--rate", "5", "--duration", "3", "--warm-up", "0", "--json", report]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if "steady" in line:
                break
        own_broker.kill()
        process.stderr.read()
        said = process.stdout.read()
        assert process.wait(PATIENCE) == 1
    troubles = json.loads(report.read_text())["troubles"]
    assert any(name.startswith("disconnected") for name in troubles)
    assert "WRONG" in said


def test_wrong_use_is_explained(tmp_path):
    for arguments, expected in [
        (["--duration", "0"], "--duration must be"), (["--url", "ws://127.0.0.1:1/v1/ws"], "go together"),
        (["--broker", str(tmp_path / "none")], "There is no broker at"),
    ]:
        done, _ = load(tmp_path, "consultations", *arguments)
        assert done.returncode not in (0, 70) and expected in done.stderr, done.stderr
