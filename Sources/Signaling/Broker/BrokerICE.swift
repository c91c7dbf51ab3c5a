import Foundation
import Rooms
import TURN
import Transport

/// What one seat was given for the TURN servers.
struct SeatRelay {
  let room: ConsultationID
  /// In the user name; random, so that a TURN server learns nothing about the person, and the same as long as they sit there,
  /// so that its quota for users works.
  let bearer: String
  /// Gives the seat new credentials.
  let timer: TimerToken
}

/// ICE servers, with credentials made for each seat, that are renewed before they expire (docs/protocol.md, section 6).
extension Broker {
  /// How long somebody waits for their seat, at most, until the TURN servers know the room.
  private static let patience: Duration = .seconds(2)

  /// `ice_servers` and `ice_expires_at`, for a seat that has just been taken.
  func writeFirstICE(for connection: ConnectionID, in room: ConsultationID, to writer: inout JSONWriter) {
    let bearer = UUID().uuidString.lowercased()
    relays[connection]?.timer.cancel()
    relays[connection] = renewLater(connection, room, bearer)
    writeICE(for: bearer, in: room, to: &writer)
    writer.member("ice_transport_policy", settings.ice.transportPolicy.rawValue)
  }

  /// A client asks for fresh ones, before it looks for a new way.
  func refreshICE(_ client: Client, re: Int, _ room: ConsultationID) {
    do throws(Refusal) {
      _ = try hall.seat(of: client.id, in: room)
    } catch {
      return refuse(client, re: re, .refused(error))
    }
    reply(to: client, re: re) { writer in
      writer.object { writeICE(for: relays[client.id]?.bearer, in: room, to: &$0) }
    }
  }

  /// Halfway to their end, so that a client that is away for a moment has good ones all the same.
  private func renewLater(_ connection: ConnectionID, _ room: ConsultationID, _ bearer: String) -> SeatRelay? {
    guard let relay = settings.ice.relay else { return nil }
    let timer = loop.schedule(after: .milliseconds(relay.lifetimeMilliseconds / 2)) { [weak self] in
      self?.assumeIsolated { $0.renew(connection) }
    }
    return SeatRelay(room: room, bearer: bearer, timer: timer)
  }

  private func renew(_ connection: ConnectionID) {
    guard let relay = relays.removeValue(forKey: connection), (try? hall.seat(of: connection, in: relay.room)) != nil
    else { return }
    relays[connection] = renewLater(connection, relay.room, relay.bearer)
    send("ice", room: relay.room, to: [connection]) { writer in
      writer.object { writeICE(for: relay.bearer, in: relay.room, to: &$0) }
    }
  }

  private func writeICE(for bearer: String?, in room: ConsultationID, to writer: inout JSONWriter) {
    let credentials = bearer.flatMap { makeCredentials(for: $0, in: room) }
    var servers: [ICEServer] = []
    if !settings.ice.stun.isEmpty { servers.append((settings.ice.stun, nil)) }
    if let credentials, let relay = settings.ice.relay { servers.append((relay.urls, credentials)) }
    writer.member("ice_servers", array: servers) { writer, server in Self.write(server, to: &writer) }
    writer.member("ice_expires_at", credentials.map { Instant(milliseconds: $0.expiresAt) })
  }

  private typealias ICEServer = (urls: [String], credentials: TURNCredentials?)

  /// As `RTCPeerConnection` takes it (W3C WebRTC, section 4.2.2).
  private static func write(_ server: ICEServer, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("urls", array: server.urls) { $0.string($1) }
      if let credentials = server.credentials {
        writer.member("username", credentials.username)
        writer.member("credential", credentials.password)
      }
    }
  }

  private func makeCredentials(for bearer: String, in room: ConsultationID) -> TURNCredentials? {
    guard let relay = settings.ice.relay, let secret = relaySecret(of: room) else { return nil }
    let end = moment().now.advanced(byMilliseconds: relay.lifetimeMilliseconds)
    return TURNCredentials(secret: secret, bearer: bearer, expiresAt: end.milliseconds)
  }

  // MARK: Secrets

  /// The secret under which the TURN servers know those in this room; nil if there is no such room. When a room is opened
  /// again it has another one.
  private func relaySecret(of room: ConsultationID) -> TURNSecret? {
    guard let relay = settings.ice.relay, hall.rooms[room] != nil,
      let opening = hall.entries[room]?.consultation.state.opening
    else { return nil }
    return relay.ledger == nil ? relay.secret : relay.secret.derived(for: "\(room) \(opening.at.milliseconds)")
  }

  /// Whether the TURN servers should know the room may have changed.
  func followRelaySecret(of room: ConsultationID?) {
    guard let room, let ledger = settings.ice.relay?.ledger else { return }
    ledger.set(relaySecret(of: room), for: room)
  }

  /// Nobody is to be given credentials that are not good yet.
  func untilRelaySecretIsKnown(of room: ConsultationID) async {
    await settings.ice.relay?.ledger?.isKnown(room, atMost: Self.patience)
  }
}
