/// Events of one day that came one after the other and are of one hour, user and workflow, as those of a run are: the
/// groups of these are added to once for all of them.
struct EventBurst {
  /// The hour's place in the day.
  let hour: Int
  let user: Int32
  let workflow: Int32
  var sums = EventSums()

  /// A burst that an event begins, whose sums are not added yet.
  init(hour: Int, of row: EventRow) {
    self.hour = hour
    user = row.user
    workflow = row.workflow
  }

  /// Whether an event belongs to it.
  @inline(__always)
  func takes(_ row: EventRow, hour: Int) -> Bool {
    self.hour == hour && user == row.user && workflow == row.workflow
  }
}
