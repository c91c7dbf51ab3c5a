// The pages about people: their addresses, who may see them, and what is loaded with them. Another page is another line.

/** @typedef {{page: (view: import('../ui/view.js').View) => import('../ui/dom.js').Child, enter?: (view: import('../ui/view.js').View, fresh: boolean) => void}} PageModule */
/**
 * @typedef {object} Entry
 * @property {string} [path] after `#/`; without one the page is shown because the state asks for it
 * @property {'anyone' | 'stranger' | 'person'} who `stranger`: only while nobody is signed in; `person`: only while somebody is
 * @property {boolean} [free] seen by those who have yet to agree to a text, too (CU-3)
 * @property {('patient' | 'guardian' | 'practitioner' | 'operator')[]} [roles] one of them is needed
 * @property {'token' | 'document' | 'consultation'} [parameter] what may follow the path: the secret of an e-mailed link, a text's name, or a consultation's id
 * @property {string[]} parts words (`i18n/PART.LANGUAGE.json`) and styles (`css/PART.css`)
 * @property {() => Promise<PageModule>} load `enter` is called at every arrival (`fresh`), and again in another language
 */

export const PEOPLE_PAGES = {
  'sign-up': { path: 'sign-up', who: 'stranger', parts: ['people'], load: () => import('./sign-up.js') },
  'sign-up-practitioner': { path: 'sign-up/practitioner', who: 'stranger', parts: ['people'], load: () => import('./sign-up-practitioner.js') },
  confirm: { path: 'confirm', who: 'anyone', parameter: 'token', parts: ['people'], load: () => import('./confirm.js') },
  forgotten: { path: 'forgotten', who: 'stranger', parts: ['people'], load: () => import('./forgotten.js') },
  reset: { path: 'reset', who: 'anyone', parameter: 'token', parts: ['people'], load: () => import('./reset.js') },
  email: { path: 'email', who: 'anyone', parameter: 'token', parts: ['people'], load: () => import('./email.js') },
  consent: { who: 'person', parts: ['people'], load: () => import('./consent.js') },
  'not-verified': { who: 'person', parts: ['people'], load: () => import('./not-verified.js') },
  account: { path: 'account', who: 'person', parts: ['people'], load: () => import('./account.js') },
  'account-profile': { path: 'account/profile', who: 'person', parts: ['people'], load: () => import('./profile.js') },
  'account-practitioner': { path: 'account/practitioner', who: 'person', roles: ['practitioner'], parts: ['people'], load: () => import('./account-practitioner.js') },
  'account-health': { path: 'account/health', who: 'person', roles: ['patient'], parts: ['people'], load: () => import('./health.js') },
  'account-sign-in': { path: 'account/sign-in', who: 'person', parts: ['people'], load: () => import('./account-sign-in.js') },
  'account-devices': { path: 'account/devices', who: 'person', parts: ['people'], load: () => import('./devices.js') },
  'account-data': { path: 'account/data', who: 'person', parts: ['people'], load: () => import('./data.js') },
  'account-erase': { path: 'account/erase', who: 'person', free: true, parts: ['people'], load: () => import('./erase.js') },
  'account-consultations': { path: 'account/consultations', who: 'person', roles: ['patient', 'guardian', 'practitioner'], parts: ['inside', 'life', 'people', 'record'], load: () => import('../record/past.js') },
  record: { path: 'record', who: 'person', roles: ['patient', 'guardian', 'practitioner'], parameter: 'consultation', parts: ['inside', 'life', 'people', 'record'], load: () => import('../record/record.js') },
  texts: { path: 'texts', who: 'anyone', parameter: 'document', parts: ['people'], load: () => import('./texts.js') },
  support: { path: 'support', who: 'anyone', parts: ['people'], load: () => import('./support.js') },
  family: { path: 'family', who: 'person', roles: ['patient', 'guardian'], parts: ['people', 'family'], load: () => import('./family.js') },
  invitation: { path: 'invitation', who: 'person', parameter: 'token', parts: ['people', 'family'], load: () => import('./invitation.js') },
  operator: { path: 'operator', who: 'person', roles: ['operator'], parts: ['people', 'operator'], load: () => import('./operator.js') },
  'operator-accounts': { path: 'operator/accounts', who: 'person', roles: ['operator'], parts: ['people', 'operator'], load: () => import('./operator-accounts.js') },
  'operator-audit': { path: 'operator/audit', who: 'person', roles: ['operator'], parts: ['people', 'operator'], load: () => import('./operator-audit.js') },
};

/** @typedef {keyof typeof PEOPLE_PAGES} PeoplePage */

/** @param {string} page @returns {page is PeoplePage} */
export function isPeoplePage(page) {
  return page in PEOPLE_PAGES;
}

/** @param {PeoplePage} page @returns {Entry} */
export function entryOf(page) {
  return /** @type {Entry} */ (PEOPLE_PAGES[page]);
}
