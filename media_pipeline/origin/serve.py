"""The origin alone: one process that plays everything from a folder."""

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

from media_pipeline.origin.app import create_origin
from media_pipeline.stores import LocalStore

log = structlog.get_logger("siar.origin")


class PortTaken(OSError):
    """Somebody else listens there."""


def serve(store_folder: Path, port: int, host: str = "127.0.0.1") -> None:
    """Serve the channels and programmes in `store_folder` until SIGINT or SIGTERM.

    Raises PortTaken with one sentence, and NotADirectoryError for a folder that is none.
    """
    folder = Path(store_folder)
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder.")
    _check_port(host, port)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(folder, port, host))


async def _serve(folder: Path, port: int, host: str) -> None:
    origin = create_origin(LocalStore(folder), media_url="/media/", clock=lambda: datetime.now(UTC))
    server = Server(
        origin,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.error,
    )
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, server.stop)
    log.info("origin_listens", address=f"http://{host}:{port}/", store=str(folder))
    await server.serve()


def _check_port(host: str, port: int) -> None:
    """Bind once without SO_REUSEPORT: granian sets it, and would share a taken port silently."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        # Not REUSEPORT: a port in TIME_WAIT after a restart is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as wrong:
            raise PortTaken(
                f"Port {port} of {host} cannot be used ({wrong.strerror}): choose another."
            ) from wrong
