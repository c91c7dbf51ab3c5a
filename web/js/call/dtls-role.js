// Who began the encryption of a connection stays who began it. Firefox answers a restart of ICE as if it were the first time, and Chromium
// refuses that answer.

/** @typedef {'active' | 'passive'} DtlsRole */

/**
 * @param {string} sdp of an answer
 * @returns {DtlsRole | null}
 */
export function roleIn(sdp) {
  return /** @type {DtlsRole | null} */ (/^a=setup:(active|passive)\r?$/m.exec(sdp)?.[1] ?? null);
}

/** @param {DtlsRole | null} role @returns {DtlsRole | null} of the other side */
export function opposite(role) {
  return role && (role === 'active' ? 'passive' : 'active');
}

/** @param {string} sdp @param {DtlsRole} role */
export function withRole(sdp, role) {
  return sdp.replace(/^a=setup:(active|passive)(\r?)$/gm, `a=setup:${role}$2`);
}
