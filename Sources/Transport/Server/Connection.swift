/// What Swift keeps for one of libwebsockets' connections. libwebsockets owns it (its opaque user data is a retained
/// reference) from the accept until `LWS_CALLBACK_WSI_DESTROY`; a WebSocket takes the place of an HTTP connection.
protocol Connection: AnyObject {
  /// libwebsockets has freed its connection.
  func destroyed()
}
