"""What a comparison is run with: options, folders, tools, the machine."""
import argparse
import importlib
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


class Options:
    @classmethod
    def read(cls, sections):
        parser = argparse.ArgumentParser(description="Compares the library with what a user would pick instead.")
        parser.add_argument("--sections", default=",".join(sections), help="comma-separated: " + ", ".join(sections))
        parser.add_argument("--rounds", type=int, default=7, help="alternated runs of each program")
        parser.add_argument("--passes", type=int, default=3, help="passes in one run, of which the best counts")
        parser.add_argument("--sizes", default="10000,1000000,10000000", help="directories' sizes, in hosts")
        parser.add_argument("--programs", default="", help="only peers whose name has one of these words")
        parser.add_argument("--folder", default=str(HERE / ".build" / "compare"), help="where data and programs go")
        parser.add_argument("--prepare", action="store_true", help="build and make the data, and measure nothing")
        parser.add_argument("--no-install", action="store_true", help="install nothing")
        parser.add_argument("--smoke", action="store_true", help="one short round; RESULTS.md stays as it is")
        options = parser.parse_args()
        options.sections = [name for name in options.sections.split(",") if name]
        unknown = [name for name in options.sections if name not in sections]
        if unknown:
            parser.error("no such section: " + ", ".join(unknown))
        options.sizes = [int(size) for size in options.sizes.split(",")]
        options.programs = [word for word in options.programs.split(",") if word]
        if options.smoke:
            options.rounds, options.passes, options.sizes = 1, 1, [10_000]
        # Programs are built in folders of their own, so that the path must hold everywhere.
        options.folder = Path(options.folder).resolve()
        options.folder.mkdir(parents=True, exist_ok=True)
        return options


class Machine:
    """Tools by name, installed where they lack and can be had; what was left out, and why."""

    # Huge pages wherever the kernel gives them on request, for every program that uses the C library's allocator.
    environment = {**os.environ, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "GOAMD64": "v3"}

    def __init__(self, options):
        self.options = options
        self.skipped = {}
        self.has_lists = False
        # Where Python's packages go that the comparison installs; child processes look there, too.
        self.python = options.folder / "python"
        sys.path.append(str(self.python))
        self.environment["PYTHONPATH"] = os.pathsep.join(
            [path for path in [self.environment.get("PYTHONPATH"), str(self.python)] if path])
        if "avx512vl" in cpu_flags():
            self.environment["GOAMD64"] = "v4"

    def has(self, what, present, apt=None, pip=None):
        """Whether `present()` holds, if need be after an installation; `what` is named as skipped where it does not."""
        if present():
            return True
        why = ""
        if not self.options.no_install:
            why = self.install(apt or [], pip or [])
            importlib.invalidate_caches()
            if present():
                return True
        steps = [f"apt-get install {' '.join(apt)}"] if apt else []
        steps += [f"pip install {' '.join(pip)}"] if pip else []
        self.skipped[what] = f"not installed ({'; '.join(steps)})" + (f": {why}" if why else "")
        return False

    def install(self, apt, pip):
        """Installs Debian's packages, and Python's in a folder of the comparison's own; says what failed."""
        if pip and run([sys.executable, "-m", "pip", "--version"]).returncode != 0:
            apt = [*apt, "python3-pip"]
        if apt and not shutil.which("apt-get"):
            return "there is no apt-get"
        as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        commands = []
        if apt:
            if not self.has_lists:
                commands.append([*as_root, "apt-get", "update"])
                self.has_lists = True
            commands.append([*as_root, "apt-get", "install", "-y", "--no-install-recommends", *apt])
        if pip:
            commands.append([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(self.python), *pip])
        for command in commands:
            progress(" ".join(command))
            result = run(command, environment={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
            # Without fresh lists, those that are there may still do.
            if result.returncode != 0 and "update" not in command:
                return ((result.stderr or result.stdout).strip().splitlines() or ["failed"])[-1][:200]
        return ""

    def build(self, what, command, folder):
        """Builds a peer; names it as skipped where that fails."""
        result = run(command, folder, self.environment)
        if result.returncode == 0:
            return True
        self.skipped[what] = "does not build: " + (result.stderr or result.stdout).strip().splitlines()[-1][:200]
        return False

    def build_runner(self, product):
        """Builds one of the library's own programs for this processor, and gives its path."""
        # A short run says nothing about times, so that it does with what is there for counting.
        return build_runner(product, is_native=not self.options.smoke)

    def describe(self):
        name = next((line.split(":")[1].strip() for line in lines("/proc/cpuinfo") if line.startswith("model name")),
                    platform.processor())
        pages = next(iter(lines("/sys/kernel/mm/transparent_hugepage/enabled")), "unknown")
        memory = next((int(line.split()[1]) // 1_048_576 for line in lines("/proc/meminfo") if "MemTotal" in line), 0)
        return (f"{name}, {os.cpu_count()} cores, {memory} GiB, {platform.system()} {platform.release()}; "
                f"transparent huge pages: {pages}")


def build_runner(product, is_native):
    """Builds one of the library's own programs, for this processor or for any of its kind, and gives its path."""
    scratch = HERE / ("Runners/.build" if is_native else ".build/counts")
    flags = ["-Xcc", "-march=native"] if is_native else []
    result = run(["swift", "build", "-c", "release", *flags, "--scratch-path", str(scratch), "--product", product],
                 HERE / "Runners")
    if result.returncode != 0:
        raise SystemExit(result.stdout + result.stderr)
    return scratch / "release" / product


def run(command, folder=None, environment=None):
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def must(command, **variables):
    """What a program of the comparison prints; ends everything where it fails or speaks of an error."""
    result = run([str(word) for word in command], environment={**Machine.environment, **variables})
    if result.returncode != 0 or "error" in result.stdout:
        raise SystemExit(f"{command[0]} failed: {(result.stdout + result.stderr)[-500:]}")
    return result.stdout


def run_into(output, command):
    """Runs a program whose text goes into a file."""
    subprocess.run(command, stdout=output, check=True)


def load():
    """How many processes wanted to run during the last minute."""
    return os.getloadavg()[0]


def progress(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def lines(path):
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def cpu_flags():
    return next((line.split() for line in lines("/proc/cpuinfo") if line.startswith("flags")), [])
