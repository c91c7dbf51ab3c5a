// Every request about people, by what it is about. Answers and errors are those of docs/openapi.yaml.
import { http } from '../signalling/http.js';

/** @typedef {import('./types.js').Address} Address */

const part = encodeURIComponent;
const patient = (/** @type {string} */ id) => `/v1/patients/${part(id)}`;
const invitation = (/** @type {string} */ id) => `/v1/invitations/${part(id)}`;

export const texts = {
  /** @returns {Promise<import('./types.js').TextRef[]>} */
  current: async () => (await http('GET', '/v1/texts')).texts,
  /** @param {string} url @returns {Promise<string>} the exact text */
  read: (url) => http('GET', url),
};

export const registration = {
  /** @param {object} person */
  begin: (person) => http('POST', '/v1/registrations', person),
  /** @param {string} token @param {string} password the one that was chosen */
  confirm: (token, password) => http('POST', '/v1/registrations/confirm', { token, password }),
};

export const practitioners = {
  /** @param {string} name two characters or more @returns {Promise<import('./types.js').FoundPractitioner[]>} */
  find: async (name) => (await http('GET', `/v1/practitioners?name=${part(name)}`)).practitioners,
};

export const password = {
  /** @param {string} email @param {string} language */
  forgotten: (email, language) => http('POST', '/v1/password/forgotten', { email, language }),
  /** @param {string} token @param {string} chosen */
  reset: (token, chosen) => http('POST', '/v1/password/reset', { token, password: chosen }),
  /** @param {string} current @param {string} chosen */
  change: (current, chosen) => http('PUT', '/v1/account/password', { current, new: chosen }),
};

export const email = {
  /** @param {string} address @param {string} currentPassword */
  change: (address, currentPassword) => http('POST', '/v1/account/email', { email: address, password: currentPassword }),
  /** @param {string} token */
  confirm: (token) => http('POST', '/v1/email/confirm', { token }),
};

export const consents = {
  /** @returns {Promise<import('./types.js').Consents>} */
  all: () => http('GET', '/v1/account/consents'),
  /** @param {import('./types.js').TextRef} text */
  give: ({ document, version, language, sha256 }) => http('POST', '/v1/account/consents', { document, version, language, sha256 }),
};

export const account = {
  /** @returns {Promise<import('./types.js').Details>} */
  details: () => http('GET', '/v1/account'),
  /** @param {object} change @returns {Promise<import('./types.js').Details>} */
  correct: (change) => http('PATCH', '/v1/account', change),
  /** @param {{rpps: string, specialty: string, sector: number}} practitioner @returns {Promise<import('./types.js').Details>} */
  apply: (practitioner) => http('PUT', '/v1/account/practitioner', practitioner),
  /** @returns {Promise<import('./types.js').Loss>} */
  loss: () => http('GET', '/v1/account/erasure'),
  /** @param {{password: string, code?: string}} proof */
  erase: (proof) => http('POST', '/v1/account/erasure', proof),
  exportPath: '/v1/account/export',
};

export const sessions = {
  /** @returns {Promise<import('./types.js').OpenSession[]>} */
  all: async () => (await http('GET', '/v1/account/sessions')).sessions,
  /** @param {string} id */
  end: (id) => http('DELETE', `/v1/account/sessions/${part(id)}`),
  endAll: () => http('DELETE', '/v1/account/sessions'),
};

export const secondFactor = {
  /** @param {string} currentPassword @returns {Promise<{secret: string, uri: string}>} */
  begin: (currentPassword) => http('POST', '/v1/account/second-factor', { password: currentPassword }),
  /** @param {string} code @returns {Promise<{recovery_codes: string[]}>} */
  confirm: (code) => http('PUT', '/v1/account/second-factor', { code }),
  /** @param {{password: string, code: string}} proof */
  remove: (proof) => http('POST', '/v1/account/second-factor/removal', proof),
};

