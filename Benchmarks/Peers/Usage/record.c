// record FILE HOW EVENTS: the events of FILE.events recorded by a plain loop over prepared statements in a file that has
// the library's schema, its tenants and the events' runs: batch (1 000 a transaction), concurrent (64) or single (1).
//
// What is kept is what the library keeps: each event's row under its run's user and workflow, and the sums of its day and
// hour, merged for each transaction.
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY 86400000000LL
#define HOUR 3600000000LL
static const char *providers[] = {"openai", "anthropic", "google"};
static const char *models[] = {"small", "large", "vision", "reason"};

typedef struct {
  uint32_t organization, run, user, workflow, provider, model, prompt, cached, completion, milliseconds;
  int64_t instant, picos, number;
} Event;

typedef struct {
  int64_t organization, kind, key, second, time, count, prompt, cached, completion, milliseconds, picos;
} Sums;

static sqlite3 *database;

static void must(int code, int expected) {
  if (code == expected) return;
  fprintf(stderr, "%s\n", sqlite3_errmsg(database));
  exit(1);
}

static void run(const char *sql) { must(sqlite3_exec(database, sql, 0, 0, 0), SQLITE_OK); }

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  must(sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, 0), SQLITE_OK);
  return statement;
}

static int64_t nameNumber(const char *name) {
  static sqlite3_stmt *insert, *find;
  if (!insert) {
    insert = prepare("INSERT INTO usage_names (name) VALUES (?) ON CONFLICT DO NOTHING");
    find = prepare("SELECT number FROM usage_names WHERE name = ?");
  }
  sqlite3_bind_text(insert, 1, name, -1, SQLITE_STATIC);
  must(sqlite3_step(insert), SQLITE_DONE);
  sqlite3_reset(insert);
  sqlite3_bind_text(find, 1, name, -1, SQLITE_STATIC);
  must(sqlite3_step(find), SQLITE_ROW);
  int64_t number = sqlite3_column_int64(find, 0);
  sqlite3_reset(find);
  return number;
}

#define SLOTS 65536
static Sums table[SLOTS];
static int used[SLOTS], usedCount;

static void add(int64_t organization, int64_t kind, int64_t time, int64_t key, int64_t second, const Event *event) {
  uint64_t hash = (uint64_t)(organization * 31 + kind) * 0x9e3779b97f4a7c15ULL;
  hash = (hash ^ (uint64_t)(time * 1000003 + key * 101 + second)) * 0x9e3779b97f4a7c15ULL;
  uint64_t slot = hash >> 48;
  while (table[slot].count && !(table[slot].organization == organization && table[slot].kind == kind &&
                                table[slot].time == time && table[slot].key == key && table[slot].second == second))
    slot = (slot + 1) % SLOTS;
  Sums *sums = &table[slot];
  if (!sums->count) {
    used[usedCount++] = (int)slot;
    sums->organization = organization, sums->kind = kind, sums->time = time, sums->key = key, sums->second = second;
  }
  sums->count++;
  sums->prompt += event->prompt, sums->cached += event->cached, sums->completion += event->completion;
  sums->milliseconds += event->milliseconds, sums->picos += event->picos;
}

#define EVENT_SUMS "events, unpriced, partly_unpriced, prompt_tokens, cached_prompt_tokens, cache_write_prompt_tokens, " \
  "completion_tokens, event_milliseconds, cost_dollars, cost_picos"
#define RUN_SUMS "runs, succeeded, failed, cancelled, abandoned, finished_with_artifacts, artifacts, run_milliseconds, "
#define MERGE " DO UPDATE SET events = events + excluded.events, prompt_tokens = prompt_tokens + " \
  "excluded.prompt_tokens, cached_prompt_tokens = cached_prompt_tokens + excluded.cached_prompt_tokens, " \
  "completion_tokens = completion_tokens + excluded.completion_tokens, event_milliseconds = event_milliseconds + " \
  "excluded.event_milliseconds, cost_dollars = cost_dollars + excluded.cost_dollars + (cost_picos + " \
  "excluded.cost_picos) / 1000000000000, cost_picos = (cost_picos + excluded.cost_picos) % 1000000000000"
