import Foundation

/// The quickstart: a platform with its tenants from an empty file to resolved requests, one part after the other.
@main
struct Main {
  static func main() async {
    do {
      switch try Arguments.parse(Array(CommandLine.arguments.dropFirst())) {
      case .help: print(Arguments.help)
      case .run(let arguments): try await run(arguments)
      }
    } catch let error as ArgumentError {
      complain("\(error)\nTry 'quickstart --help'.")
      exit(2)
    } catch {
      complain("\(error)")
      exit(1)
    }
  }

  private static func run(_ arguments: Arguments) async throws {
    let quickstart = try await Quickstart(arguments)
    do {
      for part in Quickstart.parts { try await part(quickstart) }
    } catch {
      await quickstart.stores.close()
      throw error
    }
    await quickstart.stores.close()
    quickstart.report.finish()
  }

  private static func complain(_ text: String) {
    FileHandle.standardError.write(Data("quickstart: \(text)\n".utf8))
  }
}
