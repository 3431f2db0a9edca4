"""Host resolution: the library's index and directory against hash maps in other languages."""
import os
import re
import shutil
import statistics
import time

from . import setting
from .report import Figures, Section

OURS = "SaaSKit"
MIDDLEWARE = "Node middleware"
LIMITS = "the machine"
PEERS = setting.HERE / "Peers" / "Hosts"
DISTRIBUTIONS = ("zipf", "uniform")
# The sizes that have targets.
SIZES = (10_000, 1_000_000, 10_000_000)
COUNT = re.compile(r"(\d+) (?:allocations|objects|retains|releases)")
# What takes whole seconds a pass, where its best of three is no better than its only one: everywhere, and on directories
# of more than a million hosts.
SLOW, SLOW_WHERE_LARGE = "Swift Dictionary", "Node"


class Program:
    def __init__(self, name, command):
        self.name, self.command = name, command

    @property
    def is_slow(self):
        return self.name.startswith((SLOW, SLOW_WHERE_LARGE))

    def run(self, environment):
        result = setting.run(self.command, environment=environment)
        if result.returncode != 0:
            raise SystemExit(f"{self.name} failed: {result.stderr[-500:]}")
        return result.stdout


def programs(options, machine, data, size):
    """The programs that can run here; the library's is the first."""
    binaries = options.folder / "programs"
    binaries.mkdir(exist_ok=True)
    passes = str(options.passes)
    ours = [str(machine.build_runner("hosts")), "measure", str(data), "--passes", passes]
    if size > 1_000_000:
        # What has targets there; threads and contexts are measured at a million, changes of all sizes together.
        ours += ["--only", "one,batch,string,directory"]
    found = [Program(OURS, ours)]

    def add(name, command, mode):
        if not options.programs or any(word.lower() in name.lower() for word in options.programs):
            is_slow = name.startswith(SLOW) or (size > 1_000_000 and name.startswith(SLOW_WHERE_LARGE))
            found.append(Program(name, [*command, str(data), mode, "1" if is_slow else passes]))

    limits = binaries / "limits"
    if machine.has("C", lambda: shutil.which("gcc"), apt=["gcc", "libc6-dev"]):
        command = ["gcc", "-O3", "-march=native", "limits.c", "-o", str(limits)]
        if fresh(limits, "limits.c") or machine.build("C", command, PEERS):
            found.append(Program(LIMITS, [str(limits), str(data), passes]))
    cpp = binaries / "hosts-cpp"
    if machine.has("C++ with absl", lambda: has_absl(), apt=["g++", "pkg-config", "libabsl-dev"]):
        flags = setting.run(["pkg-config", "--libs", "absl_hash", "absl_raw_hash_set", "absl_strings"]).stdout.split()
        command = ["g++", "-O3", "-march=native", "-std=c++17", "hosts.cpp", "-o", str(cpp), *flags]
        if fresh(cpp, "hosts.cpp") or machine.build("C++ with absl", command, PEERS):
            add("C++ absl, strings", [str(cpp)], "strings")
            add("C++ absl, block", [str(cpp)], "block")
    rust = binaries / "hosts-rust"
    if machine.has("Rust", lambda: shutil.which("rustc"), apt=["rustc"]):
        command = ["rustc", "-O", "-C", "target-cpu=native", "-C", "codegen-units=1", "--edition", "2021", "hosts.rs",
                   "-o", str(rust)]
        if fresh(rust, "hosts.rs") or machine.build("Rust", command, PEERS):
            add("Rust SipHash", [str(rust)], "sip")
            add("Rust Fx", [str(rust)], "fx")
    go = binaries / "hosts-go"
    if machine.has("Go", lambda: shutil.which("go"), apt=["golang-go"]):
        if fresh(go, "hosts.go") or machine.build("Go", ["go", "build", "-o", str(go), "hosts.go"], PEERS):
            add("Go", [str(go)], "-")
    if machine.has("Node", lambda: shutil.which("node"), apt=["nodejs"]):
        node = ["node", "--expose-gc", "--max-old-space-size=16000", str(PEERS / "hosts.mjs")]
        add("Node strict", node, "strict")
        add(MIDDLEWARE, node, "middleware")
    swift = binaries / "hosts-swift"
    command = ["swiftc", "-O", "-Xcc", "-march=native", "hosts.swift", "-o", str(swift)]
    if fresh(swift, "hosts.swift") or machine.build("Swift Dictionary", command, PEERS):
        add("Swift Dictionary", [str(swift)], "-")
    return found


