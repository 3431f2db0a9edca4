"""Usage: recording against C over SQLite, in memory against C++, the dashboard against DuckDB and SQLite."""
import importlib.util
import shutil
import sys
from pathlib import Path

from . import setting
from .hosts import has_absl
from .report import Figures, Section

PEERS = setting.HERE / "Peers" / "Usage"
OURS = "SaaSKit"
WAYS = {"batch": ("durable, batches of 1,000", 0.8), "concurrent": ("durable, 64 callers at once", 0.7),
        "single": ("durable, one caller", 0.7)}


def must(command, machine):
    result = setting.run(command, environment=machine.environment)
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed: {(result.stdout + result.stderr)[-500:]}")
    return result.stdout


def run(options, machine):
    folder = options.folder / "usage"
    folder.mkdir(exist_ok=True)
    runner = str(machine.build_runner("usage"))
    record, columns = str(folder / "record"), str(folder / "columns")
    has_c = machine.has("C over SQLite", lambda: shutil.which("gcc") and Path("/usr/include/sqlite3.h").exists(),
                        apt=["gcc", "libsqlite3-dev"]) and machine.build(
        "C over SQLite", ["gcc", "-O3", "-march=native", "record.c", "-o", record, "-lsqlite3"], PEERS)
    has_cpp = machine.has("C++ with absl", has_absl, apt=["g++", "pkg-config", "libabsl-dev"]) and machine.build(
        "C++ with absl", ["g++", "-O3", "-march=native", "-std=c++17", "columns.cpp", "-o", columns,
                          *setting.run(["pkg-config", "--libs", "absl_hash", "absl_raw_hash_set"]).stdout.split()], PEERS)
    has_duckdb = machine.has("DuckDB", lambda: importlib.util.find_spec("duckdb"), pip=["duckdb"])
    small = 2_000 if options.smoke else 100_000
    base = folder / f"base-{small}.sqlite"
    if not base.exists():
        must([runner, "prepare", str(base), str(small)], machine)
    section = Section("usage", "Usage", [
        f"usage record FILE batch|concurrent|single {small}", f"record FILE batch|concurrent|single {small}",
        "usage report FILE", "dashboard.py duckdb|sqlite FILE", "usage reads FILE",
        "usage import FILE EVENTS"])
    figures = Figures()
    for number in range(options.rounds):
        record_round(options, machine, figures, folder, base, runner, record if has_c else None, small, number)
        figures.add(OURS, must([runner, "memory", str(base), str(small)], machine))
        setting.progress(f"recording: {number + 1} of {options.rounds} rounds")
        if has_cpp:
            figures.add("C++", must([columns, str(base), str(small), "memory"], machine))
    for way, (name, bound) in WAYS.items():
        section.target(name, figures.ratio(("C", f"{way}.ns"), (OURS, f"{way}.ns")), (">=", bound), "C", "rate")
    section.target("in memory", figures.ratio(("C++", "memory.ns"), (OURS, "memory.ns")), (">=", 0.5),
                   "C++ absl::flat_hash_set and columns", "rate")
    dashboards(section, options, machine, folder, runner, columns if has_cpp else None, has_duckdb)
    growth(section, options, machine, folder, runner)
    imports(section, options, machine, folder, runner)
    return section


def record_round(options, machine, figures, folder, base, runner, record, count, number):
    for way in WAYS:
        size = count if way == "batch" else min(count, 5_000)
        programs = [(OURS, [runner, "record"]), *([("C", [record])] if record else [])]
        for name, command in programs if number % 2 == 0 else programs[::-1]:
            file = fresh_copy(base, folder / "record.sqlite")
            figures.add(name, must([*command, file, way, str(size)], machine))


def fresh_copy(base, file):
    remove(file)
    shutil.copyfile(base, file)
    Path(str(file) + ".events").symlink_to(str(base) + ".events")
    return str(file)


def remove(file):
    for suffix in ("", "-wal", "-shm", ".events"):
        Path(str(file) + suffix).unlink(missing_ok=True)


