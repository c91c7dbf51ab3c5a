"""docs/openapi.yaml is what a running broker does: schemathesis asks whatever the document allows and does not, as four kinds of people."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import openapi
import people
from api import Api
from broker import TRUSTED, Broker
from documents import Courier, pdf
from newcomers import settled
from stage import Stage

HERE = Path(__file__).resolve().parents[1]
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# They would end the session that everything else is asked with; sockets/test_sessions.py has them.
NOT_ASKED = ["signOut", "signOutEverywhere"]
SECONDS = 300  # at most; all of it takes about 70 on two cores
SEED = int(os.environ.get("MQM_SEED", "20261124"))  # the same requests each time, unless others are asked for
EXAMPLES = int(os.environ.get("MQM_EXAMPLES", "8"))  # for each operation and person, beside those that reach every branch of a schema


async def begun(broker, patient, practitioner):
    """The id of a consultation that goes on."""
    stage = Stage(broker)
    here, there = [await (await stage.connect()).hello(token) for token in (patient, practitioner)]
    scene = await stage.waiting_room(here, practitioner=there)
    await here.join(scene.room, "patient")
    await scene.connected(there, "practitioner", here, "patient")
    await scene.start(here.id)
    await scene.end()
    await stage.close()
    return scene.room


@pytest.fixture(scope="module")
def cast(tmp_path_factory):
    """The server, and a token for each kind of person; real ids for paths."""
    broker = Broker(tmp_path_factory.mktemp("openapi"), options=TRUSTED)
    operator, practitioner, victim = people.operator(), people.practitioner(), people.adult()
    broker.import_accounts([operator, practitioner, victim])
    with broker:
        parent = settled(broker, is_guardian=True)
        child = parent.post("/v1/patients", {"given_name": "Lou", "family_name": "Venue", "birth_date": "2018-09-30", "authority": True})
        invitation = parent.post(f"/v1/patients/{child['id']}/invitations", {"email": "x@x.example", "relation": "parent"})
        patients, accounts = [parent.id, child["id"]], [victim.id]
        ids = {path: {"id": patients} for path in openapi.DOCUMENT["paths"] if path.startswith("/v1/patients/{id}")}
        ids["/v1/patients/{id}/invitations/{invitation}"]["invitation"] = [invitation["id"]]
        ids["/v1/patients/{id}/guardians/{guardian}"]["guardian"] = [parent.id]
        ids |= {path: {"id": accounts} for path in openapi.DOCUMENT["paths"] if path.startswith("/v1/operator/accounts/{id}")}
        ids["/v1/operator/patients/{id}/protection"] = {"id": accounts}
        program = parent.program()
        room = asyncio.run(begun(broker, program.token, practitioner.token))
        sender = Courier(Api(broker, token=practitioner.token), room)
        documents = [sender.hand_over(pdf())["id"], sender.announce(pdf())]
        for path in openapi.DOCUMENT["paths"]:
            if path.startswith("/v1/consultations/{id}/"):
                ids[path] = {"id": [room]} | ({"document": documents} if "{document}" in path else {})
        tokens = {"a patient": program.token, "a practitioner": practitioner.token, "an operator": operator.token, "nobody": None}
        yield broker, tokens, ids


@pytest.fixture(scope="module")
def runs(cast, tmp_path_factory):
    """Schemathesis for each kind of person, all at once: it is busier with itself than with the broker."""
    broker, tokens, ids = cast
    surroundings = os.environ | {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE), "MQM_IDS": json.dumps(ids),
                                 "MQM_SEED": str(SEED)}
    runs = {}
    for who, token in tokens.items():
        command = [SCHEMATHESIS, "run", str(openapi.FILE), "--url", broker.url, "--checks", CHECKS, "--seed", str(SEED),
                   "--max-examples", str(EXAMPLES), "--phases", "examples,coverage,fuzzing", "--generation-database", "none",
                   "--request-timeout", "20", "--no-color", "--suppress-health-check", "all", "--continue-on-failure"]
        for operation in NOT_ASKED:
            command += ["--exclude-operation-id", operation]
        command += ["--header", f"Authorization: Bearer {token}"] if token else []
        runs[who] = subprocess.Popen(command, cwd=tmp_path_factory.mktemp("run"), env=surroundings, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, text=True)
    yield runs
    for run in runs.values():
        run.kill()
        run.wait()


@pytest.mark.parametrize("who", ["a patient", "a practitioner", "an operator", "nobody"])
def test_the_broker_answers_as_the_document_says(cast, runs, who):
    broker, tokens, _ = cast
    said, _ = runs[who].communicate(timeout=SECONDS)
    assert runs[who].returncode == 0, f"MQM_SEED={SEED} repeats it\n{said[-30_000:]}"
    if tokens[who]:
        Api(broker, token=tokens[who]).get("/v1/session")  # still signed in, so that the answers were those of this person
    assert broker.alive
