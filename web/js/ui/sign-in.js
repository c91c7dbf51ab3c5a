import { CODE_NEEDED } from '../app/account.js';
import { h } from './dom.js';
import { errorSummary, field, focusSoon, heading } from './parts.js';

/** @param {import('./view.js').View} view */
export function signInPage(view) {
  const { state, t, act } = view;
  const busy = state.forms['sign-in']?.busy ?? false;
  const codeNeeded = state.open[CODE_NEEDED] ?? false;
  return h('div', { class: 'narrow' },
    heading(view, t('sign_in.title')),
    h('p', { class: 'lead' }, t(String(state.route.page) === 'invitation' ? 'sign_in.lead_invitation' : 'sign_in.lead')),
    state.session.ended && h('p', { class: 'panel', role: 'status', key: 'ended', 'data-test': 'session-ended' }, t(`ended.${state.session.ended}`)),
    h('form', { class: 'form card', novalidate: true, 'data-test': 'sign-in-form', onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
      const code = data.get('code');
      act.account.signIn(String(data.get('email')).trim(), String(data.get('password')), code === null ? undefined : String(code).trim());
    } },
      errorSummary(view, 'sign-in'),
      field(view, { form: 'sign-in', name: 'email', label: t('sign_in.email'), type: 'email', test: 'sign-in-email', autocomplete: 'username', inputmode: 'email' }),
      field(view, { form: 'sign-in', name: 'password', label: t('sign_in.password'), type: 'password', test: 'sign-in-password', autocomplete: 'current-password' }),
      codeNeeded && field(view, { form: 'sign-in', name: 'code', label: t('sign_in.code'), hint: t('sign_in.code_hint'), type: 'text', test: 'sign-in-code', autocomplete: 'one-time-code', mounted: focusSoon }),
      h('button', { class: 'button button-primary button-large', type: 'submit', 'data-test': 'sign-in-submit', 'aria-busy': busy && 'true', 'aria-disabled': busy && 'true' },
        h('span', null, t('sign_in.submit')))),
    h('ul', { class: 'links' },
      [['sign-up', 'sign_in.sign_up'], ['sign-up/practitioner', 'sign_in.practitioner'], ['forgotten', 'sign_in.forgotten']].map(([path, key]) =>
        h('li', { key: path }, h('a', { href: `#/${path}`, 'data-test': `to-${path.replace('/', '-')}` }, t(key))))));
}
