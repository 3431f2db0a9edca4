// A library to preload: writes down every SQL statement that a program runs on SQLite, with the values bound to it and the
// number of its steps, in the order in which they ran, into the file that STATEMENTS names. What came before the program
// asked for access to a file named "store-benchmark-begins" was preparation.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPENED = 1, PREPARED, EXECUTED, RAN, BEGINS };
enum { LIMIT = 4096, VALUES = 64 };

typedef struct { char type; int64_t number; char *bytes; uint32_t count; } Value;
typedef struct { sqlite3_stmt *statement; Value values[VALUES]; uint32_t bound; size_t steps; int isRunning; } Known;

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static sqlite3 *databases[64];
static Known *known[LIMIT];
static uint32_t databaseCount, knownCount;
static char *log_;
static size_t used, room;

static void put(const void *bytes, size_t count) {
  if (used + count > room) log_ = realloc(log_, room = (used + count) * 2);
  memcpy(log_ + used, bytes, count);
  used += count;
}
static void put32(uint32_t number) { put(&number, 4); }
static void kind(char kind) { put(&kind, 1); }

__attribute__((destructor)) static void save(void) {
  const char *path = getenv("STATEMENTS");
  FILE *file = path ? fopen(path, "wb") : NULL;
  if (!file) return;
  fwrite(log_, 1, used, file);
  fclose(file);
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static uint32_t databaseNumber(sqlite3 *database) {
  uint32_t number = 0;
  while (number < databaseCount && databases[number] != database) number++;
  return number;
}

static Known *find(sqlite3_stmt *statement, uint32_t *number) {
  for (uint32_t index = knownCount; index-- > 0;)
    if (known[index]->statement == statement) return *number = index, known[index];
  return NULL;
}

int sqlite3_open_v2(const char *path, sqlite3 **database, int flags, const char *vfs) {
  REAL(sqlite3_open_v2);
  int code = real(path, database, flags, vfs);
  pthread_mutex_lock(&lock);
  if (code == SQLITE_OK && databaseCount < 64) databases[databaseCount++] = *database, kind(OPENED), put32((uint32_t)flags);
  pthread_mutex_unlock(&lock);
  return code;
}

static void prepared(sqlite3 *database, const char *sql, int count, sqlite3_stmt *statement) {
  pthread_mutex_lock(&lock);
  if (statement && knownCount < LIMIT) {
    known[knownCount] = calloc(1, sizeof(Known));
    known[knownCount++]->statement = statement;
    uint32_t length = count < 0 ? (uint32_t)strlen(sql) : (uint32_t)strnlen(sql, (size_t)count);
    kind(PREPARED), put32(databaseNumber(database)), put32(length), put(sql, length);
  }
  pthread_mutex_unlock(&lock);
}

int sqlite3_prepare_v2(sqlite3 *database, const char *sql, int count, sqlite3_stmt **statement, const char **tail) {
  REAL(sqlite3_prepare_v2);
  int code = real(database, sql, count, statement, tail);
  prepared(database, sql, count, *statement);
  return code;
}

int sqlite3_prepare_v3(sqlite3 *database, const char *sql, int count, unsigned flags, sqlite3_stmt **statement,
                       const char **tail) {
  REAL(sqlite3_prepare_v3);
  int code = real(database, sql, count, flags, statement, tail);
  prepared(database, sql, count, *statement);
  return code;
}

int sqlite3_exec(sqlite3 *database, const char *sql, int (*callback)(void *, int, char **, char **), void *context,
                 char **error) {
  REAL(sqlite3_exec);
  pthread_mutex_lock(&lock);
  uint32_t length = (uint32_t)strlen(sql);
  kind(EXECUTED), put32(databaseNumber(database)), put32(length), put(sql, length);
  // What it prepares inside is part of it.
  uint32_t count = knownCount;
  size_t end = used;
  int code = real(database, sql, callback, context, error);
  knownCount = count, used = end;
  pthread_mutex_unlock(&lock);
  return code;
}

static void bind(sqlite3_stmt *statement, int place, char type, int64_t number, const void *bytes, int64_t count) {
  pthread_mutex_lock(&lock);
  uint32_t index;
  Known *one = find(statement, &index);
  if (one && place > 0 && place <= VALUES) {
    Value *value = &one->values[place - 1];
    free(value->bytes);
    value->type = type, value->number = number, value->bytes = NULL, value->count = 0;
    if (bytes) {
      value->count = (uint32_t)(count < 0 ? (int64_t)strlen(bytes) : count);
      memcpy(value->bytes = malloc(value->count + 1), bytes, value->count);
    }
    if (one->bound < (uint32_t)place) one->bound = (uint32_t)place;
  }
  pthread_mutex_unlock(&lock);
}

int sqlite3_bind_int64(sqlite3_stmt *statement, int place, sqlite3_int64 number) {
  REAL(sqlite3_bind_int64);
  bind(statement, place, 'i', number, NULL, 0);
  return real(statement, place, number);
}

int sqlite3_bind_null(sqlite3_stmt *statement, int place) {
  REAL(sqlite3_bind_null);
  bind(statement, place, 'n', 0, NULL, 0);
  return real(statement, place);
}

int sqlite3_bind_zeroblob(sqlite3_stmt *statement, int place, int count) {
  REAL(sqlite3_bind_zeroblob);
  bind(statement, place, 'z', count, NULL, 0);
  return real(statement, place, count);
}

int sqlite3_bind_text(sqlite3_stmt *statement, int place, const char *text, int count, void (*destroy)(void *)) {
  REAL(sqlite3_bind_text);
  bind(statement, place, 't', 0, text, count);
  return real(statement, place, text, count, destroy);
}

int sqlite3_bind_text64(sqlite3_stmt *statement, int place, const char *text, sqlite3_uint64 count,
                        void (*destroy)(void *), unsigned char encoding) {
  REAL(sqlite3_bind_text64);
  bind(statement, place, 't', 0, text, (int64_t)count);
  return real(statement, place, text, count, destroy, encoding);
}

int sqlite3_bind_blob64(sqlite3_stmt *statement, int place, const void *bytes, sqlite3_uint64 count,
                        void (*destroy)(void *)) {
  REAL(sqlite3_bind_blob64);
  bind(statement, place, 'b', 0, bytes ? bytes : "", (int64_t)count);
  return real(statement, place, bytes, count, destroy);
}

int sqlite3_step(sqlite3_stmt *statement) {
  REAL(sqlite3_step);
  pthread_mutex_lock(&lock);
  uint32_t index;
  Known *one = find(statement, &index);
  if (one) {
    if (!one->isRunning) {
      kind(RAN), put32(index);
      one->isRunning = 1, one->steps = used;
      put32(0), put32(one->bound);
      for (uint32_t place = 0; place < one->bound; place++) {
        Value *value = &one->values[place];
        put(value->type ? &value->type : "n", 1), put(&value->number, 8), put32(value->count);
        put(value->bytes, value->count);
      }
    }
    uint32_t steps;
    memcpy(&steps, log_ + one->steps, 4);
    steps++;
    memcpy(log_ + one->steps, &steps, 4);
  }
  int code = real(statement);
  pthread_mutex_unlock(&lock);
  return code;
}

static void ended(sqlite3_stmt *statement, int isGone) {
  pthread_mutex_lock(&lock);
  uint32_t index;
  Known *one = find(statement, &index);
  if (one) one->isRunning = 0;
  if (one && isGone) one->statement = NULL;
  pthread_mutex_unlock(&lock);
}

int sqlite3_reset(sqlite3_stmt *statement) {
  REAL(sqlite3_reset);
  ended(statement, 0);
  return real(statement);
}

int sqlite3_finalize(sqlite3_stmt *statement) {
  REAL(sqlite3_finalize);
  ended(statement, 1);
  return real(statement);
}

int access(const char *path, int mode) {
  REAL(access);
  if (!strcmp(path, "store-benchmark-begins")) {
    pthread_mutex_lock(&lock);
    kind(BEGINS);
    pthread_mutex_unlock(&lock);
  }
  return real(path, mode);
}
