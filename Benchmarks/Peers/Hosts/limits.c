// limits FOLDER PASSES: what no host resolution can beat: one read at random that depends on the read before, in as much
// memory as an index of the folder's hosts takes; one pass over a request's bytes; and of each request the hash of its first
// and last sixteen bytes and the line of the table that the hash names, which is what any table reads, with nothing checked,
// compared or branched on. Nanoseconds each.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { SHORTEST = 8, LINE = 64, BYTES_PER_HOST = 40, READS = 2000000 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static uint64_t state = 7;
static uint64_t below(uint64_t bound) {
  uint64_t word = state += 0x9e3779b97f4a7c15ULL;
  word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9ULL;
  word = (word ^ word >> 27) * 0x94d049bb133111ebULL;
  return (uint64_t)(((unsigned __int128)(word ^ word >> 31) * bound) >> 64);
}

static uint64_t word(const unsigned char *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

static uint64_t product(uint64_t left, uint64_t right) {
  unsigned __int128 product = (unsigned __int128)left * right;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash(const unsigned char *name, size_t count) {
  size_t last = count - 8, second = last < 8 ? last : 8, third = count < 16 ? 0 : count - 16;
  uint64_t front = product(word(name) ^ 0x9e3779b97f4a7c15ULL, word(name + second) ^ 0xbf58476d1ce4e5b9ULL);
  uint64_t back = product(word(name + third) ^ 0x94d049bb133111ebULL, word(name + last) ^ 0xd6e8feb86659fd93ULL);
  return product(front ^ count, back);
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  char path[4096];
  snprintf(path, sizeof path, "%s/meta.txt", arguments[1]);
  FILE *meta = fopen(path, "rb");
  unsigned long tenants = 0, customs = 0;
  if (!meta || fscanf(meta, "tenants %lu customs %lu", &tenants, &customs) != 2) return 1;
  size_t lines = (tenants + customs) * BYTES_PER_HOST / LINE + 2;
  char *memory = aligned_alloc(1 << 21, (lines * LINE + (1 << 21)) >> 21 << 21);
  if (!memory) return 1;
  madvise(memory, lines * LINE, MADV_HUGEPAGE);
  // One cycle through all lines (Sattolo's), each holding the next one's place.
  uint32_t *order = malloc(lines * sizeof *order);
  for (size_t index = 0; index < lines; index++) order[index] = (uint32_t)index;
  for (size_t index = lines - 1; index > 0; index--) {
    size_t other = below(index);
    uint32_t kept = order[index];
    order[index] = order[other], order[other] = kept;
  }
  for (size_t index = 0; index < lines; index++)
    *(uint32_t *)(memory + (size_t)order[index] * LINE) = order[(index + 1) % lines];
  free(order);
  double least = 1e18, scan = 1e18;
  volatile uint64_t kept;
  for (int pass = 0; pass < atoi(arguments[2]); pass++) {
    double start = now();
    uint32_t place = 0;
    for (int read = 0; read < READS; read++) place = *(uint32_t *)(memory + (size_t)place * LINE);
    kept = place;
    double taken = (now() - start) / READS;
    if (taken < least) least = taken;
  }
  snprintf(path, sizeof path, "%s/zipf.bin", arguments[1]);
  FILE *file = fopen(path, "rb");
  if (!file) return 1;
  fseek(file, 0, SEEK_END);
  size_t size = (size_t)ftell(file), requests = 0;
  rewind(file);
  unsigned char *bytes = calloc(1, size + 8);
  if (fread(bytes, 1, size, file) != size) return 1;
  for (size_t at = 0; at < size; at += (size_t)bytes[at] + 1) requests++;
  for (int pass = 0; pass < atoi(arguments[2]); pass++) {
    double start = now();
    uint64_t sum = 0, word;
    for (size_t at = 0; at < size; at += 8) memcpy(&word, bytes + at, 8), sum += word;
    kept = sum;
    double taken = (now() - start) / (double)requests;
    if (taken < scan) scan = taken;
  }
  double line = 1e18;
  for (int pass = 0; pass < atoi(arguments[2]); pass++) {
    double start = now();
    uint64_t sum = 0;
    for (size_t at = 0; at < size; at += (size_t)bytes[at] + 1) {
      if (bytes[at] < SHORTEST) continue;
      uint64_t place = (uint64_t)(((unsigned __int128)hash(bytes + at + 1, bytes[at]) * lines) >> 64);
      sum += word((unsigned char *)memory + place * LINE);
    }
    kept = sum;
    double taken = (now() - start) / (double)requests;
    if (taken < line) line = taken;
  }
  (void)kept;
  printf("limit.read %.2f\nlimit.scan %.2f\nlimit.line %.2f\n", least, scan, line);
  return 0;
}
