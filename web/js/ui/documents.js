// The documents of a consultation, from the practitioner to the patient: handed over, on their way, fetched (CU-5.2).
import { formOf } from '../app/documents.js';
import { cleanName } from '../call/frames.js';
import { ACCEPTED, KINDS, mayHandOver, MOST_DOCUMENTS } from '../documents/rules.js';
import { serverNow } from '../state/select.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { button, field, focusSoon, tag } from './parts.js';
import { sheet } from './sheet.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../signalling/types.js').Consultation} Consultation */
/** @typedef {import('../signalling/types.js').HandedOver} HandedOver */
/** @typedef {import('../state/types.js').Transfer} Transfer */
/** @typedef {'patient' | 'practitioner'} Side */

/**
 * On a page.
 * @param {View} view @param {Consultation} consultation @param {Side} side
 */
export function documentsPanel(view, consultation, side) {
  const title = `documents-${consultation.id}`;
  return h('section', { class: side === 'patient' ? 'card documents' : 'documents', key: 'documents', 'aria-labelledby': title, 'data-test': 'documents' },
    h('h2', { id: title }, view.t('documents.title')),
    content(view, consultation, side));
}

/**
 * In a call.
 * @param {View} view @param {Consultation} consultation
 */
export function documentsSheet(view, consultation) {
  const { state, t } = view;
  if (!state.open.documents) return null;
  return sheet(view, 'documents', t('documents.title'), [h('div', { class: 'documents', key: 'content' }, content(view, consultation, state.room?.as === 'practitioner' ? 'practitioner' : 'patient'))]);
}

/** @param {View} view @param {Consultation} consultation @param {Side} side */
function content(view, consultation, side) {
  const { state, t } = view;
  const { documents } = consultation;
  const uploads = Object.entries(state.documents.transfers).filter(([, { consultation: of, way }]) => of === consultation.id && way === 'up');
  const may = side === 'practitioner' && mayHandOver(consultation);
  return [
    h('p', { class: 'muted', key: 'lead' }, t(documents.length + uploads.length > 0 ? `documents.lead.${side}` : `documents.none.${side}`)),
    h('ul', { class: 'list documents-list', key: 'list' },
      documents.map((document) => item(view, consultation, document, side)),
      uploads.map(([key, transfer]) => h('li', { key, class: 'document', 'data-test': 'upload', 'data-phase': transfer.phase }, h('p', null, h('strong', null, transfer.name)), moving(view, key, transfer)))),
    may && documents.length < MOST_DOCUMENTS && handing(view, consultation),
  ];
}

/** @param {View} view @param {Consultation} consultation @param {HandedOver} document @param {Side} side */
function item(view, consultation, document, side) {
  const { state, t, words, act } = view;
  const { id, name, kind, size, handed_over_at, fetched_at } = document;
  const now = serverNow(state);
  const called = name ?? t(`documents.${kind}`);
  const transfer = state.documents.transfers[id];
  const withdrawing = state.forms[`withdraw ${id}`]?.busy ?? false;
  return h('li', { key: id, class: 'document', 'data-test': 'document', 'data-document': id, 'data-fetched': String(fetched_at !== null) },
    h('div', { class: 'document-head' },
      h('p', { class: 'document-name' }, icon('document'), h('strong', null, called)),
      tag({ name: 'fetched', tone: fetched_at ? 'good' : 'warn', label: t(fetched_at ? 'documents.fetched' : 'documents.waiting'), test: 'document-state' })),
    h('p', { class: 'muted' }, `${t(`documents.${kind}`)} · ${words.size(size)} · ${t('documents.handed_over_at', { moment: words.moment(handed_over_at, now) })}`,
      fetched_at !== null && ` · ${t('documents.fetched_at', { moment: words.moment(fetched_at, now) })}`),
    transfer ? moving(view, id, transfer) : h('div', { class: 'buttons', key: 'buttons' },
      side === 'patient' && button({ key: 'fetch', test: 'document-fetch', look: fetched_at ? 'plain' : 'primary', label: [t(fetched_at ? 'documents.again' : 'documents.fetch'), h('span', { class: 'unseen' }, ` ${called}`)],
        press: () => act.documents.fetch(consultation.id, document) }),
      side === 'practitioner' && fetched_at === null && button({ key: 'withdraw', test: 'document-withdraw', look: 'quiet', busy: withdrawing, label: [t('documents.withdraw'), h('span', { class: 'unseen' }, ` ${called}`)],
        press: () => act.documents.withdraw(consultation.id, document) })));
}

