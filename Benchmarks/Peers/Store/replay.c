// replay FILE STATEMENTS CALLS WHAT: runs the statements that record.c wrote down on a database file, in their order, with
// the values bound then, each prepared once and before the clock runs, by as many connections; prints nanoseconds a call.
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OPENED = 1, PREPARED, EXECUTED, RAN, BEGINS };
typedef struct { char type; int64_t number; char *bytes; uint32_t count; } Value;
typedef struct {
  char kind;
  sqlite3 *database;
  sqlite3_stmt *statement;
  char *sql;
  uint32_t steps, bound;
  Value *values;
} Step;

static char *at;
static sqlite3 *databases[64];
static sqlite3_stmt *statements[4096];
static int64_t sum;

static uint32_t get32(void) {
  uint32_t number;
  memcpy(&number, at, 4);
  at += 4;
  return number;
}

static void must(int isWell, sqlite3 *database) {
  if (isWell) return;
  fprintf(stderr, "%s\n", sqlite3_errmsg(database));
  exit(1);
}

static char *text(void) {
  uint32_t count = get32();
  char *copy = strndup(at, count);
  at += count;
  return copy;
}

static void perform(const Step *step) {
  if (step->kind == EXECUTED) {
    must(sqlite3_exec(step->database, step->sql, 0, 0, 0) == SQLITE_OK, step->database);
    return;
  }
  for (uint32_t place = 0; place < step->bound; place++) {
    const Value *value = &step->values[place];
    int number = (int)place + 1;
    switch (value->type) {
    case 'i': sqlite3_bind_int64(step->statement, number, value->number); break;
    case 't': sqlite3_bind_text(step->statement, number, value->bytes, (int)value->count, SQLITE_STATIC); break;
    case 'b': sqlite3_bind_blob64(step->statement, number, value->bytes, value->count, SQLITE_STATIC); break;
    case 'z': sqlite3_bind_zeroblob(step->statement, number, (int)value->number); break;
    default: sqlite3_bind_null(step->statement, number);
    }
  }
  for (uint32_t done = 0; done < step->steps; done++) {
    int code = sqlite3_step(step->statement);
    must(code == SQLITE_ROW || code == SQLITE_DONE, sqlite3_db_handle(step->statement));
    if (code == SQLITE_ROW)
      for (int column = 0; column < sqlite3_column_count(step->statement); column++)
        sum += sqlite3_column_type(step->statement, column) == SQLITE_INTEGER
                   ? sqlite3_column_int64(step->statement, column)
                   : sqlite3_column_text(step->statement, column) != NULL;
  }
  sqlite3_reset(step->statement);
}

int main(int count, char **arguments) {
  if (count < 5) return 2;
  FILE *file = fopen(arguments[2], "rb");
  if (!file) return 1;
  fseek(file, 0, SEEK_END);
  size_t size = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(size + 1);
  if (fread(bytes, 1, size, file) != size) return 1;
  at = bytes;
  Step *steps = malloc(sizeof(Step) * (size / 5 + 1));
  size_t stepCount = 0, timed = 0;
  uint32_t databaseCount = 0, statementCount = 0;
  int hasBegun = 0;
  while (at < bytes + size) {
    Step step = {.kind = *at++};
    switch (step.kind) {
    case OPENED:
      must(sqlite3_open_v2(arguments[1], &databases[databaseCount], (int)get32(), NULL) == SQLITE_OK,
           databases[databaseCount]);
      sqlite3_busy_timeout(databases[databaseCount++], 5000);
      break;
    case PREPARED: {
      sqlite3 *database = databases[get32()];
      char *sql = text();
      must(sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statements[statementCount++], NULL) ==
               SQLITE_OK, database);
      free(sql);
      break;
    }
    case BEGINS: hasBegun = 1, timed = stepCount; break;
    case EXECUTED:
      step.database = databases[get32()], step.sql = text();
      if (hasBegun) steps[stepCount++] = step; else perform(&step), free(step.sql);
      break;
    case RAN:
      step.statement = statements[get32()], step.steps = get32(), step.bound = get32();
      step.values = malloc(sizeof(Value) * (step.bound + 1));
      for (uint32_t place = 0; place < step.bound; place++) {
        Value *value = &step.values[place];
        value->type = *at++;
        memcpy(&value->number, at, 8), at += 8;
        value->count = get32(), value->bytes = at, at += value->count;
      }
      if (hasBegun) steps[stepCount++] = step; else perform(&step);
      break;
    default: return 1;
    }
  }
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (size_t index = timed; index < stepCount; index++) perform(&steps[index]);
  clock_gettime(CLOCK_MONOTONIC, &end);
  double nanoseconds = (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
  printf("%s.ns %.1f\n", arguments[4], nanoseconds / strtod(arguments[3], NULL));
  for (uint32_t index = 0; index < statementCount; index++) sqlite3_finalize(statements[index]);
  for (uint32_t index = 0; index < databaseCount; index++) sqlite3_close(databases[index]);
  return sum == -1;
}
