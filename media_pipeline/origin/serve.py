"""The origin alone: one process that plays everything from a store."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import structlog
import uvloop
from uvicorn import Config, Server

from media_pipeline.origin.app import Origin, create_origin
from media_pipeline.origin.connection import SWEEP, SWEEPS, Connection, Wordings
from media_pipeline.stores import open_store
from media_pipeline.stores.address import store_settings

log = structlog.get_logger("siar.origin")

GRACE = 5
"""Seconds that answers under way have when the origin stops."""
BACKLOG = 2048
"""Connections that wait to be accepted: viewers come back all at once after a break."""


class PortTaken(OSError):
    """Somebody else listens there."""


def serve(
    store: str | Path,
    port: int,
    host: str = "127.0.0.1",
    *,
    media_url: str = "",
    endpoint: str | None = None,
    region: str | None = None,
) -> signal.Signals | None:
    """Serve the channels and programmes in `store` until SIGINT or SIGTERM; return which came.

    `store` is a folder or `s3://bucket[/prefix]`, then at `endpoint` in `region`.
    `media_url` is where viewers fetch its files: this process serves those of a
    folder itself, those of a bucket must have an address. Raises with one
    sentence PortTaken, NotADirectoryError for a folder that is none, ValueError.
    """
    settings = store_settings(store, endpoint=endpoint, region=region)
    if settings["kind"] == "s3" and not media_url:
        raise ValueError("The files of a bucket need an address for viewers: give --media-url.")
    opened = open_store(settings)
    listener = _listener(host, port)
    origin = create_origin(
        opened,
        media_url=media_url or "/media/",
        clock=lambda: datetime.now(UTC),
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_serve(origin, str(store), listener))


async def _serve(origin: Origin, store: str, listener: socket.socket) -> signal.Signals | None:
    server = _Server(config_of(origin))
    loop = asyncio.get_running_loop()
    came: list[signal.Signals] = []

    def end(number: signal.Signals) -> None:
        came.append(number)
        server.should_exit = True

    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, end, ending)
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    log.info("origin_listens", address=f"http://{shown}:{port}/", store=store)
    sweeping = asyncio.create_task(_sweep(server))
    await server.serve(sockets=[listener])
    sweeping.cancel()
    return came[0] if came else None


class _Server(Server):
    """uvicorn's, whose signals are ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone: else it would raise them once more after its end."""
        yield


def config_of(origin: Origin) -> Config:
    """How uvicorn serves `origin`."""

    class Ours(Connection):
        ready = staticmethod(origin.ready)
        wordings = Wordings()

    return Config(
        origin,
        http=Ours,
        ws="none",
        lifespan="on",
        interface="asgi3",
        # What strangers send in vain is counted, and fills no log.
        log_config=None,
        log_level=logging.ERROR,
        access_log=False,
        server_header=False,
        # `sweep` ends them too, and costs no timer for each request.
        timeout_keep_alive=round(SWEEP * SWEEPS),
        timeout_graceful_shutdown=GRACE,
        backlog=BACKLOG,
    )


async def _sweep(server: Server) -> None:
    """Close idle connections, a few times a minute."""
    while True:
        await asyncio.sleep(SWEEP)
        for each in list(server.server_state.connections):
            if isinstance(each, Connection):
                each.sweep()


def _listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens there alone: without SO_REUSEPORT nobody shares the port."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
        try:
            # Not REUSEPORT: a port in TIME_WAIT after a restart is free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as wrong:
        raise PortTaken(
            f"Port {port} of {host} cannot be used ({wrong.strerror}): choose another."
        ) from wrong
    return listener
