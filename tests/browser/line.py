"""A line between the browser and Siar that is as slow as a phone's, and that can be cut."""

import socket
import struct
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
            _reset(end)

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
                if self._listener.fileno() < 0:
                    return  # closed
                continue  # who asked is gone
            if self._is_cut:
                _close(near)
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                _close(near)
                continue
            self._open |= {near, far}
            if self._is_cut:  # meanwhile: `cut` may have looked before these were there
                self._open -= {near, far}
                _close(near)
                _close(far)
                continue
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        """Pump both ways, and close both ends when both ways have ended.

        Not before: a thread that is about to read from a number whose file was closed would read
        from the next connection that gets this number.
        """
        back = threading.Thread(target=self._pump, args=(far, near, False), daemon=True)
        back.start()
        self._pump(near, far, True)
        back.join()
        for end in (near, far):
            self._open.discard(end)
            end.close()

    def _pump(self, source: socket.socket, target: socket.socket, slow: bool) -> None:
        try:
            while data := source.recv(8192):
                target.sendall(data)
                if slow and self.uplink:
                    time.sleep(len(data) / self.uplink)
        except OSError:
            pass  # the line was cut
        for end in (source, target):
            _shut(end)


def _reset(end: socket.socket) -> None:
    """Let the close of `end` reset the connection; wake who reads from it or writes to it.

    Without the reset, the kernel keeps a closed connection for a minute. Where its buffer was full
    it answers what the other side sends by "no room yet" all that time, and nothing ends there.
    """
    with suppress(OSError):  # its thread may have closed it meanwhile
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    _shut(end)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):  # it may not be connected any more
        end.shutdown(socket.SHUT_RDWR)


def _close(end: socket.socket) -> None:
    _shut(end)
    end.close()
