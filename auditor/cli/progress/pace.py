"""How fast work goes, and how long the rest of it will take."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.collect.progress import Arrived

_SOON = 2.0  # before that a rate says little, and is not told


@dataclass
class Pace:
    """The work of one dataset, from `started` on (in seconds of any clock)."""

    started: float
    done: int = 0
    total: int | None = None
    per_minute: int | None = None

    def take(self, event: Arrived) -> None:
        """Takes how far the dataset is."""
        self.done, self.total, self.per_minute = event.done, event.total, event.per_minute

    def rate(self, now: float) -> float | None:
        """Done a second, on average; None while it is too early to say."""
        spent = now - self.started
        return self.done / spent if self.done and spent >= _SOON else None

    def left(self, now: float) -> float | None:
        """Seconds that the rest will take; None if that cannot be told.

        Where the service limits the rate, no quick start makes the rest quicker than the limit.
        """
        if self.total is None:
            return None
        rest = max(0, self.total - self.done)
        limited = rest * 60 / self.per_minute if self.per_minute else None
        rate = self.rate(now)
        observed = rest / rate if rate else None
        known = [each for each in (limited, observed) if each is not None]
        return max(known, default=None)

    def share(self) -> int | None:
        """Per cent of the work that is done."""
        return self.done * 100 // self.total if self.total else None

    def told(self, now: float) -> str:
        """In words: count, share, rate and remaining time, as far as they are known."""
        if not self.done and self.total is None:
            return "asked"
        words = [f"{self.done:,}{'' if self.total is None else f' of {self.total:,}'}"]
        if (share := self.share()) is not None:
            words.append(f"{share} %")
        if (rate := self.rate(now)) is not None:
            words.append(f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s")
        if (left := self.left(now)) is not None and self.done != self.total:
            words.append(f"about {duration(left)} left")
        return ", ".join(words)


def duration(seconds: float) -> str:
    """Seconds as people say them: 45 s, 12 min, 1 h 5 min."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


class Paces:
    """The paces of all datasets, and which are due to be told again."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._told: dict[str, tuple[float, int]] = {}
        self.all: dict[str, Pace] = {}

    def start(self, dataset: str, now: float) -> None:
        """A dataset begins."""
        self.all[dataset] = Pace(now)
        self._told[dataset] = (now, 0)

    def take(self, event: Arrived, now: float) -> Pace:
        """Takes how far a dataset is."""
        if event.dataset not in self.all:
            self.start(event.dataset, now)
        self.all[event.dataset].take(event)
        return self.all[event.dataset]

    def due(self, dataset: str, now: float) -> bool:
        """Whether long enough has passed and something happened since it was last told."""
        last, done = self._told.get(dataset, (now, 0))
        at = self.all[dataset].done if dataset in self.all else 0
        if now - last < self._every or at == done:
            return False
        self._told[dataset] = (now, at)
        return True

    def spent(self, dataset: str, now: float) -> float:
        """Seconds since it began."""
        return now - self.all[dataset].started if dataset in self.all else 0.0
