/// What comes of every wish of everybody in every situation: the state afterwards, or the refusal. Each word was held against
/// the domain document's "life of a consultation"; none is computed.
enum LifeTable {
  /// The columns are the situations, eight on the first line of a role and seven on the second:
  ///
  ///     requested assigned late refused claimed claimedLate open openLate
  ///     inProgress suspended papers ended fetched closed cancelled
  ///
  /// One word alone stands for all of them. "!" is a refusal, see ``codes``.
  static let text = """
    claim
      patient    !forbidden
      guardian   !forbidden
      claimant   claimed     !unknown    claimed     !unknown    !state      !state      !state      !state
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      assigned   claimed     claimed     claimed     !state      !claimed    !claimed    !claimed    !claimed
                 !claimed    !claimed    !ended      !ended      !ended      !closed     !cancelled
      another    claimed     !unknown    claimed     !unknown    !claimed    !claimed    !claimed    !claimed
                 !claimed    !claimed    !ended      !ended      !ended      !closed     !cancelled
      unverified !unverified
      stranger   !unknown
    refuse
      patient    !forbidden
      guardian   !forbidden
      claimant   !forbidden  !unknown    !forbidden  !unknown    !state      !state      !state      !state
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      assigned   !forbidden  refused     !forbidden  !state      !state      !state      !state      !state
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      another    !forbidden  !unknown    !forbidden  !unknown    !state      !state      !state      !state
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      unverified !unverified
      stranger   !unknown
    assign
      patient    requested   requested   requested   requested   !early      requested   !early      requested
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      guardian   requested   requested   requested   requested   !early      requested   !early      requested
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      claimant   !forbidden  !unknown    !forbidden  !unknown    !forbidden  !forbidden  !forbidden  !forbidden
                 !forbidden  !forbidden  !forbidden  !forbidden  !forbidden  !forbidden  !forbidden
      assigned   !forbidden  !forbidden  !forbidden  !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      another    !forbidden  !unknown    !forbidden  !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      unverified !unknown
      stranger   !unknown
    unassign
      patient    !state      requested   !state      requested   !early      requested   !early      requested
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      guardian   !state      requested   !state      requested   !early      requested   !early      requested
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      claimant   !forbidden  !unknown    !forbidden  !unknown    !forbidden  !forbidden  !forbidden  !forbidden
                 !forbidden  !forbidden  !forbidden  !forbidden  !forbidden  !forbidden  !forbidden
      assigned   !forbidden  !forbidden  !forbidden  !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      another    !forbidden  !unknown    !forbidden  !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      unverified !unknown
      stranger   !unknown
    release
      patient    !forbidden
      guardian   !forbidden
      claimant   !state      !unknown    !state      !unknown    requested   requested   requested   requested
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      assigned   !state      !state      !state      !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      another    !state      !unknown    !state      !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      unverified !unknown
      stranger   !unknown
    cancel
      patient    cancelled   cancelled   cancelled   cancelled   cancelled   cancelled   cancelled   cancelled
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      guardian   cancelled   cancelled   cancelled   cancelled   cancelled   cancelled   cancelled   cancelled
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      claimant   !forbidden  !unknown    !forbidden  !unknown    !forbidden  !forbidden  !forbidden  !forbidden
                 !forbidden  !forbidden  !forbidden  !forbidden  !forbidden  !forbidden  !forbidden
      assigned   !forbidden  !forbidden  !forbidden  !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      another    !forbidden  !unknown    !forbidden  !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      unverified !unknown
      stranger   !unknown
    open
      patient    !forbidden
      guardian   !forbidden
      claimant   !state      !unknown    !state      !unknown    open        open        !state      !state
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      assigned   !state      !state      !state      !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      another    !state      !unknown    !state      !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      unverified !unverified
      stranger   !unknown
    start
      patient    !forbidden
      guardian   !forbidden
      claimant   !state      !unknown    !state      !unknown    !state      !state      in_progress in_progress
                 !state      !state      !ended      !ended      !ended      !closed     !cancelled
      assigned   !state      !state      !state      !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      another    !state      !unknown    !state      !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      unverified !unverified
      stranger   !unknown
    end
      patient    !forbidden
      guardian   !forbidden
      claimant   !state      !unknown    !state      !unknown    ended       ended       ended       ended
                 ended       ended       !ended      !ended      !ended      !closed     !cancelled
      assigned   !state      !state      !state      !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      another    !state      !unknown    !state      !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      unverified !unknown
      stranger   !unknown
    handOver
      patient    !unknown
      guardian   !unknown
      claimant   !unknown    !unknown    !unknown    !unknown    !state      !state      !state      !state
                 in_progress suspended   ended       ended       ended       !closed     !cancelled
      assigned   !unknown
      another    !unknown
      unverified !unknown
      stranger   !unknown
    fetch
      patient    !nodoc      !nodoc      !nodoc      !nodoc      !nodoc      !nodoc      !nodoc      !nodoc
                 !nodoc      !nodoc      ended       !nodoc      !had        !closed     !cancelled
      guardian   !nodoc      !nodoc      !nodoc      !nodoc      !nodoc      !nodoc      !nodoc      !nodoc
                 !nodoc      !nodoc      ended       !nodoc      !had        !closed     !cancelled
      claimant   !unknown    !unknown    !unknown    !unknown    !forbidden  !forbidden  !forbidden  !forbidden
                 !forbidden  !forbidden  !forbidden  !forbidden  !forbidden  !forbidden  !forbidden
      assigned   !unknown
      another    !unknown
      unverified !unknown
      stranger   !unknown
    withdraw
      patient    !forbidden
      guardian   !forbidden
      claimant   !unknown    !unknown    !unknown    !unknown    !nodoc      !nodoc      !nodoc      !nodoc
                 !nodoc      !nodoc      ended       !nodoc      !had        !closed     !cancelled
      assigned   !unknown
      another    !unknown
      unverified !unknown
      stranger   !unknown
    confirm
      patient    !state      !state      !state      !state      !state      !state      !state      !state
                 !state      !state      !unfetched  closed      closed      !closed     !cancelled
      guardian   !state      !state      !state      !state      !state      !state      !state      !state
                 !state      !state      !unfetched  closed      closed      !closed     !cancelled
      claimant   !forbidden  !unknown    !forbidden  !unknown    !forbidden  !forbidden  !forbidden  !forbidden
                 !forbidden  !forbidden  !forbidden  !forbidden  !forbidden  !forbidden  !forbidden
      assigned   !forbidden  !forbidden  !forbidden  !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      another    !forbidden  !unknown    !forbidden  !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      unverified !unknown
      stranger   !unknown
    close
      patient    !forbidden
      guardian   !forbidden
      claimant   !state      !unknown    !state      !unknown    !state      !state      !state      !state
                 !state      !state      !unfetched  closed      closed      !closed     !cancelled
      assigned   !state      !state      !state      !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      another    !state      !unknown    !state      !unknown    !unknown    !unknown    !unknown    !unknown
                 !unknown    !unknown    !unknown    !unknown    !unknown    !unknown    !unknown
      unverified !unknown
      stranger   !unknown
    """

