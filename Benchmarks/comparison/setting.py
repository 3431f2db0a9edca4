"""What a comparison is run with: options, folders, tools, the machine."""
import argparse
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
        options.folder = Path(options.folder)
        options.folder.mkdir(parents=True, exist_ok=True)
        return options


class Machine:
    """Tools by name, installed where they lack and can be had; what was left out, and why."""

    # Huge pages wherever the kernel gives them on request, for every program that uses the C library's allocator.
    environment = {**os.environ, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "GOAMD64": "v3"}

    def __init__(self, options):
        self.options = options
        self.skipped = {}
        if "avx512vl" in cpu_flags():
            self.environment["GOAMD64"] = "v4"

    def has(self, what, present, apt=None, pip=None):
        """Whether `present()` holds, if need be after an installation; `what` is named as skipped where it does not."""
        if present():
            return True
        if not self.options.no_install:
            if apt and shutil.which("apt-get"):
                as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
                run([*as_root, "apt-get", "install", "-y", "--no-install-recommends", *apt])
            if pip:
                run(["python3", "-m", "pip", "install", "--quiet", *pip])
            if present():
                return True
        self.skipped[what] = "not installed" + (f" (apt-get install {' '.join(apt)})" if apt else "") + (
            f" (pip install {' '.join(pip)})" if pip else "")
        return False

    def build(self, what, command, folder):
        """Builds a peer; names it as skipped where that fails."""
        result = run(command, folder, self.environment)
        if result.returncode == 0:
            return True
        self.skipped[what] = "does not build: " + (result.stderr or result.stdout).strip().splitlines()[-1][:200]
        return False

    def build_runner(self, product):
        """Builds one of the library's own programs for this processor, and gives its path."""
        folder = HERE / "Runners"
        command = ["swift", "build", "-c", "release", "-Xcc", "-march=native", "--product", product]
        result = run(command, folder)
        if result.returncode != 0:
            raise SystemExit(result.stdout + result.stderr)
        return folder / ".build" / "release" / product

    def describe(self):
        name = next((line.split(":")[1].strip() for line in lines("/proc/cpuinfo") if line.startswith("model name")),
                    platform.processor())
        pages = next(iter(lines("/sys/kernel/mm/transparent_hugepage/enabled")), "unknown")
        memory = next((int(line.split()[1]) // 1_048_576 for line in lines("/proc/meminfo") if "MemTotal" in line), 0)
        return (f"{name}, {os.cpu_count()} cores, {memory} GiB, {platform.system()} {platform.release()}; "
                f"transparent huge pages: {pages}")


def run(command, folder=None, environment=None):
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


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
