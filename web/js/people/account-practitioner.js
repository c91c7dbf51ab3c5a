// CU-6.7: a practitioner corrects what an operator verifies, or applies again.
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import * as api from './api.js';
import { DETAILS, loadDetails } from './details.js';
import { practitionerFields } from './fields.js';
import { backLink, form } from './form.js';
import { whenLoaded } from './loading.js';
import { PRACTITIONER_FIELDS, readPractitioner, wrongPractitioner } from './practitioner.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Details} Details */

export const enter = loadDetails;

const FORM = 'practitioner';

/** @param {View} view */
export function page(view) {
  const { t } = view;
  return h('div', { class: 'column' },
    backLink(view),
    heading(view, t('account.part.practitioner')),
    whenLoaded(view, DETAILS, () => enter(view), (/** @type {Details} */ { practitioner }) => [
      practitioner?.ground && practitioner.verification !== 'verified' && h('div', { class: 'panel panel-warn', key: 'ground', 'data-test': 'ground' },
        h('p', null, h('strong', null, t('not_verified.ground'))), h('p', null, practitioner.ground)),
      practitioner?.verification === 'suspended' ? h('p', { key: 'suspended' }, t('not_verified.suspended'))
        : form(view, { name: FORM, submit: t(practitioner?.verification === 'refused' ? 'practitioner.apply_again' : 'form.save'), send: (values) => send(view, values) }, [
          h('p', { class: 'lead', key: 'lead' }, t(`practitioner.lead.${practitioner?.verification ?? 'pending'}`)),
          practitionerFields(view, FORM, practitioner ?? undefined),
        ]),
    ]));
}

/** @param {View} view @param {Record<string, string>} values */
async function send({ act }, values) {
  const details = await act.people.submit({
    form: FORM, fields: PRACTITIONER_FIELDS, errors: wrongPractitioner(values), work: () => api.account.apply(readPractitioner(values)),
  });
  if (!details) return;
  act.people.know(DETAILS, details);
  act.people.tell('good', details.practitioner?.verification === 'pending' ? 'practitioner.applied' : 'account.saved');
  act.people.go('#/account');
  await act.account.refresh();
}
