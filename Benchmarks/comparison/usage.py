"""Usage: recording against C over SQLite and against C++ in memory, what reads cost with more events, imports."""
import importlib.util
import shutil
from pathlib import Path

from . import dashboards, setting
from .hosts import has_absl
from .report import Figures, Section
from .setting import must
from .usagefiles import UsageFiles, contents, fresh_copy, remove

PEERS = setting.HERE / "Peers" / "Usage"
OURS = "SaaSKit"
WAYS = {"batch": ("durable, batches of 1,000", 0.8, "C"),
        "concurrent": ("durable, 64 callers at once", 0.7, "C, 64 a commit"),
        "single": ("durable, one caller", 0.7, "C, one a commit")}


class Programs:
    """The library's program and its peers; None where a peer cannot run here."""

    def __init__(self, options, machine):
        folder = options.folder / "usage"
        folder.mkdir(exist_ok=True)
        self.ours = str(machine.build_runner("usage"))
        has_sqlite = lambda: shutil.which("gcc") and Path("/usr/include/sqlite3.h").exists()
        self.record = self.built(machine, "C over SQLite", has_sqlite, ["gcc", "libc6-dev", "libsqlite3-dev"], [
            "gcc", "-O3", "-march=native", "record.c", "-o", str(folder / "record"), "-lsqlite3"])
        self.columns = self.built(machine, "C++ with absl", has_absl, ["g++", "pkg-config", "libabsl-dev"], [
            "g++", "-O3", "-march=native", "-std=c++17", "columns.cpp", "-o", str(folder / "columns"),
            "-labsl_hash", "-labsl_raw_hash_set"])
        self.has_duckdb = machine.has("DuckDB", lambda: importlib.util.find_spec("duckdb"), pip=["duckdb"])

    @staticmethod
    def built(machine, what, present, apt, command):
        if not machine.has(what, present, apt=apt):
            return None
        # Which other libraries absl needs is known once it is there.
        if "-labsl_hash" in command:
            flags = setting.run(["pkg-config", "--libs", "absl_hash", "absl_raw_hash_set"]).stdout.split()
            command = [*command[:-2], *flags]
        return command[command.index("-o") + 1] if machine.build(what, command, PEERS) else None


class Sizes:
    """How many events each kind of work has."""

    def __init__(self, options):
        self.recorded = 2_000 if options.smoke else 100_000
        self.shown = [size for size in options.sizes if size >= 1_000_000] or [2_000]
        self.read = (10_000, 20_000) if options.smoke else (10_000, 1_000_000)


def prepare(options, machine):
    """The programs and the files that they read."""
    programs, sizes = Programs(options, machine), Sizes(options)
    files = UsageFiles(options, programs.ours)
    files.base(sizes.recorded)
    for size in sizes.shown:
        files.recorded(size)
        if programs.has_duckdb and programs.columns:
            files.columns(size, programs.columns)
    for size in sizes.read:
        files.grown(size)
    return programs, files, sizes


def run(options, machine):
    programs, files, sizes = prepare(options, machine)
    count = sizes.recorded
    section = Section("usage", "Usage", [
        f"usage record FILE batch|concurrent|single {count}", f"record FILE batch|concurrent|single {count}",
        "usage memory FILE EVENTS", "columns FILE EVENTS memory", *dashboards.COMMANDS, "usage reads FILE",
        "usage import FILE EVENTS"])
    recording(section, options, files, programs, count)
    memory(section, options, files, programs, sorted({count, min(sizes.shown)}))
    dashboards.run(section, options, files, programs, sizes.shown)
    growth(section, options, files, sizes.read)
    imports(section, options, files)
    return section


def recording(section, options, files, programs, count):
    base = files.base(count)
    figures = Figures()
    for number in range(options.rounds):
        record_round(section, options, figures, files, base, programs, count, number)
        setting.progress(f"recording: {number + 1} of {options.rounds} rounds")
    section.agree(figures)
    for way, (name, bound, against) in WAYS.items():
        section.target(name, figures.ratio(("C", f"{way}.ns"), (OURS, f"{way}.ns")), (">=", bound), against, "rate")


