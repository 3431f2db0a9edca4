import Foundation

#if canImport(Glibc)
  internal import CMalloc
#endif

/// The bytes of memory that the process has of its own, files that it reads left out; nil where that cannot be asked.
func residentBytes() -> Int? {
  #if canImport(Glibc)
    _ = malloc_trim(0)
  #endif
  guard let text = try? String(contentsOfFile: "/proc/self/smaps_rollup", encoding: .utf8) else { return nil }
  for line in text.split(separator: "\n") where line.hasPrefix("Anonymous:") {
    let words = line.split(separator: " ")
    return words.count > 1 ? Int(words[1]).map { $0 * 1_024 } : nil
  }
  return nil
}
