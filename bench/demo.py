"""Times the main job as a user runs it: `auditor demo`, whole process, several runs.

    uv run python bench/demo.py [RUNS] [-- ARGUMENTS OF DEMO]

Prints wall seconds, processor seconds and peak memory of each run, and their medians. The first run
is a warm-up and not counted.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time


def once(arguments: list[str]) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak memory in MiB of one run."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-m", "auditor", "demo", "--output", folder, *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        if status:
            sys.exit(f"the demo failed: {os.waitstatus_to_exitcode(status)}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Runs and prints."""
    own, _, passed = " ".join(sys.argv[1:]).partition("--")
    runs = int(own or 5)
    once(passed.split())
    measured = [once(passed.split()) for _ in range(runs)]
    print(f"{'wall s':>8} {'cpu s':>8} {'MiB':>8}   on {os.cpu_count()} cores")
    for row in measured:
        print("".join(f"{value:>8.2f} " for value in row))
    medians = [statistics.median(column) for column in zip(*measured, strict=True)]
    print("".join(f"{value:>8.2f} " for value in medians), "  median")


if __name__ == "__main__":
    main()
