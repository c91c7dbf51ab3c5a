// Who is in the room, and whether everyone who must be there is.
import { serverNow } from '../state/select.js';
import { isAway, nameOfSeat } from './call.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { medicalButton } from './medical.js';
import { fullName } from './parts.js';

/** @param {import('./view.js').View} view @param {import('../signalling/types.js').Consultation} consultation */
export function who(view, consultation) {
  const { state, t, words } = view;
  const room = state.room?.snapshot;
  const missing = room && !room.admission.holds ? room.admission.missing : [];
  const guarded = room?.seats.some(({ seat, present }) => seat.startsWith('guardian') && present);
  // Only whom the rule waits for is missed: a second parent, or one who sits beside the patient already, is not.
  const listed = (room?.seats ?? []).filter(({ seat, present }) => present || seat === 'patient' || (seat === 'guardian1' && !guarded && missing.includes('guardian')));
  const name = consultation.patient.given_name;
  return h('section', { class: 'who-panel', key: 'who', 'aria-label': t('room.who'), 'data-test': 'who' },
    h('p', { class: 'who-title' }, h('strong', null, fullName(consultation.patient)), ' ', h('span', { class: 'muted' }, t('desk.age', { count: consultation.age })),
      consultation.started_at && h('span', { class: 'muted', key: 'since' }, ` · ${t('room.since', { duration: words.duration(serverNow(state) - consultation.started_at) })}`)),
    medicalButton(view, consultation),
    room && h('ul', { class: 'who-list', key: 'seats' }, listed.filter(({ seat }) => seat !== 'practitioner').map(({ seat, present }) =>
      h('li', { key: seat, class: present ? 'here' : 'absent', 'data-test': 'seat', 'data-seat': seat, 'data-present': String(present) },
        icon(present ? 'check' : 'clock'), nameOfSeat(view, seat), !present && ` · ${t(isAway(room, seat) ? 'seat.away' : 'seat.absent')}`))),
    room && h('p', { key: 'rule', class: room.admission.holds ? 'rule rule-holds' : 'rule', role: 'status', 'data-test': 'admission', 'data-holds': String(room.admission.holds) },
      missing.length > 1 ? t('call.missing.both', { name }) : missing[0] === 'guardian' ? t(`call.missing.${consultation.status === 'minor' ? 'minor' : 'protected_adult'}`, { name })
        : missing[0] ? (isAway(room, 'patient') ? t('room.rule.away') : t('call.waiting_patient', { name })) : t('room.rule.holds')));
}
