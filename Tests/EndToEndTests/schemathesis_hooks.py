"""Hooks of schemathesis (SCHEMATHESIS_HOOKS): requests come from addresses of their own, and half of the ids in paths are real ones.

Three things in an address never get to the operation that is meant: the segments `.` and `..`, which lead to another one (RFC 3986, 5.2.4),
a null byte, on which libwebsockets hangs up, and a line break, with which it takes the address to be over.

MQM_IDS has the real ids as JSON: {"<path of the document>": {"<parameter>": ["<id>", …]}}.
"""

import json
import os
import random
import re

import schemathesis

IDS = json.loads(os.environ.get("MQM_IDS", "{}"))
UNREACHABLE = re.compile(r"[\0\n\r]|%0[0AD]", re.IGNORECASE)  # as they are, or encoded already
dice = random.Random(int(os.environ.get("MQM_SEED", "1")))


@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers["X-Forwarded-For"] = ".".join(str(dice.randrange(1, 255)) for _ in range(4))
    for name, ids in IDS.get(case.operation.path, {}).items():
        if dice.random() < 0.5:
            case.path_parameters[name] = dice.choice(ids)
    case.path_parameters = {name: "-" if value in (".", "..") else clean(value) or "-" for name, value in (case.path_parameters or {}).items()}
    case.query = {clean(name): clean(value) for name, value in (case.query or {}).items()}


def clean(value):
    return UNREACHABLE.sub("", value) if isinstance(value, str) else value