export const patients = {
  /** @returns {Promise<import('./types.js').Patient[]>} oneself first */
  all: async () => (await http('GET', '/v1/patients')).patients,
  /** @param {object} child @returns {Promise<import('./types.js').Patient>} */
  add: (child) => http('POST', '/v1/patients', child),
  /** @param {string} id @param {object} change @returns {Promise<import('./types.js').Patient>} */
  correct: (id, change) => http('PATCH', patient(id), change),
  /** @param {string} id @returns {Promise<import('./types.js').Health>} */
  health: (id) => http('GET', `${patient(id)}/health`),
  /** @param {string} id @param {{history: string | null, social_security_number: string | null}} health */
  writeHealth: (id, health) => http('PUT', `${patient(id)}/health`, health),
  /** @param {string} id */
  exportPath: (id) => `${patient(id)}/export`,
  /** @param {string} id @returns {Promise<import('./types.js').Loss>} */
  loss: (id) => http('GET', `${patient(id)}/erasure`),
  /** @param {string} id @param {{password: string, code?: string}} proof */
  erase: (id, proof) => http('POST', `${patient(id)}/erasure`, proof),
  /** @param {string} id @param {string} address @param {string} relation @returns {Promise<import('./types.js').Invitation>} */
  invite: (id, address, relation) => http('POST', `${patient(id)}/invitations`, { email: address, relation }),
  /** @param {string} id @param {string} invited */
  uninvite: (id, invited) => http('DELETE', `${patient(id)}/invitations/${part(invited)}`),
  /** @param {string} id @param {string} guardian */
  unlink: (id, guardian) => http('DELETE', `${patient(id)}/guardians/${part(guardian)}`),
};

export const invitations = {
  /** @returns {Promise<import('./types.js').Received[]>} */
  all: async () => (await http('GET', '/v1/invitations')).invitations,
  /** @param {string} token @returns {Promise<import('./types.js').Received>} */
  find: (token) => http('POST', '/v1/invitations/find', { token }),
  /** @param {string} id */
  accept: (id) => http('POST', `${invitation(id)}/accept`),
  /** @param {string} id */
  decline: (id) => http('POST', `${invitation(id)}/decline`),
};

export const consultations = {
  /** @param {string} id @returns {Promise<import('./types.js').Health>} for the practitioner who claimed it */
  health: (id) => http('GET', `/v1/consultations/${part(id)}/health`),
};

export const record = {
  /** @param {{requested_at: number, id: string} | null} last of the page before; null for the newest @returns {Promise<import('../record/types.js').PastConsultation[]>} newest first */
  past: async (last) => (await http('GET', `/v1/consultations${query({ before: last?.requested_at, before_id: last?.id })}`)).consultations,
  /** @param {string} id @returns {Promise<import('../record/types.js').ConsultationRecord>} */
  of: (id) => http('GET', `/v1/consultations/${part(id)}/record`),
  /** @param {string} id */
  bundlePath: (id) => `/v1/consultations/${part(id)}/bundle`,
  /** @returns {Promise<{algorithm: string, public_key: string}>} */
  key: () => http('GET', '/v1/record/key'),
};

export const operator = {
  counts: () => http('GET', '/v1/operator/counts'),
  /** @param {{verification?: string, after?: string | null}} which */
  practitioners: ({ verification, after }) => http('GET', `/v1/operator/practitioners${query({ verification, after })}`),
  /** @param {string} id @param {string} verification @param {string} ground */
  decide: (id, verification, ground) => http('POST', `/v1/operator/practitioners/${part(id)}/verification`, { verification, ground }),
  /** @param {string} address */
  findAccount: (address) => http('POST', '/v1/operator/accounts/find', { email: address }),
  /** @param {string} id @param {string} ground */
  close: (id, ground) => http('POST', `/v1/operator/accounts/${part(id)}/closing`, { ground }),
  /** @param {string} id @param {string} ground */
  reopen: (id, ground) => http('POST', `/v1/operator/accounts/${part(id)}/reopening`, { ground }),
  /** @param {string} id @param {string} protection @param {string} ground */
  protect: (id, protection, ground) => http('POST', `/v1/operator/patients/${part(id)}/protection`, { protection, ground }),
  /** @param {number | null} after */
  audit: (after) => http('GET', `/v1/operator/audit${query({ after })}`),
};

/** @param {Record<string, string | number | null | undefined>} values */
function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : '';
}
