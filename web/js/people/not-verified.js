// CU-6.7: a practitioner who waits, or was refused or suspended: what happens next, and why.
import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { heading } from '../ui/parts.js';
import { details, loadDetails } from './details.js';

/** @typedef {import('../ui/view.js').View} View */

export const enter = loadDetails;

/** @param {View} view */
export function page(view) {
  const { state, t } = view;
  const verification = state.session.practitioner?.verification ?? 'pending';
  const practitioner = details(view)?.practitioner;
  const ground = verification !== 'pending' && practitioner?.ground;
  return h('div', { class: 'narrow' },
    h('div', { class: 'hero-mark', 'aria-hidden': 'true' }, icon('clock')),
    heading(view, t(`not_verified.title.${verification}`), 'message-title'),
    h('p', { class: 'lead' }, t(`not_verified.${verification}`)),
    ground && h('div', { class: 'panel panel-warn', key: 'ground', 'data-test': 'ground' }, h('p', null, h('strong', null, t('not_verified.ground'))), h('p', null, ground)),
    practitioner && h('dl', { class: 'facts', key: 'facts' },
      h('div', { key: 'rpps' }, h('dt', null, t('practitioner.rpps')), h('dd', null, practitioner.rpps)),
      h('div', { key: 'specialty' }, h('dt', null, t('practitioner.specialty')), h('dd', null, practitioner.specialty)),
      h('div', { key: 'sector' }, h('dt', null, t('practitioner.sector')), h('dd', null, String(practitioner.sector)))),
    verification !== 'suspended' && h('a', { class: `button button-large ${verification === 'refused' ? 'button-primary' : 'button-plain'}`, key: 'correct', href: '#/account/practitioner', 'data-test': 'correct-application' },
      h('span', null, t(verification === 'refused' ? 'not_verified.again' : 'not_verified.correct'))),
    verification === 'suspended' && h('p', { key: 'support' }, h('a', { href: '#/support' }, t('footer.support'))));
}
