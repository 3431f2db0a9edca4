/// Why a command could not do its work, in words for its user. Exit code 1; faulty arguments are 64.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
