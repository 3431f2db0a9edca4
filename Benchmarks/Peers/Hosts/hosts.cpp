// Host resolution in C++: absl::flat_hash_map from the folded name to the tenant's record.
// `hosts.cpp FOLDER strings|block PASSES`: names as std::string keys, or in one block that keys point into.
#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

using Bytes = std::vector<char>;

static Bytes readFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

struct Requests {
  std::string bytes;
  std::vector<uint32_t> ends;
};

static Requests readRequests(const std::string& path) {
  Requests requests;
  Bytes packed = readFile(path);
  for (size_t at = 0; at < packed.size(); at += 1 + (uint8_t)packed[at]) {
    requests.bytes.append(&packed[at + 1], (uint8_t)packed[at]);
    requests.ends.push_back((uint32_t)requests.bytes.size());
  }
  return requests;
}

static const std::string apex = "emperor.gallery";

// What a byte is, and its small form: 0 for one that may not stand in a name.
struct Classes {
  uint8_t folded[256] = {};
  Classes() {
    for (int c = 'a'; c <= 'z'; c++) folded[c] = folded[c - 32] = (uint8_t)c;
    for (int c = '0'; c <= '9'; c++) folded[c] = (uint8_t)c;
    folded['-'] = '-';
    folded['.'] = '.';
  }
};
static const Classes classes;

// Folds and checks a Host header's value; gives the name's length, or 0 for a malformed value.
static inline size_t normalise(const char* host, size_t count, char* name) {
  size_t length = 0, labelStart = 0;
  for (; length < count && host[length] != ':'; length++) {
    if (length > 253) return 0;
    uint8_t c = classes.folded[(uint8_t)host[length]];
    if (c == 0) return 0;
    if (c == '.') {
      size_t label = length - labelStart;
      if (label == 0 || label > 63 || name[length - 1] == '-') return 0;
      labelStart = length + 1;
    } else if (c == '-' && length == labelStart) {
      return 0;
    }
    name[length] = (char)c;
  }
  if (length < count) {
    unsigned port = 0;
    for (size_t i = length + 1; i < count; i++) {
      if (host[i] < '0' || host[i] > '9') return 0;
      port = port * 10 + (unsigned)(host[i] - '0');
      if (port > 65535) return 0;
    }
  }
  if (length == 0) return 0;
  if (name[length - 1] == '.') {
    length--;
    labelStart = std::string_view(name, length).rfind('.') + 1;
  } else {
    size_t label = length - labelStart;
    if (label == 0 || label > 63 || name[length - 1] == '-') return 0;
  }
  if (length > 253) return 0;
  // A last label of digits, or of 0x and hexadecimal digits, is an IPv4 address.
  if (name[labelStart] >= '0' && name[labelStart] <= '9') {
    std::string_view last(name + labelStart, length - labelStart);
    if (last.find_first_not_of("0123456789") == last.npos) return 0;
    if (last.substr(0, 2) == "0x" && last.substr(2).find_first_not_of("0123456789abcdef") == last.npos) return 0;
  }
  return length;
}

enum Kind { tenant, platform, reserved, notFound };
struct Verdict {
  Kind kind;
  uint32_t record;
};

static inline bool isReserved(std::string_view label) {
  switch (label.size()) {
    case 3: return label == "www" || label == "api" || label == "app";
    case 5: return label == "admin";
    case 6: return label == "static" || label == "assets" || label == "vercel";
    default: return false;
  }
}

template <class Map>
__attribute__((noinline)) static Verdict resolve(const Map& map, const char* host, size_t count) {
  char name[256];
  size_t length = normalise(host, count, name);
  if (length == 0) return {notFound, 0};
  if (length >= apex.size() && memcmp(name + length - apex.size(), apex.data(), apex.size()) == 0) {
    if (length == apex.size()) return {platform, 0};
    size_t front = length - apex.size() - 1;
    if (name[front] == '.' && isReserved({name, front})) return {reserved, 0};
  }
  auto found = map.find(absl::string_view(name, length));
  if (found == map.end()) return {notFound, 0};
  return {tenant, found->second};
}

// Tenants' and organisations' identifiers, each with its length before it; a value of the map is an offset.
static std::string records;
// All names, each with its length before it; a key of the map is an offset.
static std::string names;

static absl::string_view nameAt(uint32_t offset) { return {&names[offset + 1], (uint8_t)names[offset]}; }

struct BlockHash {
  using is_transparent = void;
  size_t operator()(uint32_t key) const { return absl::Hash<absl::string_view>()(nameAt(key)); }
  size_t operator()(absl::string_view key) const { return absl::Hash<absl::string_view>()(key); }
};
struct BlockEqual {
  using is_transparent = void;
  bool operator()(uint32_t a, uint32_t b) const { return nameAt(a) == nameAt(b); }
  bool operator()(uint32_t a, absl::string_view b) const { return nameAt(a) == b; }
  bool operator()(absl::string_view a, uint32_t b) const { return nameAt(b) == a; }
};

