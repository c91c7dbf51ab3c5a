// What of the family page has its place now: the list, or one task about one patient. It is one of the state's open panels.
/** @typedef {import('../app/actions.js').Actions} Actions */

const PREFIX = 'family';

/**
 * @param {Record<string, boolean>} open
 * @returns {{name: string, patient: string | undefined} | null}
 */
export function taskOf(open) {
  const found = Object.keys(open).find((key) => open[key] && key.startsWith(`${PREFIX} `));
  if (!found) return null;
  const [, name, patient] = found.split(' ');
  return { name, patient };
}

/** @param {Actions} act @param {'child' | 'invite' | 'correct' | 'health' | 'erase'} name @param {string} [patient] */
export function openTask(act, name, patient = '') {
  act.openOnly(`${PREFIX} ${name} ${patient}`.trim(), true);
}

/** @param {Actions} act */
export function closeTask(act) {
  act.openOnly(PREFIX, false);
}
