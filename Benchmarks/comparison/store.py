"""Store round trips: calls of the services on SQLite against the statements that they ran, from C."""
import shutil
import sqlite3
from pathlib import Path

from . import setting
from .report import Figures, Section
from .setting import must

PEERS = setting.HERE / "Peers" / "Store"
OURS = "SaaSKit"
WAYS = {"tenant": "create a tenant", "webhook": "apply a webhook's event", "admit": "admit a run"}


def run(options, machine):
    folder = options.folder / "store"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    runner = machine.build_runner("store")
    base = folder / "base.sqlite"
    must([runner, "prepare", base])
    count = "50" if options.smoke else "300"
    section = Section("store", "Store round trips", [
        f"store run FILE {'|'.join(WAYS)} {count}", f"replay FILE STATEMENTS {count} {'|'.join(WAYS)}"])
    present = lambda: shutil.which("gcc") and Path("/usr/include/sqlite3.h").exists()
    if not machine.has("C over SQLite", present, apt=["gcc", "libsqlite3-dev"]):
        return section
    record, replay = folder / "record.so", folder / "replay"
    if not (machine.build("C over SQLite", ["gcc", "-O2", "-shared", "-fPIC", "record.c", "-o", str(record), "-ldl"],
                          PEERS)
            and machine.build("C over SQLite", ["gcc", "-O3", "-march=native", "replay.c", "-o", str(replay),
                                                "-lsqlite3"], PEERS)):
        return section
    figures = Figures()
    for number in range(options.rounds):
        figures.add(OURS, must([runner, "handover", folder / "handover", count]))
    for way in WAYS:
        statements = folder / f"{way}.statements"
        must([runner, "run", copy(base, folder / "recorded.sqlite"), way, count],
             STATEMENTS=str(statements), LD_PRELOAD=str(record))
        programs = [(OURS, [runner, "run", folder / "ours.sqlite", way, count]),
                    ("C", [replay, folder / "peer.sqlite", statements, count, way])]
        for number in range(options.rounds):
            best: dict[str, float] = {}
            # A disk's own pace changes from second to second, so the two take turns within a round, too.
            for turn in range(options.passes):
                for name, command in programs if (number + turn) % 2 == 0 else programs[::-1]:
                    copy(base, command[2] if name == OURS else command[1])
                    line = must(command).split()
                    best[name] = min(float(line[1]), best.get(name, float("inf")))
            for name, value in best.items():
                figures.add(name, f"{way}.ns {value}")
        setting.progress(f"{WAYS[way]}: {options.rounds} rounds")
        rows = contents(folder / "ours.sqlite"), contents(folder / "peer.sqlite")
        if rows[0] != rows[1]:
            print(f"{way}: the two files differ")
            section.is_broken = True
        section.target(WAYS[way], figures.ratio(("C", f"{way}.ns"), (OURS, f"{way}.ns")), (">=", 0.7),
                       "the same statements from C", "rate")
    floor = figures.ratio((OURS, "sync.ns"), (OURS, "handed.ns"))
    section.notes.append(
        f"A sync that a task hands to a waiting thread has {floor[0]:.2f} ({floor[1]:.2f} … {floor[2]:.2f}) times the rate of "
        "the same sync where the task does it itself: no call of a store whose commits have a thread of their own comes nearer "
        "to one that has none.")
    return section


def contents(file):
    connection = sqlite3.connect(file)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def copy(base, file):
    for suffix in ("", "-wal", "-shm"):
        Path(str(file) + suffix).unlink(missing_ok=True)
    shutil.copyfile(base, file)
    return file
