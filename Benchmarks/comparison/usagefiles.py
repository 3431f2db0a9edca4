"""The files of events that the usage section reads: made once, and anew where the library's schema is another."""
import os
import shutil
import sqlite3
import sys
from pathlib import Path

from . import setting
from .setting import must

SUFFIXES = ("", "-wal", "-shm", ".events")
# What is summed to compare two files; numbers of rows and revisions depend on the order in which events came.
SUMMED = ("events", "prompt_tokens", "cached_prompt_tokens", "completion_tokens", "event_milliseconds", "milliseconds",
          "cost_dollars", "cost_picos", "picos", "created_at", "day", "hour")


def remove(file):
    for suffix in SUFFIXES:
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def fresh_copy(base, file):
    remove(file)
    shutil.copyfile(base, file)
    Path(f"{file}.events").symlink_to(f"{base}.events")
    return str(file)


class UsageFiles:
    def __init__(self, options, runner):
        self.options, self.runner = options, str(runner)
        self.folder = options.folder / "usage"
        self.folder.mkdir(exist_ok=True)
        # An empty file of the library as it is now.
        empty = self.folder / "empty.sqlite"
        remove(empty)
        must([self.runner, "prepare", empty, 0])
        self.schema = schema(empty)

    def base(self, count):
        """Tenants and runs, with the events beside them."""
        return self.made(self.folder / f"base-{count}.sqlite", lambda file: [["prepare", file, count]])

    def recorded(self, count):
        """The same with the events recorded."""
        return self.made(self.folder / f"events-{count}.sqlite",
                         lambda file: [["prepare", file, count], ["record", file, "batch", count]])

    def grown(self, count):
        """One organisation's events in the same groups, whatever their number."""
        return self.made(self.folder / f"reads-{count}.sqlite", lambda file: [["grow", file, count]])

    def columns(self, count, columns):
        """The events as a table of DuckDB's, beside the recorded file."""
        file = self.recorded(count)
        if not Path(f"{file}.duckdb").exists():
            setting.progress(f"makes {file.name}.duckdb")
            csv = Path(f"{file}.csv")
            with csv.open("w") as output:
                setting.run_into(output, [columns, str(file), str(count), "csv"])
            must([sys.executable, setting.HERE / "Peers" / "Usage" / "dashboard.py", "duckdb", file, "0", "load"])
            csv.unlink()
        return file

    def made(self, file, steps):
        """A file that is whole and has the schema of now, made where it is missing or has another."""
        if file.exists() and schema(file) == self.schema:
            return file
        setting.progress(f"makes {file.name}")
        part = file.with_name("part-" + file.name)
        remove(part)
        for step in steps(part):
            must([self.runner, *step])
        remove(file)
        # The file itself last: that it is there says that everything is.
        for suffix in reversed(SUFFIXES):
            if Path(f"{part}{suffix}").exists():
                os.replace(f"{part}{suffix}", f"{file}{suffix}")
        return file


def schema(file):
    """The version and the statements that a file's tables were made by."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        tables = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name").fetchall()
        return connection.execute("PRAGMA user_version").fetchone(), tables
    finally:
        connection.close()


def contents(file):
    """Each usage table's number of rows and the sums of its figures, in one line."""
    connection = sqlite3.connect(file)
    try:
        found = []
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
            columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            summed = [column for column in SUMMED if column in columns]
            if summed and table.startswith("usage_"):
                # Remainders, because the sum of all instants is too long for SQLite.
                sums = ", ".join(f"sum({column} % 1000003)" for column in summed)
                row = connection.execute(f"SELECT count(*), {sums} FROM {table}").fetchone()
                found.append(f"{table} {' '.join(str(value) for value in row)}")
        return "; ".join(found)
    finally:
        connection.close()
