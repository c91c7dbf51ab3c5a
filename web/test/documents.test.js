import assert from 'node:assert/strict';
import test from 'node:test';
import { download, nothingYet } from '../js/documents/download.js';
import { persist, Stopped } from '../js/documents/persist.js';
import { arrivals, fileName, mayHandOver, MOST_BYTES, typeOf, wrongFile } from '../js/documents/rules.js';
import { upload } from '../js/documents/upload.js';
import { BrokerError, connectionLost } from '../js/signalling/protocol.js';
import { INITIAL, reduce } from '../js/state/root.js';
import { documentsPanel } from '../js/ui/documents.js';
import { example } from './examples.js';
import { named, names, textOf, viewOf } from './pages.js';

const refused = (code, details) => new BrokerError({ code, message: '', retry: 'never', details });

function persistence({ stopAfter = Infinity } = {}) {
  const waits = [];
  return { waits, stopped: () => waits.length >= stopAfter, waiting() {}, wait: async (ms) => { waits.push(ms); } };
}

/** A server that keeps what it gets, and breaks the connection at some of the requests. */
function server({ chunk = 4, breaks = [], size = 10 } = {}) {
  const kept = [];
  let requests = 0;
  const broken = () => breaks.includes(requests += 1);
  return {
    kept,
    announce: async () => ({ document: 'd', received: kept.length, chunk_bytes: chunk }),
    async send(_, offset, bytes) {
      const lost = broken();
      if (offset !== kept.length) throw refused('wrong_offset', { received: kept.length });
      kept.push(...new Uint8Array(await bytes.arrayBuffer()));
      if (lost) throw connectionLost();
      return { received: kept.length };
    },
    requests: () => requests,
    size,
  };
}
const content = Uint8Array.from({ length: 10 }, (_, index) => index);

test('a document goes up in chunks, the last one smaller', async () => {
  const one = server();
  const seen = [];
  assert.equal(await upload({ file: new Blob([content]), ...one, progress: (bytes) => seen.push(bytes) }, persistence()), 'd');
  assert.deepEqual([one.kept, seen], [[...content], [0, 4, 8, 10]]);
});

test('after a break, also one that swallowed the answer, it goes on with the byte that the server says', async () => {
  const one = server({ breaks: [1, 3] });
  const kept = persistence();
  await upload({ file: new Blob([content]), ...one, progress() {} }, kept);
  assert.deepEqual([one.kept, one.requests(), kept.waits.length], [[...content], 3, 2]);
});

test('a server that wants other bytes gets those', async () => {
  const one = server();
  one.kept.push(...content.slice(0, 3));
  await upload({ file: new Blob([content]), ...one, announce: async () => ({ document: 'd', received: 0, chunk_bytes: 4 }), progress() {} }, persistence());
  assert.deepEqual(one.kept, [...content]);
});

test('a server that asks again for what was just sent is an error, not an endless loop', async () => {
  const send = async () => { throw refused('wrong_offset', { received: 0 }); };
  await assert.rejects(upload({ file: new Blob([content]), ...server(), send, progress() {} }, persistence()), { code: 'wrong_offset' });
});

test('what trying again does not mend is said at once', async () => {
  const kept = persistence();
  await assert.rejects(upload({ file: new Blob([content]), ...server(), send: async () => { throw refused('content_mismatch'); }, progress() {} }, kept), { code: 'content_mismatch' });
  assert.deepEqual(kept.waits, []);
});

test('trying again goes on until somebody stops it, and waits longer as it goes', async () => {
  const kept = persistence({ stopAfter: 12 });
  await assert.rejects(persist(async () => { throw connectionLost(); }, kept), Stopped);
  assert.ok(kept.waits.every((ms) => ms >= 500) && Math.max(...kept.waits) > 1000);
});

/** Answers from a byte on, a few at a time; at some of the requests the connection breaks after one. */
function source({ most = 4, breaks = [], status = 206 } = {}) {
  const asked = [];
  const read = async (from, etag, use) => {
    asked.push([from, etag]);
    const lost = breaks.includes(asked.length);
    const begin = status === 206 ? from : 0;
    const bytes = content.slice(begin, status === 206 ? begin + most : undefined);
    const body = new ReadableStream({ pull(controller) {
      if (!this.given) controller.enqueue(this.given = lost ? bytes.slice(0, 1) : bytes);
      else if (lost) controller.error(new Error('reset'));
      else controller.close();
    } });
    await use(new Response(body, { status, headers: { ETag: '"e"', 'Content-Range': `bytes ${begin}-${begin + bytes.length - 1}/10` } }));
  };
  return { asked, read };
}
const bytesOf = async (blob) => [...new Uint8Array(await blob.arrayBuffer())];

test('a document comes down in ranges, and after breaks no byte is asked for twice', async () => {
  const { asked, read } = source({ breaks: [2, 3] });
  assert.deepEqual(await bytesOf(await download({ size: 10, read, progress() {}, part: nothingYet() }, persistence())), [...content]);
  assert.deepEqual(asked, [[0, null], [4, '"e"'], [5, '"e"'], [6, '"e"']]);
});

