"""Ends a command on SIGTERM and SIGHUP as on Ctrl-C: nothing half-written stays behind."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

_NAMES = ("SIGTERM", "SIGHUP")  # Windows knows no SIGHUP, and ends a process without a signal


@dataclass
class Stopped:
    """Which signal ended the command; none is Ctrl-C."""

    number: int = signal.SIGINT

    @property
    def exit_code(self) -> int:
        """128 and the signal's number, as shells tell it: 130, 143, 129."""
        return 128 + self.number


@contextmanager
def stopping() -> Iterator[Stopped]:
    """Inside, SIGTERM and SIGHUP do what Ctrl-C does, unless somebody handles them already."""
    stopped = Stopped()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.number = number
        # While it runs, asyncio has a handler of its own, which ends the collection in order. An
        # exception raised from here, into whatever the loop is doing, would not.
        as_ctrl_c = signal.getsignal(signal.SIGINT)
        if not callable(as_ctrl_c):
            raise KeyboardInterrupt
        as_ctrl_c(signal.SIGINT, frame)

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    ours = [each for each in numbers if signal.getsignal(each) is signal.SIG_DFL]
    for each in ours:
        signal.signal(each, stop)
    try:
        with _ctrl_c_known():
            yield stopped
    finally:
        for each in ours:
            signal.signal(each, signal.SIG_DFL)


@contextmanager
def _ctrl_c_known() -> Iterator[None]:
    """For a job whose Ctrl-C is switched off, as shells do with `&`: blocks it instead.

    It stays without effect, but asyncio installs its handler only where Ctrl-C is Python's own.
    """
    off = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if not off or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # forgets one that is pending
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
