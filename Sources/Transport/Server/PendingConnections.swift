/// Connections that were accepted before the server was complete.
final class PendingConnections {
  private var waiting: [(Int32, String)] = []
  private var accept: ((Int32, String) -> Void)?

  func accepted(_ descriptor: Int32, _ peer: String) {
    if let accept { accept(descriptor, peer) } else { waiting.append((descriptor, peer)) }
  }

  func start(_ accept: @escaping (Int32, String) -> Void) {
    self.accept = accept
    for (descriptor, peer) in waiting { accept(descriptor, peer) }
    waiting = []
  }
}