def fresh(binary, source):
    return binary.exists() and os.path.getmtime(binary) > os.path.getmtime(PEERS / source)


def has_absl():
    return shutil.which("g++") and shutil.which("pkg-config") and (
        setting.run(["pkg-config", "--exists", "absl_raw_hash_set"]).returncode == 0)


def prepare(options, machine):
    """Each size's data and the programs that read it."""
    found = {}
    for size in options.sizes:
        data = options.folder / f"hosts-{size}"
        runner = machine.build_runner("hosts")
        # Written last.
        if not (data / "meta.txt").exists():
            setting.progress(f"makes {data.name}")
            result = setting.run([str(runner), "generate", str(data), "--hosts", str(size), "--seed", "7"])
            if result.returncode != 0:
                raise SystemExit(result.stderr)
        found[size] = programs(options, machine, data, size)
    return found


def run(options, machine):
    """A section for each size, so that one can be measured anew without the others."""
    for size, found in prepare(options, machine).items():
        figures = measure(found, options, machine, size)
        yield section_of(size, figures, found)


def section_of(size, figures, found):
    commands = [" ".join(program.command).replace(str(setting.HERE) + "/", "") for program in found]
    section = Section(f"hosts-{size}", f"Host resolution, {size:,} hosts", [BUILD, *commands])
    section.is_broken = not agree(figures, size)
    judge(section, figures, size)
    return section


def run_all(options, machine):
    """What is said of all sizes together."""
    changes = measure_changes(prepare(options, machine), options, machine)
    commands = [BUILD, " ".join(COSTS), "hosts measure FOLDER " + " ".join(CHANGES)]
    section = Section("hosts-all", "Host resolution, all sizes", commands)
    section.target("allocations, objects, retains and releases of all ways to look up", count_references(), ("=", 0),
                   "counted by Tests/HostLookupCosts", "count")
    judge_changes(section, changes)
    return section


BUILD = "swift build -c release -Xcc -march=native --product hosts"
COSTS = ["swift", "run", "-c", "release", "--package-path", "Tests/HostLookupCosts", "--scratch-path", ".build-release"]


def count_references():
    """What all ways of looking a host up allocate, retain and release, by the program that stands in for the runtime's
    functions; None where it does not run."""
    output = setting.run(COSTS, setting.HERE.parent).stdout
    lines = [line for line in output.splitlines() if line[:4] in ("ok  ", "FAIL")]
    # Before it, the program shows by work that allocates that it would see it.
    control, *cases = [sum(int(number) for number in COUNT.findall(line)) for line in lines] or [0]
    total = sum(cases)
    return (total, total, total) if control and cases else None


def measure(found, options, machine, size):
    figures = Figures()
    # A machine that is shared is slow for seconds at a time: what is quick takes turns within a round, and its best counts.
    turns = 1 if options.smoke or size > 1_000_000 else 3
    for number in range(options.rounds):
        # Each round begins with another program.
        start = number % len(found)
        taken, outputs = {}, {}
        for turn in range(turns):
            for program in found[start:] + found[:start]:
                if turn > 0 and program.is_slow:
                    continue
                begun = time.monotonic()
                outputs.setdefault(program.name, []).append(program.run(machine.environment))
                taken[program.name] = taken.get(program.name, 0) + time.monotonic() - begun
        for name, texts in outputs.items():
            figures.add_best(name, texts)
        slowest = sorted(taken, key=taken.get)[:-4:-1]
        setting.progress(f"{size:,} hosts: {number + 1} of {options.rounds} rounds in {sum(taken.values()):.0f} s, of which "
                         + ", ".join(f"{name} {taken[name]:.0f} s" for name in slowest))
    return figures


