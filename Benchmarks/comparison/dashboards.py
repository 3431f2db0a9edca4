"""The 90-day dashboard: from kept groups and from raw events, against DuckDB, SQLite and a scan of columns."""
import os
import sys

from . import setting
from .report import Figures
from .setting import must

PEERS = setting.HERE / "Peers" / "Usage"
OURS = "SaaSKit"
COMMANDS = ["usage report FILE PASSES", "usage aggregate FILE PASSES", "dashboard.py duckdb|sqlite|memory FILE PASSES",
            "columns FILE EVENTS scan|scan-all", "usage memory-report FILE EVENTS PASSES ROUNDS"]
THREADS = os.cpu_count()
DUCKDB = f"DuckDB over raw events, {THREADS} threads"


def run(section, options, files, programs, sizes):
    measured = {size: measure(section, options, files, programs, size) for size in sizes}
    for size, figures in measured.items():
        judge(section, figures, size, is_target=size == max(sizes))
    if len(measured) > 1:
        small, large = min(measured), max(measured)
        pairs = [b / a for a, b in zip(measured[small].of(OURS, "report.ns"), measured[large].of(OURS, "report.ns"))]
        pairs.sort()
        section.target(f"90-day dashboard, {large:,} events, from the store's file",
                       (pairs[len(pairs) // 2], pairs[0], pairs[-1]), ("<=", 1.5), f"itself at {small:,}", "time")
    for size in sizes:
        aggregate(section, options, files, programs, size, is_target=size == max(sizes))


def measure(section, options, files, programs, size):
    file = files.recorded(size)
    passes = str(options.passes)
    found = [(OURS, [programs.ours, "report", file, passes])]
    dashboard = [sys.executable, PEERS / "dashboard.py"]
    if programs.has_duckdb and programs.columns:
        found.append(("DuckDB", [*dashboard, "duckdb", file, passes]))
    # Seconds a pass, of which the first warms the cache.
    found.append(("SQLite", [*dashboard, "sqlite", file, "1"]))
    if programs.columns:
        found.append(("columns", [programs.columns, file, size, "scan"]))
    figures = in_turn(found, options, f"dashboards, {size:,} events")
    if size >= 10_000_000 or options.smoke:
        # One process fills a store in memory for all rounds.
        figures.add("SaaSKit, in memory", must([programs.ours, "memory-report", file, size, passes, options.rounds]))
    section.agree(figures)
    return figures


def in_turn(found, options, what):
    figures = Figures()
    for number in range(options.rounds):
        start = number % len(found)
        for name, command in found[start:] + found[:start]:
            figures.add(name, must(command))
        setting.progress(f"{what}: {number + 1} of {options.rounds} rounds")
    return figures


def aggregate(section, options, files, programs, size, is_target):
    """All events as one organisation's, in memory on both sides, and no group that was kept before."""
    file, passes = files.recorded(size), str(options.passes)
    found = [(OURS, [programs.ours, "aggregate", file, passes])]
    if programs.columns:
        found.append(("columns", [programs.columns, file, size, "scan-all"]))
        if programs.has_duckdb:
            found.append(("DuckDB", [sys.executable, PEERS / "dashboard.py", "memory", file, passes]))
    figures = in_turn(found, options, f"aggregation, {size:,} events")
    section.agree(figures)
    work = f"pure aggregation, {size:,} events in memory"
    section.target(f"{work}, {THREADS} tasks", figures.ratio(("DuckDB", "report.ns"), (OURS, "all.ns")),
                   (">=", 0.7) if is_target else None, f"DuckDB in memory, {THREADS} threads", "rate")
    section.target(f"{work}, one task", figures.ratio(("columns", "report.ns"), (OURS, "one.ns")), None,
                   "a scan of columns, C++, one thread", "rate")


def judge(section, figures, size, is_target):
    """The targets are those of the largest number of events; what is less is told without one."""
    work = f"90-day dashboard, {size:,} events"
    rate = lambda peer, ours=OURS, name="report.ns": figures.ratio((peer, "report.ns"), (ours, name))
    section.target(f"{work}, from the store's file", rate("DuckDB"), (">=", 10) if is_target else None, DUCKDB, "rate")
    section.target(f"{work}, from the store's file", rate("SQLite"), None, "SQLite over raw events", "rate")
    section.target(f"{work}, from the store's file", rate("columns"), None,
                   "a scan of columns in memory, C++, one thread", "rate")
    if figures.of("SaaSKit, in memory", "memory.report.ns"):
        section.target(f"{work}, from the store in memory, which keeps groups",
                       rate("DuckDB", "SaaSKit, in memory", "memory.report.ns"), None, DUCKDB, "rate")
