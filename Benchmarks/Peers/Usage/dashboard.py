"""dashboard.py duckdb|sqlite|memory FILE PASSES: 90-day figures by queries over the raw events.

duckdb reads one organisation's from FILE.duckdb, a table that FILE.csv was loaded into; sqlite reads them from the library's
own file. memory reads the events of all organisations from a table of DuckDB's in memory, by four queries and by one with
four grouping sets, of which the quicker counts."""
import os
import sys
import time

engine, path, passes = sys.argv[1], sys.argv[2], int(sys.argv[3])
SUMS = "count(*), sum({0}), sum({1}), sum({2}), sum({3}), sum(picos)"
last = 20_001 * 86_400_000_000
first = last - 90 * 86_400_000_000

if engine in ("duckdb", "memory"):
    import duckdb

    if "load" in sys.argv:
        # Under another name until it is whole.
        connection = duckdb.connect(path + ".duckdb.part")
        connection.execute(f"CREATE TABLE events AS SELECT * FROM read_csv('{path}.csv')")
        connection.close()
        os.replace(path + ".duckdb.part", path + ".duckdb")
        sys.exit(0)
    threads, of = {"threads": os.cpu_count()}, ""
    if engine == "duckdb":
        connection, of = duckdb.connect(path + ".duckdb", read_only=True, config=threads), "organization = 0 AND "
    else:
        connection = duckdb.connect(config=threads)
        connection.execute(f"ATTACH '{path}.duckdb' AS file (READ_ONLY)")
        connection.execute("CREATE TABLE events AS SELECT * FROM file.events")
    sums = SUMS.format("prompt", "cached", "completion", "milliseconds")
    where = f"FROM events WHERE {of}instant >= {first} AND instant < {last}"
    day = "instant // 86400000000"
else:
    import sqlite3

    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    organization = connection.execute("SELECT number FROM usage_organizations WHERE id = 'org_0'").fetchone()[0]
    sums = SUMS.format("prompt_tokens", "cached_prompt_tokens", "completion_tokens", "milliseconds")
    where = (f"FROM usage_events WHERE organization = {organization} AND created_at >= {first} AND "
             f"created_at < {last}")
    day = "created_at / 86400000000"

keys = (day, '"user"', "workflow", "provider, model")
queries = [f"SELECT {key}, {sums} {where} GROUP BY {key}" for key in keys]
sets = ", ".join(f"({key})" for key in ("day", *keys[1:]))
at_once = (f"SELECT grouping(day) + 2 * grouping(\"user\") + 4 * grouping(workflow) AS kind, {sums} "
           f"FROM (SELECT {day} AS day, * {where}) GROUP BY GROUPING SETS ({sets})")


def one_by_one():
    return [connection.execute(query).fetchall() for query in queries]


def by_grouping_sets():
    rows = connection.execute(at_once).fetchall()
    # Where a key does not group, its bit is set.
    return [[row for row in rows if row[0] == kind] for kind in (6, 5, 3, 7)]


best = None
for ask in [one_by_one, by_grouping_sets] if engine == "memory" else [one_by_one]:
    for number in range(passes + 1):
        start = time.perf_counter_ns()
        groupings = ask()
        taken = time.perf_counter_ns() - start
        if number > 0:
            best = taken if best is None else min(best, taken)
# The line by which results are compared: all sums, then each grouping's groups and the sum of their counts' squares.
counts = [[row[-6] for row in rows] for rows in groupings]
print("check.dashboard", *[int(sum(row[column] for row in groupings[0])) for column in range(-6, 0)],
      *[f"{len(groups)}:{sum(count * count for count in groups)}" for groups in counts])
print("report.ns", best)