/** @param {View} view @param {string} key @param {Transfer} transfer */
function moving({ t, act }, key, { way, name, size, bytes, phase, error }) {
  const percent = Math.floor((bytes / size) * 100);
  const stopped = phase === 'paused' || phase === 'failed';
  return h('div', { class: 'moving', key: 'moving', 'data-test': 'transfer', 'data-phase': phase },
    h('span', { class: 'progress' }, h('progress', { max: '100', value: String(percent), 'aria-label': t('documents.progress', { name }) }), h('span', { 'aria-hidden': 'true' }, `${percent} %`)),
    h('p', { class: phase === 'failed' ? 'field-error' : 'muted', key: 'phase', role: phase === 'failed' ? 'alert' : 'status', 'data-test': 'transfer-phase' },
      phase === 'failed' ? t(way === 'down' && error === 'error.content_mismatch' ? 'documents.damaged' : error ?? 'error.other') : t(`documents.${way}.${phase}`)),
    h('div', { class: 'buttons' },
      phase === 'moving' && button({ key: 'pause', test: 'transfer-pause', look: 'plain', label: t('documents.pause'), press: () => act.documents.pause(key) }),
      (stopped || phase === 'waiting') && button({ key: 'go', test: 'transfer-go', look: 'plain', label: t(phase === 'paused' ? 'documents.go_on' : 'retry'), press: () => act.documents.resume(key) }),
      phase !== 'checking' && button({ key: 'cancel', test: 'transfer-cancel', look: 'quiet', label: t('documents.cancel'), press: () => act.documents.cancel(key) })));
}

/** @param {View} view @param {Consultation} consultation */
function handing(view, consultation) {
  const { state, t, act } = view;
  const form = formOf(consultation.id);
  if (!state.open[form]) return button({ key: 'add', test: 'document-add', look: 'plain', icon: 'document', label: t('documents.add'), press: () => act.open(form, true) });
  const wrong = state.forms[form]?.errors.file;
  return h('form', { class: 'form', key: 'form', novalidate: true, 'data-test': 'document-form',
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') act.open(form, false); },
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
      act.documents.handOver(consultation, /** @type {File} */ (data.get('file')), String(data.get('kind')), String(data.get('name')));
    } },
    h('div', { class: 'field', key: 'file' },
      h('label', { for: `${form}-file` }, t('documents.file')),
      h('p', { class: 'hint', id: `${form}-file-hint` }, t('documents.file_hint')),
      h('input', { id: `${form}-file`, name: 'file', type: 'file', accept: ACCEPTED, 'data-test': 'document-file', mounted: focusSoon, onchange: proposeName,
        'aria-invalid': wrong && 'true', 'aria-describedby': `${form}-file-hint${wrong ? ` ${form}-file-error` : ''}` }),
      wrong && h('p', { class: 'field-error', role: 'alert', id: `${form}-file-error`, key: `error ${state.forms[form].round}`, 'data-test': 'document-error' }, t(wrong))),
    h('div', { class: 'field', key: 'kind' },
      h('label', { for: `${form}-kind` }, t('documents.kind')),
      h('select', { id: `${form}-kind`, name: 'kind', 'data-test': 'document-kind' }, KINDS.map((kind) => h('option', { key: kind, value: kind }, t(`documents.${kind}`))))),
    field(view, { form, name: 'name', label: t('documents.name'), hint: t('documents.name_hint'), type: 'text', test: 'document-name', autocomplete: 'off', maxlength: 120 }),
    h('div', { class: 'buttons', key: 'send' },
      h('button', { class: 'button button-primary', type: 'submit', 'data-test': 'document-submit' }, h('span', null, t('documents.hand_over'))),
      button({ test: 'document-keep', look: 'quiet', label: t('documents.cancel'), press: () => act.open(form, false) })));
}

/**
 * The file's own name, as long as no other was written.
 * @param {Event} event
 */
function proposeName({ target }) {
  const { files, form } = /** @type {HTMLInputElement} */ (target);
  const name = /** @type {HTMLInputElement | null} */ (form?.elements.namedItem('name') ?? null);
  if (!name || !files?.[0] || (name.value !== '' && name.value !== name.dataset.proposed)) return;
  name.value = name.dataset.proposed = cleanName(files[0].name);
}
