// limits FOLDER PASSES: what no host resolution can beat: one read at random that depends on the read before, in as much
// memory as an index of the folder's hosts takes, and one pass over a request's bytes. Nanoseconds each.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { LINE = 64, BYTES_PER_HOST = 40, READS = 2000000 };

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
  (void)kept;
  printf("limit.read %.2f\nlimit.scan %.2f\n", least, scan);
  return 0;
}
