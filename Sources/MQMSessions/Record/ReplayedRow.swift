import GRDB
import Rooms

/// What each event writes into a consultation's row.
extension ConsultationRow {
  init?(requested id: ConsultationID, _ details: EntryDetails) {
    guard let patient = details.text("patient"), let requester = details.text("requester"),
      let payment = details.text("payment"), let requestedAt = details.integer("requested_at"),
      let claimDueAt = details.integer("claim_due_at")
    else { return nil }
    self.init(
      id: id.description, patient: patient, requester: requester, assigned: details.text("assigned"),
      payment: payment, state: "requested", requestedAt: requestedAt, claimDueAt: claimDueAt)
  }

  /// - Returns: false if the details do not say what they have to.
  mutating func change(_ event: String, at: Int64, _ details: EntryDetails) -> Bool {
    switch event {
    case "claimed":
      guard let practitioner = details.text("practitioner"), let dueAt = details.integer("start_due_at") else {
        return false
      }
      self.practitioner = practitioner
      state = "claimed"
      claimedAt = at
      startDueAt = dueAt
    case "refused":
      guard let physician = details.text("physician"), let grounds = details.text("grounds") else { return false }
      state = "refused"
      refusedBy = physician
      refusedGrounds = grounds
      refusedAt = at
    case "assigned", "unassigned":
      guard let dueAt = details.integer("claim_due_at") else { return false }
      takeBackClaim()
      assigned = details.text("assigned")
      claimDueAt = dueAt
      claimOverdueAt = nil
    case "released": takeBackClaim()
    case "cancelled":
      clearRefusal()
      state = "cancelled"
      overAt = at
    case "opened":
      guard let status = details.text("status") else { return false }
      state = "open"
      openedAt = at
      self.status = status
    case "started":
      guard let attested = details.json("attested") else { return false }
      state = "in_progress"
      startedAt = at
      self.attested = attested
    case "suspended": state = "suspended"
    case "resumed": state = "in_progress"
    case "ended":
      guard let reason = details.text("reason"), let dueAt = details.integer("close_due_at") else { return false }
      state = "ended"
      overAt = at
      endReason = reason
      closeDueAt = dueAt
    case "overdue":
      switch details.text("clock") {
      case "claim": claimOverdueAt = at
      case "start": startOverdueAt = at
      default: return false
      }
    case "closed":
      guard let why = details.text("why") else { return false }
      state = "closed"
      closedAt = at
      closedWhy = why
    default: break
    }
    return true
  }

  mutating func stepClocks(byMilliseconds step: Int64) {
    guard state != "closed", state != "cancelled" else { return }
    if claimOverdueAt == nil { claimDueAt += step }
    if startOverdueAt == nil { startDueAt = startDueAt.map { $0 + step } }
    closeDueAt = closeDueAt.map { $0 + step }
  }

  private mutating func takeBackClaim() {
    clearRefusal()
    state = "requested"
    (practitioner, claimedAt, openedAt, status, startDueAt, startOverdueAt) = (nil, nil, nil, nil, nil, nil)
  }

  private mutating func clearRefusal() { (refusedBy, refusedGrounds, refusedAt) = (nil, nil, nil) }

  private init(
    id: String, patient: String, requester: String, assigned: String?, payment: String, state: String,
    requestedAt: Int64, claimDueAt: Int64
  ) {
    self.id = id
    self.patient = patient
    self.requester = requester
    self.assigned = assigned
    self.payment = payment
    self.state = state
    self.requestedAt = requestedAt
    self.claimDueAt = claimDueAt
  }

  // MARK: Rows, many of them

  /// In the order in which ``init(columns:)`` reads them.
  static let columns = """
    id, patient, requester, assigned, payment, state, requested_at, practitioner, claimed_at, opened_at, status,
    started_at, attested, over_at, end_reason, claim_due_at, claim_overdue_at, start_due_at, start_overdue_at,
    close_due_at, closed_at, closed_why, refused_by, refused_grounds, refused_at
    """

  /// By position, which is several times as fast as by name.
  init(columns row: Row) {
    self.init(
      id: row[0], patient: row[1], requester: row[2], assigned: row[3], payment: row[4], state: row[5],
      requestedAt: row[6], claimDueAt: row[15])
    practitioner = row[7]
    claimedAt = row[8]
    openedAt = row[9]
    status = row[10]
    startedAt = row[11]
    attested = row[12]
    overAt = row[13]
    endReason = row[14]
    claimOverdueAt = row[16]
    startDueAt = row[17]
    startOverdueAt = row[18]
    closeDueAt = row[19]
    closedAt = row[20]
    closedWhy = row[21]
    refusedBy = row[22]
    refusedGrounds = row[23]
    refusedAt = row[24]
  }
}

extension DocumentRow {
  init?(handedOver consultation: String, _ details: EntryDetails) {
    guard let id = details.text("document"), let kind = details.text("kind"), let type = details.text("type"),
      let size = details.integer("size"), let commitment = details.text("commitment"),
      let handedOverAt = details.integer("handed_over_at")
    else { return nil }
    self.init(
      id: id, consultation: consultation, kind: kind, type: type, size: Int(size), commitment: commitment,
      handedOverAt: handedOverAt)
  }

  private init(
    id: String, consultation: String, kind: String, type: String, size: Int, commitment: String, handedOverAt: Int64
  ) {
    self.id = id
    self.consultation = consultation
    self.kind = kind
    self.type = type
    self.size = size
    self.commitment = commitment
    self.handedOverAt = handedOverAt
  }
}