#define ROLL(name, keys, marks) "INSERT INTO " name " (organization, " keys ", " RUN_SUMS EVENT_SUMS ") VALUES (?, " marks \
  ", 0, 0, 0, 0, 0, 0, 0, 0, ?, 0, 0, ?, ?, 0, ?, ?, ?, ?) ON CONFLICT (organization, " keys ")" MERGE

static void save(void) {
  static sqlite3_stmt *statements[5], *stale;
  if (!stale) {
    statements[0] = prepare(ROLL("usage_days", "day", "?"));
    statements[1] = prepare(ROLL("usage_hours", "hour", "?"));
    statements[2] = prepare(ROLL("usage_user_days", "day, user", "?, ?"));
    statements[3] = prepare(ROLL("usage_workflow_days", "day, workflow", "?, ?"));
    statements[4] = prepare("INSERT INTO usage_model_days (organization, day, provider, model, " EVENT_SUMS
                            ") VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, 0, ?, ?, ?, ?) ON CONFLICT (organization, day, "
                            "provider, model)" MERGE);
    stale = prepare("INSERT INTO usage_stale_days (organization, day) VALUES (?, ?) ON CONFLICT DO NOTHING");
  }
  for (int index = 0; index < usedCount; index++) {
    Sums *sums = &table[used[index]];
    sqlite3_stmt *statement = statements[sums->kind];
    int place = 1;
    sqlite3_bind_int64(statement, place++, sums->organization);
    sqlite3_bind_int64(statement, place++, sums->time);
    if (sums->kind >= 2) sqlite3_bind_int64(statement, place++, sums->key);
    if (sums->kind == 4) sqlite3_bind_int64(statement, place++, sums->second);
    int64_t values[] = {sums->count, sums->prompt, sums->cached, sums->completion, sums->milliseconds,
                        sums->picos / 1000000000000LL, sums->picos % 1000000000000LL};
    for (int value = 0; value < 7; value++) sqlite3_bind_int64(statement, place++, values[value]);
    must(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_reset(statement);
    if (sums->kind == 0) {
      sqlite3_bind_int64(stale, 1, sums->organization);
      sqlite3_bind_int64(stale, 2, sums->time);
      must(sqlite3_step(stale), SQLITE_DONE);
      sqlite3_reset(stale);
    }
    memset(sums, 0, sizeof *sums);
  }
  usedCount = 0;
}

int main(int count, char **arguments) {
  if (count < 4) return 2;
  char path[4096];
  snprintf(path, sizeof path, "%s.events", arguments[1]);
  FILE *file = fopen(path, "rb");
  if (!file) return 1;
  long events = atol(arguments[3]);
  Event *all = malloc((size_t)events * sizeof(Event));
  events = (long)fread(all, sizeof(Event), (size_t)events, file);
  long size = !strcmp(arguments[2], "batch") ? 1000 : !strcmp(arguments[2], "concurrent") ? 64 : 1;
  must(sqlite3_open(arguments[1], &database), SQLITE_OK);
  run("PRAGMA journal_mode = WAL");
  run("PRAGMA synchronous = FULL");
  int64_t organizations[64], providerNumbers[3], modelNumbers[4], rate;
  run("BEGIN IMMEDIATE");
  sqlite3_stmt *organization = prepare("SELECT number FROM usage_organizations WHERE id = ?");
  for (int number = 0; number < 30; number++) {
    char id[32];
    snprintf(id, sizeof id, "org_%d", number);
    sqlite3_bind_text(organization, 1, id, -1, SQLITE_STATIC);
    must(sqlite3_step(organization), SQLITE_ROW);
    organizations[number] = sqlite3_column_int64(organization, 0);
    sqlite3_reset(organization);
  }
  for (int number = 0; number < 3; number++) providerNumbers[number] = nameNumber(providers[number]);
  for (int number = 0; number < 4; number++) modelNumbers[number] = nameNumber(models[number]);
  rate = nameNumber("card");
  run("COMMIT");
  sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE"), *commit = prepare("COMMIT");
  sqlite3_stmt *find = prepare("SELECT number, user, workflow FROM usage_runs WHERE organization = ? AND id = ?");
  sqlite3_stmt *revise = prepare("UPDATE usage_organizations SET revision = revision + 1 WHERE number = ? RETURNING "
                                 "revision");
  sqlite3_stmt *insert = prepare(
      "INSERT INTO usage_events (organization, id, run, user, workflow, step, provider, model, prompt_tokens, "
      "cached_prompt_tokens, cache_write_prompt_tokens, completion_tokens, service_tier, milliseconds, result_size, "
      "created_at, rate, is_partly_priced, picos, inserted_revision, changed_revision) VALUES (?, ?, ?, ?, ?, NULL, ?, "
      "?, ?, ?, 0, ?, NULL, ?, 0, ?, ?, 0, ?, ?, ?) ON CONFLICT DO NOTHING");
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  double start = (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
  for (long first = 0; first < events; first += size) {
    int64_t revisions[64] = {0};
    must(sqlite3_step(begin), SQLITE_DONE);
    sqlite3_reset(begin);
    for (long number = first; number < first + size && number < events; number++) {
      const Event *event = &all[number];
      int64_t owner = organizations[event->organization];
      if (!revisions[event->organization]) {
        sqlite3_bind_int64(revise, 1, owner);
        must(sqlite3_step(revise), SQLITE_ROW);
        revisions[event->organization] = sqlite3_column_int64(revise, 0);
        sqlite3_reset(revise);
      }
      char id[32], runID[32];
      int length = snprintf(runID, sizeof runID, "run_%u", event->run);
      sqlite3_bind_int64(find, 1, owner);
      sqlite3_bind_text(find, 2, runID, length, SQLITE_STATIC);
      must(sqlite3_step(find), SQLITE_ROW);
      int64_t values[] = {sqlite3_column_int64(find, 0), sqlite3_column_int64(find, 1), sqlite3_column_int64(find, 2),
                          providerNumbers[event->provider], modelNumbers[event->model], event->prompt, event->cached,
                          event->completion, event->milliseconds, event->instant, rate, event->picos,
                          revisions[event->organization], revisions[event->organization]};
      sqlite3_reset(find);
      length = snprintf(id, sizeof id, "evt_%lld", (long long)event->number);
      sqlite3_bind_int64(insert, 1, owner);
      sqlite3_bind_text(insert, 2, id, length, SQLITE_STATIC);
      for (int value = 0; value < 14; value++) sqlite3_bind_int64(insert, value + 3, values[value]);
      must(sqlite3_step(insert), SQLITE_DONE);
      sqlite3_reset(insert);
      if (sqlite3_changes(database) == 0) continue;
      int64_t day = event->instant / DAY;
      add(owner, 0, day, 0, 0, event);
      add(owner, 1, event->instant / HOUR, 0, 0, event);
      add(owner, 2, day, values[1], 0, event);
      add(owner, 3, day, values[2], 0, event);
      add(owner, 4, day, values[3], values[4], event);
    }
    save();
    must(sqlite3_step(commit), SQLITE_DONE);
    sqlite3_reset(commit);
  }
  clock_gettime(CLOCK_MONOTONIC, &time);
  printf("%s.ns %.1f\n", arguments[2],
         ((double)time.tv_sec * 1e9 + (double)time.tv_nsec - start) / (double)events);
  return sqlite3_close_v2(database) == SQLITE_OK ? 0 : 1;
}
