// A guardian beside the patient identifies themselves here, in the patient's session.
import { h } from './dom.js';
import { COMPANION_CODE } from '../app/companion.js';
import { button, errorSummary, field, focusSoon, fullName } from './parts.js';
import { sheet } from './sheet.js';

/** @param {import('./view.js').View} view */
export function accompanyPanel(view) {
  const { state, t, act } = view;
  if (!state.open.accompany) return null;
  const busy = state.forms.accompany?.busy ?? false;
  const companion = state.room?.companion;
  return sheet(view, 'accompany', t('accompany.title'), companion ? [
    h('p', { key: 'present', 'data-test': 'accompany-present' }, t('accompany.present', { name: fullName(companion) })),
    button({ key: 'leave', test: 'accompany-leave', look: 'plain', label: t('accompany.leave'), press: () => act.room.companion.leave() }),
  ] : [
    h('p', { class: 'muted', key: 'lead' }, t('accompany.lead')),
    h('form', { class: 'form', key: 'form', novalidate: true, onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
      act.room.companion.accompany(String(data.get('email')).trim(), String(data.get('password')), String(data.get('code') ?? '').trim());
    } },
      errorSummary(view, 'accompany'),
      field(view, { form: 'accompany', name: 'email', label: t('sign_in.email'), type: 'email', test: 'accompany-email', autocomplete: 'off', inputmode: 'email' }),
      field(view, { form: 'accompany', name: 'password', label: t('sign_in.password'), type: 'password', test: 'accompany-password', autocomplete: 'off' }),
      state.open[COMPANION_CODE] && field(view, { form: 'accompany', name: 'code', label: t('sign_in.code'), hint: t('sign_in.code_hint'), type: 'text', test: 'accompany-code', autocomplete: 'one-time-code', mounted: focusSoon }),
      h('button', { class: 'button button-primary', type: 'submit', 'data-test': 'accompany-submit', 'aria-busy': busy && 'true', 'aria-disabled': busy && 'true' }, h('span', null, t('accompany.submit')))),
  ]);
}
