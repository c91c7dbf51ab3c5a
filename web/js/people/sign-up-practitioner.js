// A practitioner applies (CU-6.7): an operator decides after the address was confirmed.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import * as api from './api.js';
import { wrongEmail, wrongName, wrongPassword } from './checks.js';
import { nameFields, practitionerFields } from './fields.js';
import { backLink, form } from './form.js';
import { mailbox, SENT } from './mailbox.js';
import { PRACTITIONER_FIELDS, readPractitioner, wrongPractitioner } from './practitioner.js';
import { credentials } from './sign-up.js';

/** @typedef {import('../ui/view.js').View} View */

export { enter } from './sign-up.js';

const FORM = 'sign-up-practitioner';

/** @param {View} view */
export function page(view) {
  const { state, t } = view;
  if (loadedValue(state, SENT)) return mailbox(view);
  return h('div', { class: 'column' },
    backLink(view, '#/'),
    heading(view, t('sign_up_practitioner.title')),
    h('p', { class: 'lead' }, t('sign_up_practitioner.lead')),
    form(view, { name: FORM, submit: t('sign_up_practitioner.submit'), send: (values) => send(view, values) }, [
      nameFields(view, FORM),
      practitionerFields(view, FORM),
      credentials(view, FORM),
    ]));
}

/** @param {View} view @param {Record<string, string>} values */
async function send({ state, act }, values) {
  const { given_name, family_name, email, password } = values;
  const answer = await act.people.submit({
    form: FORM,
    fields: ['given_name', 'family_name', ...PRACTITIONER_FIELDS, 'email', 'password'],
    errors: {
      given_name: wrongName(values, 'given_name'), family_name: wrongName(values, 'family_name'), ...wrongPractitioner(values),
      email: wrongEmail(email), password: wrongPassword(password),
    },
    work: () => api.registration.begin({
      kind: 'practitioner', language: state.language, given_name, family_name, email, password, practitioner: readPractitioner(values),
    }),
  });
  if (answer) act.people.know(SENT, answer.email);
}
