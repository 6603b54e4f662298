"""The origin alone: one process that plays everything from a store."""

import asyncio
import contextlib
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path

import structlog
import uvloop
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from media_pipeline.origin.app import Origin, create_origin
from media_pipeline.stores import open_store
from media_pipeline.stores.address import store_settings

log = structlog.get_logger("siar.origin")


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
    _check_port(host, port)
    origin = create_origin(
        open_store(settings),
        media_url=media_url or "/media/",
        clock=lambda: datetime.now(UTC),
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_serve(origin, str(store), port, host))


async def _serve(origin: Origin, store: str, port: int, host: str) -> signal.Signals | None:
    server = Server(
        origin,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.error,
    )
    loop = asyncio.get_running_loop()
    came: list[signal.Signals] = []

    def end(number: signal.Signals) -> None:
        came.append(number)
        server.stop()

    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, end, ending)
    shown = f"[{host}]" if ":" in host else host
    log.info("origin_listens", address=f"http://{shown}:{port}/", store=store)
    await server.serve()
    return came[0] if came else None


def _check_port(host: str, port: int) -> None:
    """Bind once without SO_REUSEPORT: granian sets it, and would share a taken port silently."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with contextlib.closing(socket.socket(family, kind)) as probe:
            # Not REUSEPORT: a port in TIME_WAIT after a restart is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as wrong:
        raise PortTaken(
            f"Port {port} of {host} cannot be used ({wrong.strerror}): choose another."
        ) from wrong
