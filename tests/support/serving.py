"""A web service that runs in a thread, on a port of this machine that is free."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from attrs import frozen
from fastapi import FastAPI


@frozen
class Answer:
    """What a service answered."""

    status: int
    media_type: str
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@frozen
class Client:
    """Calls a service, with a connection for each call."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, path: str, body: Any = None, media_type: str = "application/json") -> Answer:
        """Call the service; an iterator of bytes is sent in chunks, without a length."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {"content-type": media_type})
            got = connection.getresponse()
            return Answer(got.status, got.headers.get("content-type", ""), got.read())
        finally:
            connection.close()


@contextmanager
def served(app: FastAPI) -> Iterator[Client]:
    """Run a service as long as the context lasts."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    for _ in range(600):
        if server.started or not thread.is_alive():
            break
        time.sleep(0.05)
    assert server.started
    try:
        yield Client(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listening.close()
