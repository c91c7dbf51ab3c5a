// Pages that an e-mailed link leads to: what they say when the link is not whole, was used, or is too old.
import { BrokerError } from '../signalling/protocol.js';
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { message } from '../ui/plain-pages.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {'confirm' | 'reset' | 'email'} LinkPage */
/** @typedef {{href: string, key: string}} Remedy */

const DEAD = 'dead link';
const DONE = 'link done';

/** @param {View['state']} state @returns {string | null} the secret of the address */
export function tokenOf({ route }) {
  return 'parameter' in route ? route.parameter : null;
}

/** @param {View} view @param {boolean} fresh */
export function enterLink({ act }, fresh) {
  if (!fresh) return;
  act.people.forget(DEAD);
  act.people.forget(DONE);
}

/**
 * @param {View} view @param {LinkPage} name
 * @param {Remedy[]} remedies what to do about a link that does not work, the likeliest first
 * @param {() => import('../ui/dom.js').Child} draw the page of a link that may work
 */
export function linkPage(view, name, remedies, draw) {
  const { state, t } = view;
  if (loadedValue(state, DONE)) return message(view, 'check', t(`${name}.done`), t(`${name}.done_lead`), go([{ href: '#/', key: 'link.go_on' }], view));
  if (loadedValue(state, DEAD)) return message(view, 'clock', t('link.dead'), t(`${name}.dead`), go(remedies, view));
  if (!tokenOf(state)) return message(view, 'settings', t('link.broken'), t('link.broken_lead'), go(remedies, view));
  return draw();
}

/** @param {Remedy[]} links @param {View} view */
function go(links, { t }) {
  return links.map(({ href, key }, place) => h('a', { key, class: `button button-${place === 0 ? 'primary' : 'plain'}`, href, 'data-test': place === 0 ? 'link-next' : 'link-other' }, h('span', null, t(key))));
}

/**
 * Sends the secret; a link that does not work becomes the page that says so.
 * @param {View} view @param {string} form @param {string[]} fields
 * @param {Record<string, string | undefined>} errors @param {(token: string) => Promise<unknown>} work
 * @returns {Promise<boolean>} it worked
 */
export async function followLink({ state, act }, form, fields, errors, work) {
  const answer = await act.people.submit({
    form, fields, errors,
    async work() {
      try {
        await work(tokenOf(state) ?? '');
        return 'done';
      } catch (error) {
        if (!(error instanceof BrokerError) || error.code !== 'link_invalid') throw error;
        act.people.know(DEAD, true);
        return 'dead';
      }
    },
  });
  return answer === 'done';
}

/** @param {View} view */
export function linkDone({ act }) {
  act.people.know(DONE, true);
}
