// Events with their times, day by day.
import { h } from '../ui/dom.js';
import { actorOf, factsOf, titleOf } from './events.js';
import { timeZone } from './times.js';

/** @typedef {import('./telling.js').Telling} Telling */
/** @typedef {import('./types.js').RecordEvent} RecordEvent */

/**
 * What people did and what became of it; technical incidents have their sheet.
 * @param {Telling} telling
 */
export function timeline(telling) {
  const events = telling.record.events.filter(({ event }) => event !== 'incident');
  return h('section', { class: 'section', 'aria-labelledby': 'timeline-title', key: 'timeline', 'data-test': 'timeline' },
    h('h2', { id: 'timeline-title' }, telling.t('record.timeline')),
    h('p', { class: 'muted' }, telling.t('record.zone', { zone: timeZone() })),
    happenings(telling, events, { title: (event) => titleOf(telling, event), facts: (event) => [actorOf(telling, event), ...factsOf(telling, event)], test: 'record-event' }));
}

/**
 * @param {Telling} telling
 * @param {RecordEvent[]} events oldest first
 * @param {{title: (event: RecordEvent) => string, facts: (event: RecordEvent) => string[], test: string}} words
 */
export function happenings({ times }, events, { title, facts, test }) {
  /** @type {{day: string, first: RecordEvent, events: RecordEvent[]}[]} */
  const days = [];
  for (const event of events) {
    const day = times.day(event.at);
    // A clock that was set back begins a day anew: the order is the record's.
    if (days.at(-1)?.day !== day) days.push({ day, first: event, events: [] });
    days.at(-1)?.events.push(event);
  }
  return days.map(({ day, first, events: those }) => h('div', { class: 'day', key: `day ${first.index}` },
    h('h3', null, day),
    h('ol', { class: 'happenings' }, those.map((event) => h('li', { key: String(event.index), 'data-test': test, 'data-event': event.event },
      h('time', { datetime: new Date(event.at).toISOString() }, times.clock(event.at)),
      h('div', null,
        h('p', { class: 'row-title' }, title(event)),
        facts(event).map((fact, place) => h('p', { key: String(place), class: 'muted' }, fact))))))));
}
