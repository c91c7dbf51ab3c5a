// One physician, and the decision on their registration.
import { h } from '../ui/dom.js';
import { button, fullName, tag } from '../ui/parts.js';
import { facts } from './facts.js';
import { decide } from './operator-requests.js';
import { decision } from './operator-parts.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').OperatorPractitioner} OperatorPractitioner */
/** @typedef {'verified' | 'refused' | 'suspended'} Decision */

/** @type {Record<string, string>} */
const TONE = { pending: 'warn', verified: 'good', refused: 'danger', suspended: 'danger' };
/** @type {Record<string, Decision[]>} */
const NEXT = { pending: ['verified', 'refused'], verified: ['suspended'], refused: ['verified'], suspended: ['verified'] };

/** @param {View} view @param {OperatorPractitioner} practitioner */
export function practitionerCard(view, practitioner) {
  const { state, t, words, act } = view;
  const { id, verification, ground } = practitioner;
  const name = fullName(practitioner);
  const asked = NEXT[verification].find((made) => state.open[`decide ${made} ${id}`]);
  return h('li', { key: id, class: 'card person', 'aria-labelledby': `practitioner-${id}`, 'data-test': 'practitioner', 'data-practitioner': id, 'data-verification': verification },
    h('h3', { class: 'person-name', id: `practitioner-${id}` }, name),
    h('p', { class: 'tags' }, tag({ name: 'state', tone: TONE[verification], label: t(`practitioners.state.${verification}`), test: 'practitioner-state' })),
    facts([
      [t('practitioners.rpps'), practitioner.rpps], [t('practitioners.specialty'), practitioner.specialty], [t('practitioners.sector'), String(practitioner.sector)],
      [t('practitioners.email'), practitioner.email], [t('practitioners.applied'), words.date(practitioner.applied_at)],
      [t('practitioners.decided'), practitioner.decided_at !== null && words.date(practitioner.decided_at)], [t('operator.ground'), ground],
    ]),
    asked ? question(view, practitioner, asked)
      : h('div', { class: 'buttons', key: 'decisions', role: 'group', 'aria-labelledby': `practitioner-${id}` }, NEXT[verification].map((made) => button({
        key: made, test: `practitioner-${made}`, look: made === 'verified' ? 'primary' : 'plain', label: t(`practitioners.${made}`),
        press: () => act.openOnly(`decide ${made} ${id}`, true),
      }))));
}

/** @param {View} view @param {OperatorPractitioner} practitioner @param {Decision} made */
function question(view, practitioner, made) {
  const { t, act } = view;
  const name = fullName(practitioner);
  return decision(view, {
    name: 'decision', question: t(`practitioners.${made}.question`, { name }), effect: t(`practitioners.${made}.effect`), yes: t(`practitioners.${made}`),
    look: made === 'verified' ? 'primary' : 'danger', send: ({ ground }) => decide(view, practitioner, made, ground), close: () => act.openOnly('decide', false),
  });
}
