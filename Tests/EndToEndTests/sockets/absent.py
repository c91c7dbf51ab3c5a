"""A client in a process of its own, to be killed or stopped: it takes the patient's seat, says so, and sits there.

`absent.py URL ROOM` with the token on standard input; it prints "seated".
"""

import asyncio
import sys

from mqm_client import Client


async def sit(url, room, token):
    client = await Client.connect(url)
    await client.hello(token)
    await client.join(room, "patient")
    print("seated", flush=True)
    await client.over(timeout=600)


asyncio.run(sit(sys.argv[1], sys.argv[2], sys.stdin.readline().strip()))
