"""A line between the browser and Siar that is as slow as a phone's, and that can be cut."""

import socket
import threading
import time
from contextlib import suppress


class Line:
    """Forwards a port of its own to `port`. `uplink` is bytes a second, 0 for as fast as it goes."""

    def __init__(self, port: int, uplink: int = 0) -> None:
        self.uplink = uplink
        self._target = port
        self._is_cut = False
        self._open: set[socket.socket] = set()
        self._listener = socket.socket()
        # A large buffer would take a whole film from the browser before the line is cut.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.base = f"http://localhost:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and let none through."""
        self._is_cut = True
        for end in list(self._open):
            _close(end)

    def mend(self) -> None:
        """Let connections through again."""
        self._is_cut = False

    def close(self) -> None:
        """End the line."""
        self.cut()
        _close(self._listener)

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return  # closed
            if self._is_cut:
                _close(near)
                continue
            far = socket.create_connection(("127.0.0.1", self._target))
            self._open |= {near, far}
            for source, target, slow in ((near, far, True), (far, near, False)):
                threading.Thread(
                    target=self._pump, args=(source, target, slow), daemon=True
                ).start()

    def _pump(self, source: socket.socket, target: socket.socket, slow: bool) -> None:
        try:
            while data := source.recv(8192):
                target.sendall(data)
                if slow and self.uplink:
                    time.sleep(len(data) / self.uplink)
        except OSError:
            pass  # the line was cut
        for end in (source, target):
            self._open.discard(end)
            _close(end)


def _close(end: socket.socket) -> None:
    with suppress(OSError):  # it may not be connected any more
        end.shutdown(socket.SHUT_RDWR)
    end.close()
