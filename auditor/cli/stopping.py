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
        # While it runs, asyncio has a handler of its own, which ends the collection in order.
        as_ctrl_c = signal.getsignal(signal.SIGINT)
        if not callable(as_ctrl_c):  # Ctrl-C is switched off, as it is for jobs in the background
            raise KeyboardInterrupt
        as_ctrl_c(signal.SIGINT, frame)

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    ours = [each for each in numbers if signal.getsignal(each) is signal.SIG_DFL]
    for each in ours:
        signal.signal(each, stop)
    try:
        yield stopped
    finally:
        for each in ours:
            signal.signal(each, signal.SIG_DFL)
