// Another camera or microphone, also in the middle of a call.
import { h } from './dom.js';
import { sheet } from './sheet.js';

/** @param {import('./view.js').View} view */
export function devicesPanel(view) {
  const { state, t, act } = view;
  if (!state.open.devices) return null;
  return sheet(view, 'devices', t('devices.title'), /** @type {const} */ (['audio', 'video']).map((kind) => {
    const devices = state.devices.filter((device) => device.kind === kind);
    return h('div', { class: 'field', key: kind },
      h('label', { for: `device-${kind}` }, t(`devices.${kind}`)),
      h('select', { id: `device-${kind}`, 'data-test': `device-${kind}`, onchange: (/** @type {Event} */ event) => act.room.media.choose(kind, /** @type {HTMLSelectElement} */ (event.target).value) },
        devices.map(({ id, label }, index) => h('option', { key: id, value: id, selected: act.room.isUsed(kind, id) }, label || t('devices.unnamed', { number: index + 1 })))));
  }));
}