def memory(section, options, files, programs, sizes):
    # The C library gives huge pages to its first arena alone, which is that of a program's first thread.
    tunables = setting.Machine.environment["GLIBC_TUNABLES"] + ":glibc.malloc.arena_max=1"
    for size in sizes:
        file = files.base(size) if size == sizes[0] else files.recorded(size)
        found = [(OURS, [programs.ours, "memory", file, size])]
        if programs.columns:
            found.append(("C++", [programs.columns, file, size, "memory"]))
        figures = Figures()
        for number in range(options.rounds):
            for name, command in found if number % 2 == 0 else found[::-1]:
                figures.add(name, must(command, GLIBC_TUNABLES=tunables))
            setting.progress(f"in memory, {size:,} events: {number + 1} of {options.rounds} rounds")
        section.agree(figures)
        section.target(f"in memory, {size:,} events", figures.ratio(("C++", "memory.ns"), (OURS, "memory.ns")),
                       (">=", 0.5), "C++ absl::flat_hash_set and columns", "rate")
        rates = sorted(1_000 / time for time in figures.of(OURS, "memory.ns"))
        section.notes.append(f"Of {size:,} events in memory one core recorded {rates[len(rates) // 2]:.2g} million a "
                             f"second ({rates[0]:.2g} … {rates[-1]:.2g}), making them not counted.")


def record_round(section, options, figures, files, base, programs, count, number):
    for way in WAYS:
        size = count if way == "batch" else min(count, 5_000)
        found = [(OURS, [programs.ours, "record"]), *([("C", [programs.record])] if programs.record else [])]
        for name, command in found if number % 2 == 0 else found[::-1]:
            file = fresh_copy(base, files.folder / "record.sqlite")
            figures.add(name, must([*command, file, way, size]))
            figures.add(name, f"check.{way} {contents(file)}")


READS = {"consumption": ("a limit's consumption from an odd second", 1.5), "report": ("90-day dashboard query", 1.5),
         "page": ("the whole dashboard at an odd second", 2)}


def growth(section, options, files, sizes):
    """What one organisation's reads cost with a hundred times the events in the same groups."""
    small, large = sizes
    figures = Figures()
    for number in range(options.rounds):
        for size in sizes[::1 if number % 2 == 0 else -1]:
            figures.add(size, must([files.runner, "reads", files.grown(size), max(options.passes, 3)]))
        setting.progress(f"reads: {number + 1} of {options.rounds} rounds")
    section.agree(figures)
    rows = []
    for name, (work, bound) in READS.items():
        section.target(f"{work}, {large:,} events", figures.ratio((large, f"{name}.ns"), (small, f"{name}.ns")),
                       ("<=", bound), f"itself at {small:,}, equal groups", "time")
        ratio = figures.ratio((large, f"first-{name}.ns"), (small, f"first-{name}.ns"))
        rows.append((work, f"{ratio[0]:.3g}", f"{ratio[1]:.3g} … {ratio[2]:.3g}"))
    section.table("The same, as the first read of a process:", ("work", "ratio", "spread"), rows)


def imports(section, options, files):
    """What memory an import takes with fifty times the lines."""
    small, large = (2_000, 10_000) if options.smoke else (10_000, 500_000)
    figures = Figures()
    for number in range(options.rounds):
        for size in (small, large)[::1 if number % 2 == 0 else -1]:
            file = files.folder / "import.sqlite"
            remove(file)
            figures.add(size, must([files.runner, "import", file, size]))
        setting.progress(f"imports: {number + 1} of {options.rounds} rounds")
    section.target(f"import of {large:,} events", figures.ratio((large, "import.memory"), (small, "import.memory")),
                   ("<=", 1.25), f"itself with {small:,}", "memory")
