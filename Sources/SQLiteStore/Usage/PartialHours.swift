#if SQLite
  internal import SaaSCore
  internal import UsageKit

  /// The sums of parts of hours, as a reading connection has worked them out from rows.
  ///
  /// A period that begins at an odd second is asked for again and again, and needs the rest of one hour's rows each time. An
  /// hour's sums never change without its `last_change`, which takes another revision with every transaction, so that sums
  /// of committed rows hold as long as that stays.
  struct PartialHours {
    /// A part of an organisation's hour.
    struct Part: Hashable {
      let organization: Int64
      let span: Period
    }

    /// So many parts are remembered; one more, and all are forgotten.
    static let most = 8_192

    private var known: [Part: (lastChange: Int64, sums: UsageSums)] = [:]

    /// The sums of a part, if they were worked out since the hour last changed.
    func sums(of part: Part, lastChange: Int64) -> UsageSums? {
      guard let entry = known[part], entry.lastChange == lastChange else { return nil }
      return entry.sums
    }

    /// Remembers the sums of a part.
    mutating func remember(_ sums: UsageSums, of part: Part, lastChange: Int64) {
      if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
      known[part] = (lastChange, sums)
    }
  }
#endif
