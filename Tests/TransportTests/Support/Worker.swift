import Glibc

/// A thread beside the test's.
final class Worker: @unchecked Sendable {
  private let body: () -> Void
  private let done = Semaphore()

  init(_ body: @escaping () -> Void) {
    self.body = body
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    pthread_create(&thread, nil, runWorker, context)
    pthread_detach(thread)
  }

  func wait() { _ = done.wait(seconds: 60) }

  fileprivate func run() {
    body()
    done.signal()
  }
}

private func runWorker(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context { Unmanaged<Worker>.fromOpaque(context).takeRetainedValue().run() }
  return nil
}
