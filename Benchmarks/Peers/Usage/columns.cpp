// columns FILE EVENTS memory|scan|scan-all|csv: events in memory.
// memory: each event's identifier into an absl::flat_hash_set, its fields to the ends of columns.
// scan: the figures of one organisation's dashboard by one pass over columns; scan-all: those of all organisations' events.
// csv: the events as text, for a database to load.
#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

struct Event {
  uint32_t organization, run, user, workflow, provider, model, prompt, cached, completion, milliseconds;
  int64_t instant, picos, number;
};

struct Columns {
  std::vector<uint32_t> organization, run, user, workflow, provider, model, prompt, cached, completion, milliseconds;
  std::vector<int64_t> instant, picos;

  void append(const Event& event) {
    organization.push_back(event.organization), run.push_back(event.run), user.push_back(event.user);
    workflow.push_back(event.workflow), provider.push_back(event.provider), model.push_back(event.model);
    prompt.push_back(event.prompt), cached.push_back(event.cached), completion.push_back(event.completion);
    milliseconds.push_back(event.milliseconds), instant.push_back(event.instant), picos.push_back(event.picos);
  }
};

struct Sums {
  int64_t count = 0, prompt = 0, cached = 0, completion = 0, milliseconds = 0;
  __int128 picos = 0;
};

static double now() {
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Dashboard {
  std::vector<Sums> days = std::vector<Sums>(90), users = std::vector<Sums>(32), workflows = std::vector<Sums>(8),
                    models = std::vector<Sums>(16);
};

template <bool one>
static Dashboard scan(const Columns& columns) {
  Dashboard board;
  int64_t last = 20001LL * 86400000000LL, first = last - 90 * 86400000000LL;
  for (size_t at = 0; at < columns.instant.size(); at++) {
    if ((one && columns.organization[at] != 0) || columns.instant[at] < first || columns.instant[at] >= last) continue;
    Sums* groups[] = {&board.days[size_t((columns.instant[at] - first) / 86400000000LL)],
                      &board.users[columns.user[at]], &board.workflows[columns.workflow[at]],
                      &board.models[columns.provider[at] * 4 + columns.model[at]]};
    for (Sums* group : groups) {
      group->count++, group->prompt += columns.prompt[at], group->cached += columns.cached[at];
      group->completion += columns.completion[at], group->milliseconds += columns.milliseconds[at];
      group->picos += columns.picos[at];
    }
  }
  return board;
}

// The line by which results are compared: all sums, then each grouping's groups and the sum of their counts' squares.
static void check(const Dashboard& board) {
  Sums all;
  for (const Sums& day : board.days) {
    all.count += day.count, all.prompt += day.prompt, all.cached += day.cached, all.completion += day.completion;
    all.milliseconds += day.milliseconds, all.picos += day.picos;
  }
  printf("check.dashboard %lld %lld %lld %lld %lld %lld", (long long)all.count, (long long)all.prompt,
         (long long)all.cached, (long long)all.completion, (long long)all.milliseconds, (long long)all.picos);
  for (const std::vector<Sums>* groups : {&board.days, &board.users, &board.workflows, &board.models}) {
    long long count = 0, squares = 0;
    for (const Sums& group : *groups) count += group.count > 0, squares += (long long)group.count * group.count;
    printf(" %lld:%lld", count, squares);
  }
  puts("");
}

int main(int, char** arguments) {
  std::string path = std::string(arguments[1]) + ".events";
  FILE* file = fopen(path.c_str(), "rb");
  if (!file) return 1;
  std::vector<Event> events(strtoul(arguments[2], nullptr, 10));
  events.resize(fread(events.data(), sizeof(Event), events.size(), file));
  if (!strcmp(arguments[3], "csv")) {
    puts("organization,run,user,workflow,provider,model,prompt,cached,completion,milliseconds,instant,picos");
    for (const Event& event : events)
      printf("%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,%lld,%lld\n", event.organization, event.run, event.user, event.workflow,
             event.provider, event.model, event.prompt, event.cached, event.completion, event.milliseconds,
             (long long)event.instant, (long long)event.picos);
    return 0;
  }
  Columns columns;
  if (!strcmp(arguments[3], "memory")) {
    absl::flat_hash_set<std::string> seen;
    std::vector<std::string> identifiers(1000);
    double time = 0;
    for (size_t first = 0; first < events.size(); first += 1000) {
      size_t last = std::min(first + 1000, events.size());
      // As a server has them: made by the request that records them, and so in the processor's caches.
      for (size_t at = first; at < last; at++)
        identifiers[at - first] = std::to_string(events[at].organization) + "/evt_" + std::to_string(events[at].number);
      double start = now();
      for (size_t at = first; at < last; at++)
        if (seen.insert(identifiers[at - first]).second) columns.append(events[at]);
      time += now() - start;
    }
    printf("memory.ns %.2f\n", time / double(events.size()));
    long long prompt = 0, picos = 0;
    for (size_t at = 0; at < columns.instant.size(); at++) prompt += columns.prompt[at], picos += columns.picos[at];
    printf("check.memory %zu %lld %lld\n", columns.instant.size(), prompt, picos);
    return 0;
  }
  for (const Event& event : events) columns.append(event);
  double least = 1e18;
  Dashboard board;
  bool is_one = !strcmp(arguments[3], "scan");
  for (int pass = 0; pass < 4; pass++) {
    double start = now();
    board = is_one ? scan<true>(columns) : scan<false>(columns);
    least = std::min(least, now() - start);
  }
  check(board);
  printf("report.ns %.0f\n", least);
  return 0;
}
