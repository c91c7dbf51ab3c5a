#!/usr/bin/env python3
"""Checks a consultation's bundle, from docs/record.md alone. Usage: verify_bundle.py FILE PUBLIC_KEY_IN_BASE64"""

import base64
import hashlib
import json
import re
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HASH = r'[0-9a-f]{64}'
UUID = r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
NATURAL = r'(?:0|[1-9][0-9]{0,15})'
INTEGER = rf'(?:-(?!0)(?={NATURAL})|){NATURAL}'
HEAD = re.compile(
    rf'\{{"v":1,"log":"[0-9a-f]{{32}}","at":{INTEGER},"size":{NATURAL},"root":"{HASH}","chain":"{HASH}",'
    rf'"heads":"{HASH}","key":"[0-9a-f]{{16}}"\}}')
ENTRY = re.compile(
    rf'\{{"v":1,"seq":{NATURAL},"at":{INTEGER},"consultation":(?:"{UUID}"|null),"n":{NATURAL},'
    rf'"prev":(?:"{HASH}"|null),"event":"[a-z_]{{1,32}}","actor":(?:"{UUID}"|null),"details":(\{{[ -~]{{0,16382}}\}})\}}')


class Wrong(Exception):
    """Why the bundle proves nothing."""


def require(condition, why):
    if not condition:
        raise Wrong(why)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root_of(leaf, index, size, proof):
    """RFC 9162, section 2.1.3.2."""
    require(index < size, "the entry is not covered by the head")
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        require(sn > 0, "the proof is too long")
        if fn & 1 or fn == sn:
            r = sha256(b"\x01", p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha256(b"\x01", r, p)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0, "the proof is too short")
    return r


def members(value, names, optional=()):
    require(isinstance(value, dict), "an object is missing")
    given = [name for name in value if name not in optional]
    require(given == list(names), f"the members are {list(value)}")
    return value


def read_base64(text):
    data = base64.b64decode(text, validate=True)
    require(base64.b64encode(data).decode() == text, "base64 is written in another way")
    return data


def check(file, trusted):
    """Returns the head and the entries; raises Wrong."""
    try:
        text = file.decode("ascii")
        bundle = members(json.loads(text), ("format", "consultation", "head", "events"))
        written = json.dumps(bundle, separators=(",", ":"), ensure_ascii=False) + "\n"
        require(written == text, "it is not written as docs/record.md says")
        require(bundle["format"] == "mqm-record-bundle/1", "it is of another format")
        require(re.fullmatch(UUID, bundle["consultation"]), "there is no consultation")
        head = check_head(bundle["head"], trusted)
        return head, check_events(bundle, head)
    except (ValueError, TypeError, RecursionError) as error:
        raise Wrong(f"it cannot be read: {error}") from error


def check_head(signed, trusted):
    members(signed, ("text", "signature", "public_key"), optional=("timestamp",))
    require(list(signed)[3:] in ([], ["timestamp"]), "the members have another order")
    if "timestamp" in signed:
        read_base64(signed["timestamp"])
    key = read_base64(signed["public_key"])
    require(key == trusted, "it is signed by another key")
    require(HEAD.fullmatch(signed["text"]), "its head is not one")
    head = json.loads(signed["text"])
    require(head["key"] == sha256(key).hex()[:16], "its head names another key")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(read_base64(signed["signature"]), signed["text"].encode())
    except InvalidSignature as error:
        raise Wrong("the signature is not good") from error
    return head


def check_events(bundle, head):
    require(isinstance(bundle["events"], list) and bundle["events"], "there are no events")
    entries, previous, last = [], None, -1
    for number, event in enumerate(bundle["events"]):
        members(event, ("index", "entry", "proof"))
        require(ENTRY.fullmatch(event["entry"]), f"event {number} is no entry")
        entry = json.loads(event["entry"])
        require(type(event["index"]) is int and entry["seq"] == event["index"] > last, f"event {number} is out of place")
        require(entry["consultation"] == bundle["consultation"], f"event {number} is of another consultation")
        require((entry["n"], entry["prev"]) == (number, previous), f"something is missing before event {number}")
        require(all(re.fullmatch(HASH, hash) for hash in event["proof"]), f"the proof of event {number} is none")
        leaf = sha256(b"\x00", event["entry"].encode())
        proof = [bytes.fromhex(hash) for hash in event["proof"]]
        root = root_of(leaf, entry["seq"], head["size"], proof)
        require(root.hex() == head["root"], f"event {number} is not in the log")
        entries.append(entry)
        previous, last = leaf.hex(), entry["seq"]
    return entries


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        head, entries = check(Path(sys.argv[1]).read_bytes(), base64.b64decode(sys.argv[2]))
    except Wrong as wrong:
        sys.exit(f"WRONG: {wrong}")
    print(f"The bundle is good: {len(entries)} events, in a log of {head['size']} entries.")


if __name__ == "__main__":
    main()
