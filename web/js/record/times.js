// Times as a record has them: to the second, with their day, in the time zone of this device.
/** @typedef {import('../state/types.js').Language} Language */
/** @typedef {{day: (at: number) => string, clock: (at: number) => string, full: (at: number) => string}} Times */

/** @type {Map<Language, Times>} */
const made = new Map();

/** @param {Language} language @returns {Times} */
export function timesIn(language) {
  const times = made.get(language) ?? create(language);
  made.set(language, times);
  return times;
}

/** The name of the time zone, such as "Europe/Paris". */
export function timeZone() {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** @param {Language} language @returns {Times} */
function create(language) {
  const day = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const full = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return { day: (at) => day.format(at), clock: (at) => clock.format(at), full: (at) => full.format(at) };
}
