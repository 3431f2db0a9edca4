extension Int64 {
  /// The number after this one, for versions and attempts; the greatest stays, so that counting never traps.
  package var following: Int64 { self == .max ? .max : self + 1 }
}
