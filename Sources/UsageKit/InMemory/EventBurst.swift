/// Events that were recorded one after the other and are of one day, hour, user and workflow, as those of a run are: the
/// groups of these are added to once for all of them.
struct EventBurst {
  /// The day's place.
  let day: Int
  /// The hour's place in the day.
  let hour: Int
  let user: Int32
  let workflow: Int32
  var sums = EventSums()

  /// A burst that an event begins, whose sums are not added yet.
  init(day: Int, hour: Int, of row: EventRow) {
    self.day = day
    self.hour = hour
    user = row.user
    workflow = row.workflow
  }

  /// Whether an event belongs to it.
  @inline(__always)
  func takes(_ row: EventRow, day: Int, hour: Int) -> Bool {
    self.day == day && self.hour == hour && user == row.user && workflow == row.workflow
  }
}