def dashboards(section, options, machine, folder, runner, columns, has_duckdb):
    sizes = [size for size in options.sizes if size >= 1_000_000] or [2_000]
    measured = {}
    for size in sizes:
        file = folder / f"events-{size}.sqlite"
        if not file.exists():
            must([runner, "prepare", str(file), str(size)], machine)
            must([runner, "record", str(file), "batch", str(size)], machine)
        if has_duckdb and columns and not Path(f"{file}.duckdb").exists():
            Path(f"{file}.csv").write_text(must([columns, str(file), str(size), "csv"], machine))
            must([sys.executable, str(PEERS / "dashboard.py"), "duckdb", str(file), "0", "load"], machine)
            Path(f"{file}.csv").unlink()
        figures = measured[size] = Figures()
        for number in range(options.rounds):
            programs = [(OURS, [runner, "report", str(file), str(options.passes)])]
            if has_duckdb and columns:
                programs.append(("DuckDB", [sys.executable, str(PEERS / "dashboard.py"), "duckdb", str(file),
                                            str(options.passes)]))
            programs.append(("SQLite", [sys.executable, str(PEERS / "dashboard.py"), "sqlite", str(file), "1"]))
            if columns:
                programs.append(("columns", [columns, str(file), str(size), "scan"]))
            start = number % len(programs)
            for name, command in programs[start:] + programs[:start]:
                figures.add(name, must(command, machine))
            setting.progress(f"dashboards, {size:,} events: {number + 1} of {options.rounds} rounds")
        for peer, against, bound in (("DuckDB", "DuckDB over raw events", 10), ("SQLite", "SQLite over raw events", 1),
                                     ("columns", "a scan of columns in memory", 0)):
            work = f"90-day dashboard, {size:,} events"
            section.target(work, figures.ratio((peer, "report.ns"), (OURS, "report.ns")), (">=", bound), against, "rate")
    in_memory(section, options, machine, folder, runner, max(measured), measured[max(measured)])
    if len(measured) > 1:
        small, large = min(measured), max(measured)
        pairs = [b / a for a, b in zip(measured[small].of(OURS, "report.ns"), measured[large].of(OURS, "report.ns"))]
        pairs.sort()
        section.target(f"90-day dashboard, {large:,} events", (pairs[len(pairs) // 2], pairs[0], pairs[-1]), ("<=", 1.5),
                       f"itself at {small:,}", "time")


READS = {"consumption": ("a limit's consumption from an odd second", 1.5), "report": ("90-day dashboard query", 1.5),
         "page": ("the whole dashboard at an odd second", 2)}


def growth(section, options, machine, folder, runner):
    """What one organisation's reads cost with a hundred times the events in the same groups."""
    small, large = (10_000, 20_000) if options.smoke else (10_000, 1_000_000)
    files = {size: folder / f"reads-{size}.sqlite" for size in (small, large)}
    for size, file in files.items():
        remove(file)
        must([runner, "grow", str(file), str(size)], machine)
    figures = Figures()
    for number in range(options.rounds):
        for size, file in list(files.items())[::1 if number % 2 == 0 else -1]:
            figures.add(size, must([runner, "reads", str(file), str(max(options.passes, 3))], machine))
    if len(set(figures.checks["check.groups"].values())) != 1:
        raise SystemExit(f"the groups are not the same: {figures.checks['check.groups']}")
    rows = []
    for name, (work, bound) in READS.items():
        section.target(f"{work}, {large:,} events", figures.ratio((large, f"{name}.ns"), (small, f"{name}.ns")),
                       ("<=", bound), f"itself at {small:,}, equal groups", "time")
        ratio = figures.ratio((large, f"first-{name}.ns"), (small, f"first-{name}.ns"))
        rows.append((work, f"{ratio[0]:.3g}", f"{ratio[1]:.3g} … {ratio[2]:.3g}"))
    section.table("The same, as the first read of a process:", ("work", "ratio", "spread"), rows)


def imports(section, options, machine, folder, runner):
    """What memory an import takes with fifty times the lines."""
    small, large = (2_000, 10_000) if options.smoke else (10_000, 500_000)
    figures = Figures()
    for number in range(options.rounds):
        for size in (small, large)[::1 if number % 2 == 0 else -1]:
            file = folder / "import.sqlite"
            remove(file)
            figures.add(size, must([runner, "import", str(file), str(size)], machine))
    section.target(f"import of {large:,} events", figures.ratio((large, "import.memory"), (small, "import.memory")),
                   ("<=", 1.25), f"itself with {small:,}", "memory")


def in_memory(section, options, machine, folder, runner, size, figures):
    """All events in the store in memory, which one process fills once for all rounds, against DuckDB's own."""
    file = folder / f"events-{size}.sqlite"
    figures.add(OURS, must([runner, "memory-report", str(file), str(size), str(options.passes), str(options.rounds)],
                           machine))
    section.target(f"90-day dashboard from memory, {size:,} events",
                   figures.ratio(("DuckDB", "report.ns"), (OURS, "memory.report.ns")), (">=", 0.7),
                   "DuckDB over raw events, all cores", "rate")
    section.commands.append(f"usage memory-report FILE {size} {options.passes} {options.rounds}")
