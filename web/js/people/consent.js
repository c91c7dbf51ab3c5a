// CU-3: the texts to agree to, one box each, never ticked beforehand. Until then this page takes the place of every other.
import { BrokerError } from '../signalling/protocol.js';
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import * as api from './api.js';
import { box, form } from './form.js';
import { whenLoaded } from './loading.js';
import { prose } from './prose.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {{ref: import('./types.js').TextRef, text: string}} Readable */

const FORM = 'consent';
const KEY = 'consent texts';

/** @param {View} view */
export function enter({ state, act }) {
  return act.people.load(KEY, async () => {
    const { needed } = await api.consents.all();
    const refs = needed.filter(({ language }) => language === state.language);
    return { refs: await Promise.all(refs.map(async (ref) => ({ ref, text: await api.texts.read(ref.url) }))) };
  });
}

/** @param {View} view */
export function page(view) {
  const { state, t } = view;
  const again = (loadedValue(state, KEY)?.refs ?? []).some((/** @type {Readable} */ { ref }) => ref.version > 1);
  return h('div', { class: 'column' },
    heading(view, t('consent.title')),
    h('p', { class: 'lead' }, t(again ? 'consent.lead_again' : 'consent.lead')),
    whenLoaded(view, KEY, () => enter(view), ({ refs }) => agreement(view, refs)),
    h('section', { class: 'section', 'aria-labelledby': 'consent-otherwise', key: 'otherwise' },
      h('h2', { id: 'consent-otherwise' }, t('consent.otherwise')),
      h('p', null, t('consent.otherwise_lead')),
      h('ul', { class: 'links' },
        h('li', { key: 'export' }, h('a', { href: api.account.exportPath, download: true, 'data-test': 'consent-export' }, t('export.download'))),
        h('li', { key: 'erase' }, h('a', { href: '#/account/erase', 'data-test': 'consent-erase' }, t('erase.link'))))));
}

/** @param {View} view @param {Readable[]} refs */
function agreement(view, refs) {
  const { t, words } = view;
  return form(view, { name: FORM, submit: t('consent.submit'), send: (values) => agree(view, refs, values) }, refs.map(({ ref, text }) => {
    const id = `consent-${ref.document}-title`;
    return h('div', { class: 'card agreement', key: ref.sha256, 'data-test': 'agreement', 'data-document': ref.document },
      h('h2', { id }, t(`document.${ref.document}`)),
      h('p', { class: 'muted' }, t('texts.version', { version: ref.version, date: words.date(ref.published_at) })),
      h('div', { class: 'reading prose', tabindex: '0', role: 'region', 'aria-labelledby': id }, prose(text, 3)),
      box(view, FORM, { name: ref.document, label: t(`consent.box.${ref.document}`) }));
  }));
}

/** @param {View} view @param {Readable[]} refs @param {Record<string, string>} values */
async function agree(view, refs, values) {
  const { act } = view;
  const done = await act.people.submit({
    form: FORM,
    fields: refs.map(({ ref }) => ref.document),
    errors: Object.fromEntries(refs.map(({ ref }) => [ref.document, values[ref.document] !== 'yes' && `consent.needed.${ref.document}`])),
    async work() {
      try {
        for (const { ref } of refs) await api.consents.give(ref);
      } catch (error) {
        // Nobody agrees to a text that they have not seen: the new one is shown, and asked for again.
        if (error instanceof BrokerError && error.code === 'text_changed') await enter(view);
        throw error;
      }
      return true;
    },
  });
  if (done) await act.account.refresh();
}
