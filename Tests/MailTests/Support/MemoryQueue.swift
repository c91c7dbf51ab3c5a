import Mail

/// A queue that forgets when the process ends, fails when told so, and does nothing for a task that was cancelled, as
/// a database.
actor MemoryQueue: LetterQueue {
  struct Broken: Error {}

  struct Entry: Equatable {
    var due: Int64
    var tries = 0
    /// No longer tried.
    var givenUp = false
  }

  private(set) var entries: [Int64: Entry] = [:]
  private var letters: [Int64: (recipient: String, letter: Letter)] = [:]
  private var isBroken = (reading: false, writing: false)

  func put(_ id: Int64, _ letter: Letter = .newTexts, to recipient: String = "anne@patients.example", due: Int64 = 0) {
    letters[id] = (recipient, letter)
    entries[id] = Entry(due: due)
  }

  func breakDown(reading: Bool = false, writing: Bool = false) { isBroken = (reading, writing) }

  func dueLetters(limit: Int, now: Int64) throws -> [QueuedLetter] {
    try Task.checkCancellation()
    guard !isBroken.reading else { throw Broken() }
    let due = entries.filter { $0.value.due <= now && !$0.value.givenUp }.sorted {
      ($0.value.due, $0.key) < ($1.value.due, $1.key)
    }
    return due.prefix(limit).map { id, entry in
      QueuedLetter(
        id: id, recipient: letters[id]!.recipient, language: .fr, letter: letters[id]!.letter, tries: entry.tries)
    }
  }

  func letterDelivered(_ id: Int64, now: Int64) throws {
    try write()
    entries[id] = nil
  }

  func letterFailed(_ id: Int64, nextTry: Int64?, now: Int64) throws {
    try write()
    entries[id]!.tries += 1
    if let nextTry { entries[id]!.due = nextTry } else { entries[id]!.givenUp = true }
  }

  private func write() throws {
    try Task.checkCancellation()
    guard !isBroken.writing else { throw Broken() }
  }
}
