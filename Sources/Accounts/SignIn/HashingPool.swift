import Foundation
import Synchronization

/// A few threads of its own for hashing passwords, as that takes long, with a bounded queue in front of them.
final class HashingPool: Sendable {
  private let hashing: any PasswordHashing
  private let bound: Int
  private let underWay = Mutex(0)
  private let queue: OperationQueue

  /// - Parameters:
  ///   - workers: how many hashes are computed at once; each takes the memory of its cost.
  ///   - waiting: how many more may wait.
  init(workers: Int, waiting: Int, hashing: any PasswordHashing) {
    precondition(workers >= 1 && waiting >= 0)
    self.hashing = hashing
    bound = workers + waiting
    queue = OperationQueue()
    queue.name = "mqm.accounts.hashing"
    queue.maxConcurrentOperationCount = workers
    queue.qualityOfService = .utility
  }

  /// Hashes a password on a thread of the pool.
  ///
  /// - Returns: 32 bytes.
  /// - Throws: ``AccountRefusal/busy(afterMilliseconds:)`` at once when too many are waiting;
  ///   ``AccountRefusal/unavailable(why:)`` when there is no memory for it.
  func hash(_ password: Password, salt: [UInt8], cost: ScryptCost) async throws(AccountRefusal) -> [UInt8] {
    guard reserve() else { throw .busy(afterMilliseconds: 2000) }
    let result: Result<[UInt8], AccountRefusal> = await withCheckedContinuation { continuation in
      queue.addOperation { [self] in
        let result = Result { try hashing.hash(password, salt: salt, cost: cost) }
          .mapError { _ in
            AccountRefusal.unavailable(why: "a password could not be hashed, probably for want of memory")
          }
        underWay.withLock { $0 -= 1 }
        continuation.resume(returning: result)
      }
    }
    return try result.get()
  }

  private func reserve() -> Bool {
    underWay.withLock { count in
      guard count < bound else { return false }
      count += 1
      return true
    }
  }
}