CHANGES = ("--only", "changes")


def measure_changes(programs_of, options, machine):
    """How long a change takes on each size. All sizes take their turn in a round, because their times are compared."""
    # The library's program is the first of each size's, and its path the first word of the command.
    runs = {size: Program(OURS, [found[0].command[0], "measure", str(options.folder / f"hosts-{size}"), *CHANGES])
            for size, found in programs_of.items()}
    figures = {size: Figures() for size in runs}
    for number in range(options.rounds):
        sizes = list(runs)
        for size in sizes[number % len(sizes):] + sizes[:number % len(sizes)]:
            figures[size].add(OURS, runs[size].run(machine.environment))
        setting.progress(f"changes: {number + 1} of {options.rounds} rounds")
    return figures


def agree(figures, size):
    """Whether every program that keeps the same rules found the same tenants."""
    for name, checks in figures.checks.items():
        strict = {program: line for program, line in checks.items() if program != MIDDLEWARE}
        if len(set(strict.values())) > 1:
            print(f"{size} hosts, {name}: the programs disagree: {strict}")
            return False
    return True


def judge(section, figures, size):
    judge_rates(section, figures, size)
    if size == 1_000_000:
        judge_million(section, figures)
    note_limits(section, figures, size)
    peers = [name for name, figure in figures.values if figure == "zipf.one" and name != OURS]
    rows = []
    for peer in sorted(peers, key=lambda name: statistics.median(figures.of(name, "zipf.one"))):
        cells = [figures.ratio((peer, name), (OURS, name))
                 for name in ("zipf.one", "uniform.one", "build.ms", "memory.bytes")]
        rows.append((peer, *[f"{cell[0]:.2f} ({cell[1]:.2f} … {cell[2]:.2f})" if cell else "–" for cell in cells]))
    section.table("The peer's figure over ours, one by one:",
                  ("peer", "time, zipf", "time, uniform", "build time", "bytes a host"), rows)


def judge_rates(section, figures, size):
    peers = {program for program, _ in figures.values} - {OURS, MIDDLEWARE, LIMITS}
    bound = 2 if size <= 10_000 else 1.2
    for name in DISTRIBUTIONS:
        best = figures.best(peers, f"{name}.one") or "the best peer"
        work = f"{size:,} hosts, {name}"
        section.target(f"{work}: one by one", figures.ratio((best, f"{name}.one"), (OURS, f"{name}.one")),
                       (">=", bound), best, "rate")
        section.target(f"{work}: one by one, through the directory",
                       figures.ratio((best, f"{name}.one"), (OURS, f"{name}.directory")), (">=", bound), best, "rate")
        if size == 1_000_000:
            section.target(f"{work}: batch", figures.ratio((best, f"{name}.one"), (OURS, f"{name}.batch")), (">=", 3),
                           best + ", one by one", "rate")
        section.target(f"{work}: from a String", figures.ratio((OURS, f"{name}.string"), (OURS, f"{name}.string.bytes")),
                       ("<=", 1.3), "raw bytes", "time")
        section.target(f"{work}: one by one", figures.ratio((MIDDLEWARE, f"{name}.one"), (OURS, f"{name}.one")),
                       (">=", 5), MIDDLEWARE, "rate")
        section.target(f"{work}: batch", figures.ratio((MIDDLEWARE, f"{name}.one"), (OURS, f"{name}.batch")),
                       (">=", 10), MIDDLEWARE, "rate")


