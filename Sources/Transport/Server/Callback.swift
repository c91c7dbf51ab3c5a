import CLibwebsockets
import Glibc

// Every event of libwebsockets comes through one function. It finds the Swift object and calls the method for the event;
// what is decided is decided there.

/// A C string that is never freed.
func permanentCString(_ text: String) -> UnsafePointer<CChar> {
  guard let copy = strdup(text) else { fatalError("out of memory") }
  return UnsafePointer(copy)
}

func libraryCallback(
  _ wsi: OpaquePointer?, _ reason: lws_callback_reasons, _ user: UnsafeMutableRawPointer?,
  _ input: UnsafeMutableRawPointer?, _ count: Int
) -> Int32 {
  guard let wsi else { return 0 }
  switch reason {
  case LWS_CALLBACK_RECEIVE:
    webSocket(wsi)?.received(UnsafeRawBufferPointer(start: input, count: count))
    return 0
  case LWS_CALLBACK_SERVER_WRITEABLE:
    webSocket(wsi)?.writable()
    return 0
  case LWS_CALLBACK_RECEIVE_PONG:
    webSocket(wsi)?.ponged(UnsafeRawBufferPointer(start: input, count: count))
    return 0
  case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
    return webSocket(wsi)?.peerClosed(UnsafeRawBufferPointer(start: input, count: count)) ?? -1
  case LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL, LWS_CALLBACK_CLOSED:
    webSocket(wsi)?.ending()
    return 0

  case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    guard let input else { return -1 }
    return httpConnection(wsi)?.confirmUpgrade(to: String(cString: input.assumingMemoryBound(to: CChar.self))) ?? -1
  case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
    // Nothing becomes a socket that did not pass `confirmUpgrade`.
    return httpConnection(wsi)?.upgrade == nil ? -1 : 0
  case LWS_CALLBACK_ADD_HEADERS:
    if let input, let connection = httpConnection(wsi), connection.upgrade != nil {
      let answer = input.assumingMemoryBound(to: lws_process_html_args.self).pointee
      server(of: wsi).learnBuffer(position: answer.p, room: Int(answer.max_len))
    }
    return 0
  case LWS_CALLBACK_ESTABLISHED:
    guard let connection = httpConnection(wsi), let request = connection.upgrade else { return -1 }
    server(of: wsi).opened(wsi, connection, request)
    return 0

  case LWS_CALLBACK_HTTP:
    return httpConnection(wsi)?.requestBegan() ?? -1
  case LWS_CALLBACK_HTTP_BODY:
    return httpConnection(wsi)?.bodyArrived(UnsafeRawBufferPointer(start: input, count: count)) ?? -1
  case LWS_CALLBACK_HTTP_BODY_COMPLETION:
    return httpConnection(wsi)?.bodyCompleted() ?? -1

  case LWS_CALLBACK_RAW_ADOPT, LWS_CALLBACK_RAW_RX:
    // What CONNECT would turn into.
    return -1

  case LWS_CALLBACK_WSI_CREATE:
    return 0
  case LWS_CALLBACK_WSI_DESTROY:
    if let pointer = lws_get_opaque_user_data(wsi) {
      lws_set_opaque_user_data(wsi, nil)
      let object = Unmanaged<AnyObject>.fromOpaque(pointer).takeRetainedValue()
      if let connection = object as? any Connection { server(of: wsi).destroyed(connection) }
    }
    return 0

  default:
    return 0
  }
}

private func connection(_ wsi: OpaquePointer) -> AnyObject? {
  lws_get_opaque_user_data(wsi).map { Unmanaged<AnyObject>.fromOpaque($0).takeUnretainedValue() }
}

/// The open socket of a libwebsockets connection; nil while it is something else.
func webSocket(_ wsi: OpaquePointer) -> WebSocket? { connection(wsi) as? WebSocket }

private func httpConnection(_ wsi: OpaquePointer) -> HTTPConnection? {
  guard let connection = connection(wsi) as? HTTPConnection else { return nil }
  // Requests come before anything else is known of the connection.
  connection.wsi = wsi
  return connection
}