  /// What nobody wants, but a rule, a clock, or what became of an account. The claim and the start clock are those that
  /// began with the situation; the retention time is over.
  static let broker = """
    suspend          !state !state !state !state !state !state !state !state
                     suspended !state !ended !ended !ended !closed !cancelled
    resume           !state !state !state !state !state !state !state !state
                     !state in_progress !ended !ended !ended !closed !cancelled
    claimClock       requested requested !state !state !state !state !state !state
                     !state !state !ended !ended !ended !closed !cancelled
    startClock       !state !state !state !state claimed !state open !state
                     !state !state !ended !ended !ended !closed !cancelled
    retention        !state !state !state !state !state !state !state !state
                     !state !state closed closed closed !closed !cancelled
    retentionEarly   !state !state !state !state !state !state !state !state
                     !state !state !state !state !state !closed !cancelled
    account          !state !state !state !state !state !state !state !state
                     !state !state closed closed closed !closed !cancelled
    """

  static let codes = [
    "!unknown": "unknown_consultation", "!forbidden": "forbidden", "!unverified": "not_verified",
    "!state": "wrong_state", "!early": "not_overdue", "!claimed": "already_claimed", "!ended": "consultation_ended",
    "!closed": "consultation_closed", "!cancelled": "consultation_cancelled", "!nodoc": "unknown_document",
    "!had": "already_fetched", "!unfetched": "documents_unfetched",
  ]
}