def note_limits(section, figures, size):
    """How near to what the machine can do at all."""
    for name in DISTRIBUTIONS:
        reads = figures.ratio((OURS, f"{name}.one"), (LIMITS, "limit.read"))
        scans = figures.ratio((OURS, f"{name}.one"), (LIMITS, "limit.scan"))
        batches = figures.ratio((OURS, f"{name}.batch"), (LIMITS, "limit.read"))
        if reads and scans and batches:
            section.notes.append(
                f"{size:,} hosts, {name}: a look-up takes the time of {reads[0]:.2f} ({reads[1]:.2f} … {reads[2]:.2f}) "
                f"dependent random reads in as much memory as the index takes, and of {scans[0]:.1f} passes over the "
                f"host's bytes; in a batch, of {batches[0]:.2f} such reads.")


def judge_million(section, figures):
    peers = {program for program, _ in figures.values} - {OURS, MIDDLEWARE, LIMITS}
    size = "1,000,000 hosts"
    extra = [a - b for a, b in zip(figures.of(OURS, "memory.bytes"), figures.of(OURS, "payload.bytes"))]
    section.target(f"{size}: bytes a host besides names and IDs", spread(extra), ("<=", 10), "–", "bytes")
    leanest = figures.best(peers, "memory.bytes") or "the leanest peer"
    section.target(f"{size}: memory", figures.ratio((OURS, "memory.bytes"), (leanest, "memory.bytes")), ("<=", 0.75),
                   leanest, "bytes")
    quickest = figures.best(peers, "build.ms") or "the best peer"
    section.target(f"{size}: build", figures.ratio((OURS, "build.ms"), (quickest, "build.ms")), ("<=", 1), quickest,
                   "time")
    build = [1_000 * value for value in figures.of(OURS, "build.ms")]
    change = [a / b for a, b in zip(figures.of(OURS, "change.us"), build)]
    section.target(f"{size}: one change visible", spread(change), ("<=", 0.001), "a build", "time")
    rate = lambda over, under: figures.ratio((OURS, over), (OURS, under))
    section.target(f"{size}: two threads, one hot tenant", rate("hot.two.apart", "hot.two.shared"), (">=", 0.95),
                   "a directory each", "rate")
    one = figures.ratio((OURS, "hot.one"), (OURS, "hot.two.shared"))
    if one:
        section.notes.append(f"Two threads on one hot tenant do {2 * one[0]:.2f} times the work of one.")
    section.target(f"{size}: Host to TenantContext, one thread", rate("zipf.context", "zipf.directory"), ("<=", 1.3),
                   "the verdict", "time")
    section.target(f"{size}: Host to TenantContext, each kept, one thread", rate("zipf.context.kept", "zipf.directory"), None,
                   "the verdict", "time")
    section.target(f"{size}: Host to TenantContext, two threads",
                   rate("context.two.shared", "context.two.verdict"), ("<=", 1.3), "the verdict", "time")
    section.target(f"{size}: Host to TenantContext, two threads", rate("context.two.apart", "context.two.shared"),
                   (">=", 0.9), "a directory each", "rate")


def judge_changes(section, figures):
    measured = [size for size, figure in figures.items() if figure.of(OURS, "change.us")]
    rounds = zip(*[figures[size].of(OURS, "change.us") for size in measured])
    ratios = [max(values) / min(values) for values in rounds] if len(measured) > 1 else []
    # Fewer sizes than the target's say nothing of it.
    bound = ("<=", 3) if {*SIZES} <= {*measured} else None
    sizes = f"{min(measured, default=SIZES[0]):,} to {max(measured, default=SIZES[-1]):,} hosts"
    section.target(f"one change visible, {sizes}: slowest over quickest", spread(ratios), bound, "–", "time")


def spread(values):
    """(median, least, greatest), or None where nothing was measured."""
    return (statistics.median(values), min(values), max(values)) if values else None
