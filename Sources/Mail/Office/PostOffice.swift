import Foundation
import Logging
import Synchronization

/// Takes letters that are due out of their queue and has them delivered, for as long as it runs.
///
/// A letter is out of the queue only once it was delivered, so what a crash interrupts is delivered again rather than
/// lost; its `Message-ID` stays the same. Its log has ids and kinds of letters, never addresses, names or tokens.
public final class PostOffice: Sendable {
  /// What a test replaces, so that it needs no real time.
  public struct Timing: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let now: @Sendable () -> Int64
    /// Throws when the task is cancelled.
    public let sleep: @Sendable (Duration) async throws -> Void
    /// 0...1, another one each time.
    public let jitter: @Sendable () -> Double

    public init(
      now: @escaping @Sendable () -> Int64, sleep: @escaping @Sendable (Duration) async throws -> Void,
      jitter: @escaping @Sendable () -> Double
    ) {
      self.now = now
      self.sleep = sleep
      self.jitter = jitter
    }

    public static let real = Timing(
      now: { Int64(Date().timeIntervalSince1970 * 1000) }, sleep: { try await Task.sleep(for: $0) },
      jitter: { Double.random(in: 0...1) })
  }

  /// How many letters are under way at once.
  static let atOnce = 4
  static let interval = Duration.seconds(2)

  private let queue: any LetterQueue
  private let postman: any Postman
  private let sender: Mailbox
  private let origin: String
  private let timing: Timing
  private let logger: Logger
  private let bell: AsyncStream<Void>
  private let ringing: AsyncStream<Void>.Continuation
  private let unsettled = Mutex<[Outcome]>([])

  /// What became of a try.
  private struct Outcome: Sendable {
    let letter: QueuedLetter
    let failure: DeliveryFailure?
  }

  /// - Parameters:
  ///   - sender: of every letter.
  ///   - origin: where the pages are, such as `https://teleconsultation.example`, without a slash at the end.
  public init(
    queue: any LetterQueue, postman: any Postman, sender: Mailbox, origin: String, logger: Logger,
    timing: Timing = .real
  ) {
    self.queue = queue
    self.postman = postman
    self.sender = sender
    self.origin = origin
    self.logger = logger
    self.timing = timing
    (bell, ringing) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Looks into the queue at once, as a letter was just put there.
  public func nudge() { ringing.yield() }

  /// Works until the task is cancelled: looks into the queue at once, every 2 seconds, and when nudged. Runs once.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [ringing, timing] in
        repeat { ringing.yield() } while (try? await timing.sleep(Self.interval)) != nil && !Task.isCancelled
      }
      for await _ in bell { await deliverDue() }
      group.cancelAll()
    }
  }

  /// One look into the queue: those that are due, ``atOnce`` at most. When there were as many, it looks again soon.
  func deliverDue() async {
    guard await settle() else { return }
    let due: [QueuedLetter]
    do {
      due = try await queue.dueLetters(limit: Self.atOnce, now: timing.now())
    } catch {
      // A queue may refuse somebody who is cancelled.
      if !Task.isCancelled { complain("the queue of letters cannot be read", about: error) }
      return
    }
    await withTaskGroup(of: Void.self) { group in
      for letter in due.prefix(Self.atOnce) {
        group.addTask { await self.attempt(letter) }
      }
    }
    if await settle(), due.count >= Self.atOnce { nudge() }
  }

  private func attempt(_ letter: QueuedLetter) async {
    var failure: DeliveryFailure?
    do throws(DeliveryFailure) {
      let message = try MailMessage(letter, from: sender, origin: origin, now: timing.now())
      try await postman.deliver(message)
    } catch {
      // What was interrupted was no try.
      guard !Task.isCancelled else { return }
      failure = error
    }
    unsettled.withLock { $0.append(Outcome(letter: letter, failure: failure)) }
  }

  /// Tells the queue what became of each try. What it cannot take now it is told again before anything else is
  /// delivered, or a full disk would send the same letter every 2 seconds.
  ///
  /// - Returns: whether it knows all of it.
  private func settle() async -> Bool {
    let outcomes = unsettled.withLock { outcomes in
      defer { outcomes = [] }
      return outcomes
    }
    for (place, outcome) in outcomes.enumerated() {
      do {
        // A task of its own: a letter that was delivered is marked even when we are cancelled meanwhile.
        try await Task { try await mark(outcome) }.value
      } catch {
        unsettled.withLock { $0.insert(contentsOf: outcomes[place...], at: 0) }
        complain("the queue of letters cannot be written", about: error)
        return false
      }
    }
    return true
  }

  private func mark(_ outcome: Outcome) async throws {
    let letter = outcome.letter
    var facts: Logger.Metadata = ["letter": "\(letter.id)", "kind": "\(letter.letter.kind)"]
    guard let failure = outcome.failure else {
      try await queue.letterDelivered(letter.id, now: timing.now())
      return logger.info("letter delivered", metadata: facts)
    }
    facts["why"] = "\(failure.why)"
    let tries = letter.tries + 1
    facts["tries"] = "\(tries)"
    guard case .temporary = failure,
      let pause = RetryRule.pause(after: tries, of: letter.letter, jitter: timing.jitter())
    else {
      try await queue.letterFailed(letter.id, nextTry: nil, now: timing.now())
      return logger.error("letter given up", metadata: facts)
    }
    let now = timing.now()
    try await queue.letterFailed(letter.id, nextTry: now + pause, now: now)
    facts["next_try_s"] = "\(pause / 1000)"
    logger.warning("letter not delivered yet", metadata: facts)
  }

  /// An error of the queue may quote what it holds, so only its type is logged.
  private func complain(_ what: Logger.Message, about error: any Error) {
    logger.error(what, metadata: ["error": "\(type(of: error))"])
  }
}