using StringMap = absl::flat_hash_map<std::string, uint32_t>;
using BlockMap = absl::flat_hash_map<uint32_t, uint32_t, BlockHash, BlockEqual>;

static void insert(StringMap& map, std::string_view host, uint32_t record) { map.emplace(host, record); }
static void insert(BlockMap& map, std::string_view host, uint32_t record) {
  uint32_t offset = (uint32_t)names.size();
  names.push_back((char)host.size());
  names.append(host);
  map.emplace(offset, record);
}

template <class Map>
static void build(Map& map, const Bytes& tenants, const Bytes& customs, size_t hosts) {
  map.reserve(hosts);
  std::vector<uint32_t> offsets;
  offsets.reserve(hosts);
  std::string host;
  for (size_t at = 0; at < tenants.size();) {
    size_t slug = (uint8_t)tenants[at];
    host.assign(&tenants[at + 1], slug);
    host += '.';
    host += apex;
    at += 1 + slug;
    size_t size = 1 + (uint8_t)tenants[at];
    size += 1 + (uint8_t)tenants[at + size];
    offsets.push_back((uint32_t)records.size());
    insert(map, host, (uint32_t)records.size());
    records.append(&tenants[at], size);
    at += size;
  }
  for (size_t at = 0; at < customs.size();) {
    size_t size = (uint8_t)customs[at];
    uint32_t place;
    memcpy(&place, &customs[at + 1 + size], 4);
    insert(map, {&customs[at + 1], size}, offsets[place]);
    at += 1 + size + 4;
  }
}

// The bytes of memory that the process has of its own.
static size_t allocated() {
  malloc_trim(0);
  std::ifstream file("/proc/self/smaps_rollup");
  std::string word;
  size_t number = 0;
  while (file >> word && word != "Anonymous:") {
  }
  file >> number;
  return number * 1024;
}

static volatile uint64_t sink;

template <class Map>
static void measure(const std::string& folder, int passes, size_t nameBytes) {
  Bytes tenants = readFile(folder + "/tenants.bin"), customs = readFile(folder + "/customs.bin");
  size_t hosts = 0;
  {
    std::ifstream meta(folder + "/meta.txt");
    std::string word;
    size_t number;
    while (meta >> word && word != "requests" && meta >> number) hosts += number;
  }
  using Clock = std::chrono::steady_clock;
  size_t before = allocated();
  auto start = Clock::now();
  Map map;
  // Room for everything at once: no growth is paid for.
  records.reserve(tenants.size());
  if (nameBytes) names.reserve(tenants.size() + customs.size());
  build(map, tenants, customs, hosts);
  printf("build.ms %.3f\n", std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  records.shrink_to_fit();
  names.shrink_to_fit();
  printf("memory.bytes %.3f\n", double(allocated() - before) / double(hosts));
  for (const char* name : {"zipf", "uniform"}) {
    Requests requests = readRequests(folder + "/" + name + ".bin");
    size_t counts[4] = {};
    uint64_t identifiers = 0;
    uint32_t at = 0;
    for (uint32_t end : requests.ends) {
      Verdict verdict = resolve(map, &requests.bytes[at], end - at);
      counts[verdict.kind]++;
      if (verdict.kind == tenant) {
        uint64_t hash = 0xcbf29ce484222325;
        for (int i = 1; i <= (uint8_t)records[verdict.record]; i++)
          hash = (hash ^ (uint8_t)records[verdict.record + i]) * 0x100000001b3;
        identifiers += hash;
      }
      at = end;
    }
    printf("check.%s tenants=%zu,platform=%zu,reserved=%zu,notFound=%zu,ids=%lu\n", name, counts[0], counts[1],
           counts[2], counts[3], identifiers);
    double best = 1e18;
    for (int pass = 0; pass <= passes; pass++) {
      auto start = Clock::now();
      uint64_t found = 0;
      uint32_t at = 0;
      for (uint32_t end : requests.ends) {
        found += resolve(map, &requests.bytes[at], end - at).kind == tenant;
        at = end;
      }
      sink = found;
      double time = std::chrono::duration<double, std::nano>(Clock::now() - start).count();
      if (pass > 0) best = std::min(best, time / double(requests.ends.size()));
    }
    printf("%s.one %.3f\n", name, best);
  }
}

int main(int, char** arguments) {
  int passes = atoi(arguments[3]);
  if (std::string_view(arguments[2]) == "strings")
    measure<StringMap>(arguments[1], passes, 0);
  else
    measure<BlockMap>(arguments[1], passes, 1);
}
