// The incident sheet as it is read: a summary, then each incident with its time.
import { h } from '../ui/dom.js';
import { actorOf, factsOf, titleOf } from './events.js';
import { failedParts, sheetOf } from './sheet.js';
import { happenings } from './timeline.js';

/** @typedef {import('./telling.js').Telling} Telling */
/** @typedef {import('./types.js').RecordEvent} RecordEvent */

/** @param {Telling} telling */
export function incidentSheet(telling) {
  const { t, record } = telling;
  const { happened } = sheetOf(record.events);
  return h('section', { class: 'section', 'aria-labelledby': 'sheet-title', key: 'sheet', 'data-test': 'incident-sheet' },
    h('h2', { id: 'sheet-title' }, t('record.sheet')),
    h('dl', { class: 'facts card', key: 'summary' }, rowsOf(telling).map(([name, value]) =>
      h('div', { key: name, 'data-test': `sheet-${name}` }, h('dt', null, t(`record.sheet.${name}`)), h('dd', null, value)))),
    happened.length === 0 ? h('p', { class: 'empty', key: 'none' }, t('record.sheet.none'))
      : happenings(telling, happened, { title: (event) => incidentTitle(telling, event), facts: (event) => incidentFacts(telling, event), test: 'incident' }));
}

/** @param {Telling} telling @returns {[string, string][]} */
export function rowsOf(telling) {
  const { t, record } = telling;
  const sheet = sheetOf(record.events);
  const times = (/** @type {number} */ count) => count === 0 ? t('record.sheet.no') : t('record.sheet.times', { count });
  return [
    ['lost', sheet.lost === 0 ? t('record.sheet.no') : t('record.sheet.lost_resumed', { lost: sheet.lost, resumed: sheet.resumed })],
    ['taken_over', times(sheet.takenOver)],
    ['ice_failed', times(sheet.iceFailed)],
    ['ice_restarted', times(sheet.iceRestarted)],
    ['relay', sheet.relay === null ? t('record.sheet.untold') : t(sheet.relay ? 'record.sheet.relay_yes' : 'record.sheet.relay_no')],
    ['check', sheet.checks.length === 0 ? t('record.sheet.unchecked') : sheet.checks.map((check) => checked(telling, check)).join(' · ')],
    ['pauses', sheet.pauses === 0 ? t('record.sheet.no') : t('record.sheet.paused', { times: times(sheet.pauses), duration: telling.lasting(sheet.pausedFor) })],
    ['overdue', sheet.overdue.length === 0 ? t('record.sheet.no_deadline') : sheet.overdue.map(({ details }) => telling.word('record.overdue', details.clock)).join(' · ')],
    ['end', ending(telling, sheet.end)],
  ];
}

/** @param {Telling} telling @param {RecordEvent | null} end */
function ending(telling, end) {
  const { t } = telling;
  if (!end) return t('record.sheet.running');
  return [titleOf(telling, end), actorOf(telling, end), end.details.reason && telling.word('end_reason', end.details.reason)].filter(Boolean).join(' · ');
}

/** @param {Telling} telling @param {{passed: boolean, failed: string[]}} check */
function checked(telling, { passed, failed }) {
  if (passed) return telling.t('record.check.passed');
  return telling.t('record.check.failed', { parts: parts(telling, failed) });
}

/** @param {Telling} telling @param {RecordEvent} event */
export function incidentTitle(telling, event) {
  if (event.event !== 'incident') return titleOf(telling, event);
  const { kind, relay, result } = event.details;
  const detail = kind === 'relay_used' ? relay ? '.yes' : '.no' : kind === 'device_check' ? `.${result}` : '';
  const key = `record.incident.${kind}${detail}`;
  return telling.words.has(key) ? telling.t(key) : telling.t('record.event.unknown', { name: String(kind) });
}

/** @param {Telling} telling @param {RecordEvent} event */
export function incidentFacts(telling, event) {
  if (event.event !== 'incident') return [actorOf(telling, event), ...factsOf(telling, event)];
  const { seat, seconds, result } = event.details;
  return [
    seat ? telling.seat(seat) : event.actor && telling.t('record.by', { who: telling.who(event.actor) }),
    typeof seconds === 'number' && telling.t('record.after', { duration: telling.lasting(seconds * 1_000) }),
    result === 'failed' && parts(telling, failedParts(event.details)),
  ].filter(Boolean).map(String);
}

/** @param {Telling} telling @param {string[]} names */
function parts(telling, names) {
  return names.map((name) => telling.word('record.part', name)).join(', ');
}
