import assert from 'node:assert/strict';
import test from 'node:test';
import { CHUNK, cleanName, cleanText, decodeChunk, decodeLine, encodeChunk, encodeLine, MOST_FILE, MOST_TEXT } from '../js/call/frames.js';
import { IncomingFile } from '../js/call/incoming-file.js';

const ID = '0123abcd-4567-4890-8abc-def012345678';
const SHA = 'ab'.repeat(32);
const offer = (change = {}) => JSON.stringify({ is: 'offer', id: ID, name: 'photo.jpg', size: 10, type: 'image/jpeg', sha256: SHA, ...change });

test('every line survives its way', () => {
  const lines = [{ is: 'text', id: ID, text: 'Bonjour\nDocteur' }, { is: 'offer', id: ID, name: 'photo.jpg', size: MOST_FILE, type: 'image/jpeg', sha256: SHA },
    ...['got', 'accept', 'refuse', 'cancel', 'done', 'failed'].map((is) => ({ is, id: ID }))];
  for (const line of lines) assert.deepEqual(decodeLine(encodeLine(line)), line);
});

test('what is not a line of this form is nothing', () => {
  const bad = [null, 7, '', '{', '[]', '"text"', 'null', JSON.stringify({ is: 'text', id: 'x', text: 'a' }), JSON.stringify({ is: 'text', id: ID }), JSON.stringify({ is: 'text', id: ID, text: ' \n ' }),
    JSON.stringify({ is: 'other', id: ID }), JSON.stringify({ is: 'text', id: ID, text: 'a'.repeat(20_001) }), new ArrayBuffer(3),
    offer({ size: 0 }), offer({ size: MOST_FILE + 1 }), offer({ size: 1.5 }), offer({ size: '10' }), offer({ sha256: 'AB'.repeat(32) }), offer({ sha256: null }), offer({ name: null })];
  for (const data of bad) assert.equal(decodeLine(data), null, String(data).slice(0, 60));
});

test('a text loses its controls and what turns the direction of writing, and is cut where it is too long', () => {
  assert.equal(cleanText('  a\u0000b\u202Ec\r\nd\te  '), 'abc\nde');
  assert.equal(cleanText('👩\u200d⚕️ oui'), '👩\u200d⚕️ oui');
  assert.equal([...cleanText('é'.repeat(MOST_TEXT + 5))].length, MOST_TEXT);
});

test('a name keeps no folder, no control and its ending, and is never empty', () => {
  const names = [['../../etc/passwd', 'passwd'], ['C:\\dossier\\note.pdf', 'note.pdf'], ['fdp.\u202Eexe', 'fdp.exe'], ['...', 'document'], ['', 'document'], ['a\u2028b.png', 'ab.png'], ['Ordonnance de Léa.pdf', 'Ordonnance de Léa.pdf']];
  for (const [given, clean] of names) assert.equal(cleanName(given), clean);
  const long = cleanName(`${'x'.repeat(300)}.jpeg`);
  assert.deepEqual([long.length, long.endsWith('.jpeg')], [120, true]);
});

test('an offer of an unknown type is of none', () => {
  assert.equal(decodeLine(offer({ type: 'text/html; charset=x' })).type, 'application/octet-stream');
  assert.equal(decodeLine(offer({ type: undefined })).type, 'application/octet-stream');
});

test('a chunk says whose it is and where it begins', () => {
  const bytes = Uint8Array.from([1, 2, 3]);
  const { id, offset, bytes: back } = decodeChunk(encodeChunk(ID, 0x01020304, bytes).buffer);
  assert.deepEqual([id, offset, [...back]], [ID, 0x01020304, [1, 2, 3]]);
});

test('what is too short, too long or no bytes is no chunk', () => {
  assert.equal(decodeChunk('text'), null);
  assert.equal(decodeChunk(encodeChunk(ID, 0, new Uint8Array(0)).buffer), null);
  assert.equal(decodeChunk(encodeChunk(ID, 0, new Uint8Array(CHUNK + 1)).buffer), null);
  assert.notEqual(decodeChunk(encodeChunk(ID, 0, new Uint8Array(CHUNK)).buffer), null);
});

test('a file takes its pieces in order, and no byte more than was offered', async () => {
  const file = new IncomingFile({ size: 5, sha256: SHA });
  assert.equal(file.take(1, Uint8Array.from([1])), 'wrong');
  assert.equal(file.take(0, Uint8Array.from([1, 2, 3])), 'more');
  assert.equal(file.take(0, Uint8Array.from([1])), 'wrong');
  assert.equal(file.take(3, Uint8Array.from([4, 5, 6])), 'wrong');
  assert.equal(file.take(3, Uint8Array.from([4, 5])), 'whole');
  assert.deepEqual([...new Uint8Array(await file.blob().arrayBuffer())], [1, 2, 3, 4, 5]);
  assert.equal(file.blob().type, 'application/octet-stream');
});
