"""Times opening, tables and every rule over a large made-up tenant, and tells the peak memory.

    uv run python bench/rules.py [APPLICATIONS] [--profile]

100,000 applications come with 100,000 service principals, 300,000 credentials and 500,000 grants.
Promised: everything in 15 s and 2.5 GiB on 2 cores, rules alone in 5 s. --profile tells where the
time of loading goes. The snapshot is written by a process of its own, so that its memory is not ours.
"""

from __future__ import annotations

import cProfile
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def timed(what: str, do: Callable[[], Any]) -> Any:
    """What `do` returns; prints its wall and processor seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    found = do()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{wall:8.2f} {processor:8.2f}  {what}", flush=True)
    return found


def peak() -> float:
    """Peak memory of this process in MiB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def measure(path: Path, profile: bool) -> None:
    """Opens, builds tables and judges; prints the times."""
    from auditor.check import check
    from auditor.engine import judge
    from auditor.findings import Describer
    from auditor.packs import configure, load_rules
    from auditor.snapshot import open_snapshot
    from auditor.tables import TABLES
    from auditor.tables.load import load
    from auditor.tables.source import Source

    begin = time.perf_counter()
    print(f"{'wall s':>8} {'cpu s':>8}")
    snapshot = timed("open the snapshot", lambda: open_snapshot(path))
    recorder = cProfile.Profile()
    if profile:
        recorder.enable()
    loaded = timed("load: decode, tables, contradictions", lambda: load(snapshot))
    recorder.disable()
    print(f"{peak():17.0f}  MiB at most so far")
    rules = load_rules()
    instant = snapshot.last_server_date()
    describe = Describer(loaded.tables, loaded.coverage)
    spent: list[tuple[float, str, int, int]] = []
    start, start_cpu = time.perf_counter(), time.process_time()
    for each in configure(rules, {}):
        before = time.process_time()  # of this process alone: the machine may be shared
        outcome, found = judge(each, loaded.tables, loaded.coverage, instant, (), describe)
        took = time.process_time() - before
        spent.append((took, each.rule.id, outcome.population, len(found)))
    wall, processor = time.perf_counter() - start, time.process_time() - start_cpu
    print(f"{wall:8.2f} {processor:8.2f}  all {len(spent)} rules, findings told")
    print(f"{time.perf_counter() - begin:8.2f} {'':8}  everything up to here")
    timed("the whole audit again, with controls", lambda: check(loaded, rules))
    print(f"{peak():17.0f}  MiB at most")
    print(f"\n{'cpu s':>8} {'population':>10} {'findings':>9}  rule")
    for took, id, population, count in sorted(spent, reverse=True):
        print(f"{took:8.3f} {population:10} {count:9}  {id}")
    print(f"\n{'cpu s':>8} {'rows':>10}  table, built from decoded pages")
    source = Source(snapshot, TABLES, str(snapshot.tenant["id"]))
    built: list[tuple[float, int, str]] = []
    for name in TABLES:
        before = time.process_time()
        rows = len(source.table(name))
        built.append((time.process_time() - before, rows, name))
    for took, rows, name in sorted(built, reverse=True)[:12]:
        print(f"{took:8.3f} {rows:10}  {name}")
    if profile:
        pstats.Stats(recorder).sort_stats("tottime").print_stats(30)


def main() -> None:
    """Writes the tenant and measures."""
    numbers = [each for each in sys.argv[1:] if each.isdigit()]
    size = int(numbers[0]) if numbers else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.snapshot"
        code = f"from tenant import write; from pathlib import Path; write(Path({str(path)!r}), {size})"
        timed(
            f"write {size} applications",
            lambda: subprocess.run([sys.executable, "-c", code], cwd=HERE, check=True),
        )
        measure(path, "--profile" in sys.argv)


if __name__ == "__main__":
    main()
