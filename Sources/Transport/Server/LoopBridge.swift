import CLibwebsockets

// libwebsockets asks for an event loop through a table of functions, as its own plug-ins for libuv and others do. File-level
// functions: closures could inherit an actor's isolation.

/// The event library that libwebsockets is given. Lives as long as the process.
nonisolated(unsafe) let eventLibrary: UnsafePointer<lws_plugin_evlib_t> = {
  let operations = UnsafeMutablePointer<lws_event_loop_ops>.allocate(capacity: 1)
  operations.initialize(to: lws_event_loop_ops())
  operations.pointee.name = permanentCString("mqm")
  operations.pointee.init_pt = loopInitThread
  operations.pointee.init_vhost_listen_wsi = loopAcceptSocket
  operations.pointee.sock_accept = loopAcceptSocket
  operations.pointee.io = loopChangeEvents
  operations.pointee.wsi_logical_close = loopLogicalClose
  // Timers are only looked after for an event library that has something of its own for each thread.
  operations.pointee.evlib_size_pt = 8
  let library = UnsafeMutablePointer<lws_plugin_evlib_t>.allocate(capacity: 1)
  library.initialize(to: lws_plugin_evlib_t())
  library.pointee.hdr.name = permanentCString("mqm")
  library.pointee.hdr._class = permanentCString("lws_evlib_plugin")
  library.pointee.hdr.lws_build_hash = permanentCString(LWS_BUILD_HASH)
  library.pointee.hdr.api_magic = UInt32(LWS_PLUGIN_API_MAGIC)
  library.pointee.ops = UnsafePointer(operations)
  return UnsafePointer(library)
}()

/// The server of a libwebsockets connection.
func server(of wsi: OpaquePointer) -> Server {
  Unmanaged<Server>.fromOpaque(lws_context_user(lws_get_context(wsi))).takeUnretainedValue()
}

/// `loop` is what was given as the foreign loop: the server. It is kept in what libwebsockets has for the thread, because
/// the context does not know its user yet while it makes its own pipes.
private func loopInitThread(_ context: OpaquePointer?, _ loop: UnsafeMutableRawPointer?, _ thread: Int32) -> Int32 {
  guard let loop, let memory = lws_evlib_tsi_to_evlib_pt(context, thread) else { return 1 }
  memory.storeBytes(of: loop, as: UnsafeMutableRawPointer.self)
  return 0
}

private func loopServer(of wsi: OpaquePointer) -> Server? {
  guard let memory = lws_evlib_wsi_to_evlib_pt(wsi) else { return nil }
  return memory.load(as: UnsafeMutableRawPointer?.self).map { Unmanaged<Server>.fromOpaque($0).takeUnretainedValue() }
}

/// A descriptor is about to be used by libwebsockets: an accepted connection, or a pipe of its own.
private func loopAcceptSocket(_ wsi: OpaquePointer?) -> Int32 {
  guard let wsi, let server = loopServer(of: wsi) else { return 1 }
  server.loop.poller.add(lws_get_socket_fd(wsi), handler: server, events: 0)
  return 0
}

private func loopChangeEvents(_ wsi: OpaquePointer?, _ flags: UInt32) {
  guard let wsi, let poller = loopServer(of: wsi)?.loop.poller else { return }
  let descriptor = lws_get_socket_fd(wsi)
  var events: UInt32 = 0
  if flags & UInt32(LWS_EV_READ) != 0 { events |= Poll.read }
  if flags & UInt32(LWS_EV_WRITE) != 0 { events |= Poll.write }
  if flags & UInt32(LWS_EV_START) != 0 {
    poller.change(descriptor, adding: events, removing: 0)
    if events == Poll.write { webSocket(wsi)?.libraryWantsToWrite() }
  } else if events == Poll.read | Poll.write {
    // Both at once: the connection ends.
    poller.remove(descriptor)
  } else {
    poller.change(descriptor, adding: 0, removing: events)
  }
}

/// 0: libwebsockets frees the connection itself, at once.
private func loopLogicalClose(_ wsi: OpaquePointer?) -> Int32 { 0 }
