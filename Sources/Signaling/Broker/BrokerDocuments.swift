import Accounts
import Logging
import MQMSessions
import Rooms
import Transport

/// What becomes of documents' contents when the record has decided, and now and then.
extension Broker {
  /// The names and salts of a consultation's documents, at the start. A file that is damaged does not keep the broker from
  /// running: its documents have no names then.
  func detailsOfDocuments(in consultation: Consultation) async -> [DocumentID: DocumentDetails] {
    guard !consultation.documents.isEmpty else { return [:] }
    do {
      return try await documents.run { try $0.details(of: consultation.id) }
    } catch {
      log.error("documents cannot be read", metadata: ["consultation": "\(consultation.id)", "error": "\(error)"])
      return [:]
    }
  }

  /// The record has something, and the contents follow: what was handed over is so, what was withdrawn goes, and all of
  /// a consultation's when it is closed or cancelled (CU-5.2).
  func followDocuments(_ decision: Decision) {
    guard case .recorded(let consultation) = decision.outcome,
      case .transition(let id, let command) = decision.submission.proposal.change
    else { return }
    if consultation.state.isFinal { return change { try $0.removeAll(of: id) } }
    switch command {
    case .handOver(_, let document): change { try $0.noteHandedOver(document.id) }
    case .withdraw(_, let document): change { try $0.remove(document) }
    default: break
    }
  }

  /// What fails is made good by `keepDocuments`.
  private func change(_ work: @escaping @Sendable (DocumentStore) throws -> Void) {
    documents.run(work) { [log] done in
      if done == nil { log.error("the documents cannot be changed; tried again within a minute") }
    }
  }

  /// Once a minute, and at the start: removes what nobody has a use for.
  ///
  /// - Parameter isAtRest: whether nothing is being decided, as before the first client comes.
  func keepDocuments(isAtRest: Bool = false) async {
    let now = moment().now
    let underWay = hall.entries.values.map(\.consultation).filter { !$0.state.isFinal }
    let handedOver = Set(underWay.flatMap { $0.documents.map(\.id) })
    let consultations = Set(underWay.map(\.id))
    do {
      let count = try await documents.run { try $0.keep(handedOver, of: consultations, at: now, isAtRest: isAtRest) }
      if count > 0 { log.notice("documents removed", metadata: ["count": "\(count)"]) }
    } catch {
      log.error("the documents cannot be swept", metadata: ["error": "\(error)"])
    }
  }

  /// Once a second: what was removed leaves the file.
  func scrubDocuments() async {
    _ = try? await documents.run { $0.scrub() }
  }

  /// Longer bodies are for the chunks of documents alone, and for those who are signed in: who was a while ago is known,
  /// anybody else is looked up while they send.
  public nonisolated func maximumBody(of request: Request) -> BodyAllowance? {
    let path = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    guard request.method == "PUT", Self.chunkRoute.parameters(of: Array(path)) != nil else { return nil }
    return assumeIsolated { broker in
      guard let token = broker.token(of: request) else { return nil }
      if broker.knownTokens.has(token, at: .now) { return BodyAllowance(bytes: DocumentLimits.chunkBytes) }
      let accounts = broker.people.accounts
      let now = broker.moment().now.milliseconds
      return BodyAllowance(bytes: DocumentLimits.chunkBytes) { deliver in
        Task { deliver((try? await accounts.session(forToken: token, now: now)) != nil) }
      }
    }
  }
}
