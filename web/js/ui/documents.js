// The documents of a consultation: what was handed over, and whether it was fetched.
import { h } from './dom.js';
import { tag } from './parts.js';

/**
 * @param {import('./view.js').View} view
 * @param {import('../signalling/types.js').Consultation} consultation
 * @param {'patient' | 'practitioner'} side
 */
export function documentsPanel({ t }, { id, documents }, side) {
  return h('section', { class: side === 'patient' ? 'card' : 'documents', key: 'documents', 'aria-labelledby': `documents-${id}`, 'data-test': 'documents' },
    h('h2', { id: `documents-${id}` }, t('documents.title')),
    documents.length === 0 ? h('p', { class: 'muted', key: 'none' }, t(`documents.none.${side}`))
      : h('ul', { class: 'list', key: 'list' }, documents.map(({ id: document, name, kind, fetched_at }) => h('li', { key: document, 'data-test': 'document', 'data-document': document },
        name ?? t(`documents.${kind}`), ' ', tag({ name: 'fetched', tone: fetched_at ? 'good' : 'warn', label: t(fetched_at ? 'documents.fetched' : 'documents.waiting') })))));
}
