/// What Swift keeps for one of libwebsockets' connections. libwebsockets owns it (its opaque user data is a retained
/// reference) from the accept until `LWS_CALLBACK_WSI_DESTROY`; a WebSocket takes the place of an HTTP connection.
protocol Connection: AnyObject {
  /// How it is counted.
  var entrance: Entrance { get }
  /// libwebsockets has freed its connection.
  func destroyed()
}

/// From where a connection came in, and whether it has shown a request yet.
struct Entrance {
  /// Nil for a proxy.
  let source: ConnectionCounts.Source?
  var isOpen = false
}
