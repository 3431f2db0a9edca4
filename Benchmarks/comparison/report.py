"""Figures of alternated runs, targets, and RESULTS.md."""
import datetime
import operator
import re
import statistics
import sys

from . import setting

RESULTS = setting.HERE / "RESULTS.md"
HOLDS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "=": operator.eq}


class Figures:
    """For each program and figure, one value a round."""

    def __init__(self):
        self.values = {}
        self.checks = {}

    def add(self, program, output):
        for line in output.splitlines():
            name, _, value = line.partition(" ")
            if name.startswith("check."):
                self.checks.setdefault(name, {})[program] = value
            elif name == "error":
                raise SystemExit(f"{program}: {value}")
            else:
                self.values.setdefault((program, name), []).append(float(value))

    def add_best(self, program, outputs):
        """The least of each figure of several runs, as one."""
        best = {}
        for output in outputs:
            for line in output.splitlines():
                name, _, value = line.partition(" ")
                if name.startswith("check.") or name == "error":
                    self.add(program, line)
                else:
                    best[name] = min(float(value), best.get(name, float("inf")))
        for name, value in best.items():
            self.add(program, f"{name} {value}")

    def of(self, program, name):
        return self.values.get((program, name), [])

    def best(self, programs, name):
        """The program with the least median of a figure, or None."""
        measured = [program for program in programs if self.of(program, name)]
        return min(measured, key=lambda program: statistics.median(self.of(program, name)), default=None)

    def ratio(self, over, under):
        """(median, least, greatest) of one figure over another, round by round; each is (program, name)."""
        pairs = [a / b for a, b in zip(self.of(*over), self.of(*under)) if b]
        return (statistics.median(pairs), min(pairs), max(pairs)) if pairs else None


class Section:
    """One section's tables."""

    def __init__(self, name, title, commands):
        self.name, self.title, self.commands = name, title, commands
        self.targets, self.tables, self.notes = [], [], []
        self.is_broken = False
        # How many processes wanted to run before and after, this comparison's own among them.
        self.loads = None

    def target(self, work, ratio, bound, against, means):
        """A row: `bound` is ('>=', '>', '<=' or '=', number), or None where there is no target to hold; a ratio of None
        was not measured."""
        target = f"{means} {bound[0]} {bound[1]:g}" if bound else "–"
        if ratio is None:
            self.targets.append((work, target, "–", "–", against or "–", "not measured"))
            return
        held = "–" if not bound else "pass" if HOLDS[bound[0]](ratio[0], bound[1]) else "**miss**"
        spread = f"{ratio[1]:.3g} … {ratio[2]:.3g}"
        self.targets.append((work, target, f"{ratio[0]:.3g}", spread, against, held))

    def agree(self, figures):
        """Marks the section as broken where programs that do the same work found different results."""
        for name, results in figures.checks.items():
            if len(set(results.values())) > 1:
                print(f"{self.name}, {name}: the programs disagree: {results}")
                self.is_broken = True

    def table(self, title, head, rows):
        self.tables.append((title, head, rows))

    def text(self):
        parts = [f"## {self.title}", ""]
        parts += grid(("work", "target", "ratio", "spread", "against", ""), self.targets)
        for title, head, rows in self.tables:
            parts += ["", title, "", *grid(head, rows)]
        parts += ["", *[note + "\n" for note in self.notes]]
        return "\n".join(parts)

    def save(self, machine):
        """Puts this section's text in its place in RESULTS.md; the others stay."""
        begin, end = f"<!-- {self.name} -->", f"<!-- /{self.name} -->"
        old = RESULTS.read_text() if RESULTS.exists() else HEAD
        skipped = [f"Skipped: {what}, {why}.\n" for what, why in machine.skipped.items()]
        # Where the data lay is nobody else's path.
        words = " ".join(sys.argv[1:])
        run = " ".join(["Benchmarks/compare", *re.sub(r"--folder[ =]\S+", "", words).split()])
        facts = [f"Measured {datetime.date.today().isoformat()} on {machine.describe()}, by `{run}`, which ran:", "",
                 "```", *self.commands, "```", "", *skipped]
        if self.loads:
            facts.append(f"Load of the machine before and after: {self.loads[0]:.1f}, {self.loads[1]:.1f}.\n")
        block = "\n".join([begin, self.text(), *facts, end])
        # Paths as every reader has them.
        block = block.replace(f"{machine.options.folder}/", ".build/compare/").replace(f"{setting.HERE}/", "")
        pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.S)
        new = pattern.sub(lambda _: block, old) if pattern.search(old) else old.rstrip() + "\n\n" + block + "\n"
        RESULTS.write_text(new)


HEAD = """# Results

Written by `Benchmarks/compare`. Every figure is a ratio of two programs that ran in turn on one machine: the median over
the rounds of what was measured in the same round, with the least and the greatest beside it. How to read them, and what
limits them, is in [README.md](README.md).
"""


def grid(head, rows):
    widths = [max(len(str(cell)) for cell in column) for column in zip(head, *rows)]
    line = lambda cells: "| " + " | ".join(str(cell).ljust(width) for cell, width in zip(cells, widths)) + " |"
    return [line(head), "|" + "|".join("-" * (width + 2) for width in widths) + "|", *[line(row) for row in rows]]


def note_skipped(machine):
    for what, why in machine.skipped.items():
        print(f"skipped: {what}: {why}")