test('what is there outlives a pause', async () => {
  const part = nothingYet();
  await assert.rejects(download({ size: 10, read: source({ breaks: [2] }).read, progress() {}, part }, persistence({ stopAfter: 1 })), Stopped);
  const { asked, read } = source();
  assert.deepEqual(await bytesOf(await download({ size: 10, read, progress() {}, part }, persistence())), [...content]);
  assert.equal(asked[0][0], 5);
});

test('a server that sends all of it after a break begins anew', async () => {
  const part = { parts: [content.slice(0, 3)], received: 3, etag: '"other"' };
  assert.deepEqual(await bytesOf(await download({ size: 10, read: source({ status: 200 }).read, progress() {}, part }, persistence())), [...content]);
});

test('more bytes than were announced are not the document', async () => {
  await assert.rejects(download({ size: 8, read: source({ most: 9 }).read, progress() {}, part: nothingYet() }, persistence()), { code: 'content_mismatch' });
});

test('what cannot be handed over is said before it is sent', () => {
  const file = (change) => ({ name: 'a.pdf', type: 'application/pdf', size: 1, ...change });
  assert.equal(wrongFile(file(), 0), null);
  assert.equal(wrongFile(file({ name: '', type: 'application/octet-stream', size: 0 }), 0), 'documents.file_needed');
  assert.equal(wrongFile(file({ type: 'text/html' }), 0), 'documents.wrong_type');
  assert.equal(wrongFile(file({ size: 0 }), 0), 'documents.empty');
  assert.equal(wrongFile(file({ size: MOST_BYTES }), 0), null);
  assert.equal(wrongFile(file({ size: MOST_BYTES + 1 }), 0), 'documents.too_large');
  assert.equal(wrongFile(file(), 20), 'error.too_many_documents');
});

test('a type that the browser does not know is that of the name; a name gets the extension of its type', () => {
  assert.deepEqual(['a.PDF', 'b.jpeg', 'c.png', 'd.txt', 'e'].map((name) => typeOf({ name, type: '' })), ['application/pdf', 'image/jpeg', 'image/png', '', '']);
  assert.deepEqual([fileName('Ordonnance', 'application/pdf'), fileName('a.JPEG', 'image/jpeg'), fileName('a.pdf', 'image/png')], ['Ordonnance.pdf', 'a.JPEG', 'a.pdf.png']);
});

const [consultation] = example('consultations.delta.documents').message.body.upsert;
const PATIENT = consultation.patient.id;

test('a document that has come is news for the patient\'s side, once, and none for whoever handed it over', () => {
  const after = { [consultation.id]: consultation };
  const before = { [consultation.id]: { ...consultation, documents: [] } };
  assert.deepEqual(arrivals(before, after, PATIENT).map(({ id }) => id), ['ffffffff-ffff-4fff-8fff-000000000001'], 'and not the one that is fetched already');
  assert.deepEqual(arrivals(after, after, PATIENT), []);
  assert.deepEqual(arrivals(before, after, consultation.practitioner.id), []);
  const told = reduce(INITIAL, { type: 'documents.arrived', key: 'a', count: 1 });
  assert.deepEqual(told.documents.arrived, { key: 'a', count: 1 });
  assert.equal(reduce(told, { type: 'open.only', name: 'documents', open: true }).documents.arrived, null);
});

const parts = ['', 'inside', 'life', 'exchange'];

test('both sides see what was handed over and fetched; one fetches, the other withdraws what was not fetched', () => {
  const of = (side) => documentsPanel(viewOf({}, parts), consultation, side);
  assert.deepEqual(named(of('patient'), 'document-state').map(textOf), ['À récupérer', 'Récupéré']);
  assert.equal(named(of('patient'), 'document-fetch').length, 2);
  assert.equal(named(of('practitioner'), 'document-withdraw').length, 1);
  assert.equal(names(of('patient')).includes('document-add'), false);
  assert.equal(names(of('practitioner')).includes('document-add'), true);
});

test('before the room is open and after it is closed nothing is handed over', () => {
  const states = ['requested', 'refused', 'claimed', 'open', 'in_progress', 'suspended', 'ended', 'closed', 'cancelled'];
  assert.deepEqual(states.filter((state) => mayHandOver({ state })), ['open', 'in_progress', 'suspended', 'ended']);
});

test('a transfer that waits, rests or failed can be gone on with, and says what happens', () => {
  const [document] = consultation.documents;
  const shown = (phase, error = null) => documentsPanel(viewOf({ documents: { arrived: null, transfers: { [document.id]: { consultation: consultation.id, document: document.id, way: 'down', name: 'a.pdf', size: 100, bytes: 40, phase, error } } } }, parts), consultation, 'patient');
  for (const phase of ['waiting', 'paused']) assert.equal(names(shown(phase)).includes('transfer-go'), true, phase);
  assert.equal(names(shown('moving')).includes('transfer-pause'), true);
  assert.equal(names(shown('checking')).includes('transfer-cancel'), false);
  assert.match(textOf(shown('failed', 'error.content_mismatch')), /abîmé/);
  assert.match(textOf(shown('moving')), /40 %/);
});
