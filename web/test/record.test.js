import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { actorOf, factsOf, titleOf } from '../js/record/events.js';
import { incidentFacts, incidentTitle, rowsOf } from '../js/record/incidents.js';
import { fours } from '../js/record/proof.js';
import { page } from '../js/record/record.js';
import { partiesOf, stateOf } from '../js/record/parties.js';
import { recordKey } from '../js/record/requests.js';
import { sheetOf } from '../js/record/sheet.js';
import { Telling } from '../js/record/telling.js';
import { parseRoute } from '../js/state/route.js';
import { named, names, textOf, viewOf, wordsOf } from './pages.js';

const ID = 'c0ffee00-0000-4000-8000-000000000001';
const [PATIENT, PARENT, DOCTOR, GONE] = ['p', 'g', 'd', 'x'].map((letter) => `${letter}1111111-2222-4333-8444-555555555555`);
const PARTS = ['', 'inside', 'life', 'people', 'record'];
const NOON = new Date(2026, 10, 24, 12, 0, 0).getTime();
const people = [
  { id: PATIENT, name: { given_name: 'Lou', family_name: 'Petit' } },
  { id: PARENT, name: { given_name: 'Julie', family_name: 'Petit' } },
  { id: DOCTOR, name: { given_name: 'Camille', family_name: 'Bernard' } },
  { id: GONE, name: null },
];

/** A record in which each event follows the one before by ten seconds. */
function record(...events) {
  return {
    consultation: ID, people,
    events: events.map(([event, actor = null, details = {}], n) => ({ index: n + 5, at: NOON + n * 10_000, event, actor, details })),
  };
}

const REQUEST = ['requested', PARENT, { patient: PATIENT, requester: PARENT, assigned: null, payment: 'carte_bancaire', claim_due_at: NOON + 86_400_000 }];
const CLAIM = ['claimed', DOCTOR, { practitioner: DOCTOR, start_due_at: NOON + 86_400_000 }];
const incident = (kind, seat = null, details = {}) => ['incident', null, { kind, seat, ...details }];
const telling = (...events) => new Telling(viewOf({}, PARTS), record(...events));
/** What is said of the last of some events, line by line; with ordinary spaces. */
function said(...event) {
  const one = telling(REQUEST, CLAIM, event);
  const last = one.record.events[2];
  return [titleOf(one, last), actorOf(one, last), ...factsOf(one, last)].map((line) => line.replaceAll('\u00a0', ' '));
}

function shown(...events) {
  const state = { route: { page: 'record', parameter: ID }, people: { ready: ['record'], broken: false, data: {
    [recordKey(ID)]: { phase: 'loaded', value: record(...events), error: null },
    'record key': { phase: 'loaded', value: { algorithm: 'Ed25519', public_key: 'cHVibGlj', fingerprint: '0123456789abcdef' }, error: null },
  } } };
  return page(viewOf(state, PARTS));
}

const STORY = [
  REQUEST,
  ['overdue', null, { clock: 'claim', due_at: NOON }],
  CLAIM,
  incident('device_check', null, { result: 'failed', camera: 'ok', microphone: 'failed', speaker: 'skipped', connection: 'ok', browser: 'ok' }),
  ['opened', DOCTOR, { status: 'minor' }],
  ['started', DOCTOR, { attested: [PATIENT, PARENT] }],
  incident('relay_used', 'patient', { relay: false }),
  incident('connection_lost', 'guardian1'),
  ['suspended', null, { cause: 'guardian_left' }],
  incident('connection_resumed', 'guardian1', { seconds: 12 }),
  ['resumed'],
  incident('ice_failed', 'patient'),
  incident('ice_restarted', 'patient'),
  incident('relay_used', 'patient', { relay: true }),
  ['ended', DOCTOR, { reason: 'completed', close_due_at: NOON + 7 * 86_400_000 }],
  ['closed', PARENT, { why: 'confirmed' }],
];

test('each event is said in words: what, by whom, and what else stands in the record', () => {
  assert.deepEqual(said(...STORY[0]), ['Consultation demandée', 'Par le représentant du patient (Julie Petit)', 'Adressée à tous les médecins disponibles',
    'Paiement : Carte bancaire', 'Réponse d’un médecin attendue avant le 25 novembre 2026 à 12:00']);
  assert.deepEqual(said('refused', DOCTOR, { physician: DOCTOR, grounds: 'personal' }), ['Demande refusée', 'Par le médecin (Camille Bernard)', 'Motif personnel']);
  assert.equal(said('started', DOCTOR, { attested: [PATIENT, PARENT] })[2], 'Le médecin atteste avoir vu : le patient (Lou Petit), le représentant du patient (Julie Petit)');
  assert.deepEqual(said('suspended', null, { cause: 'guardian_left' }), ['Consultation mise en pause', 'Par le service, de lui-même', 'La personne qui accompagne le patient est partie']);
  assert.equal(said('overdue', null, { clock: 'start', due_at: NOON })[0], 'Délai dépassé : la consultation n’avait pas commencé');
  assert.deepEqual(said('released', null, { cause: 'account_closed' }), ['Demande rendue par le médecin', 'Par le service : un compte a été suspendu']);
  assert.equal(said('clock_stepped', null, { by_ms: -90_000 })[2], 'Reculée de 1 minute');
});

test('CU-13: documents are told apart by their number, as their names are gone once the consultation is closed', () => {
  const one = telling(
    ['document_handed_over', DOCTOR, { document: 'a', kind: 'prescription', type: 'application/pdf', size: 48_000, commitment: '00' }],
    ['document_handed_over', DOCTOR, { document: 'b', kind: 'letter', type: 'image/png', size: 1_200_000, commitment: '00' }],
    ['document_fetched', PATIENT, { document: 'b' }]);
  assert.deepEqual(one.record.events.map((event) => factsOf(one, event)[0]), ['Document 1 · Ordonnance · PDF · 48 Ko', 'Document 2 · Courrier · PNG · 1,2 Mo', 'Document 2']);
});

test('every event that docs/record.md tells of has its words', () => {
  const rows = readFileSync(new URL('../../docs/record.md', import.meta.url), 'utf8').split('| event | details |')[1].split('\n\n')[0].split('\n').slice(2);
  const events = rows.flatMap((row) => [...row.split('|')[1].matchAll(/`(\w+)`/g)].map(([, name]) => name));
  // Incidents have words by their kind, and an erasure is in no consultation's record.
  const told = events.filter((name) => !['incident', 'account_erased'].includes(name));
  assert.ok(told.length >= 17, told.join());
  for (const name of told) assert.ok(wordsOf('record')[`record.event.${name}`], name);
});

test('an event, an incident and values of a newer server are shown plainly', () => {
  assert.deepEqual(said('teleported', DOCTOR, { where: 'x' }), ['Autre événement : teleported', 'Par le médecin (Camille Bernard)']);
  for (const name of ['constructor', '__proto__', 'toString']) assert.equal(said(name)[0], `Autre événement : ${name}`);
  assert.equal(said('closed', null, { why: 'flood' })[2], 'flood');
  const one = telling(incident('solar_flare', 'balcony'), incident('device_check', null, { result: 'odd' }));
  assert.deepEqual(one.record.events.map((event) => [incidentTitle(one, event), ...incidentFacts(one, event)]),
    [['Autre événement\u00a0: solar_flare', 'balcony'], ['Autre événement\u00a0: device_check']]);
  assert.ok(textOf(shown(REQUEST, ['teleported'], incident('solar_flare'))).includes('teleported'));
});

test('an event with none of its details is still said', () => {
  for (const [event] of [...STORY, ['assigned'], ['unassigned'], ['refused'], ['document_handed_over'], ['document_fetched'], ['clock_stepped']]) {
    assert.equal(said(event).some((line) => /undefined|null|NaN/.test(line)), false, event);
  }
});

test('CU-8: the incident sheet counts what went wrong, how long pauses lasted, and says who ended it and why', () => {
  const sheet = sheetOf(record(...STORY).events);
  assert.deepEqual([sheet.lost, sheet.resumed, sheet.iceFailed, sheet.iceRestarted, sheet.relay, sheet.pauses, sheet.pausedFor], [1, 1, 1, 1, true, 1, 20_000]);
  assert.deepEqual(sheet.checks, [{ passed: false, failed: ['microphone'] }]);
  assert.deepEqual([sheet.overdue.length, sheet.end?.event], [1, 'ended']);
  assert.deepEqual(rowsOf(telling(...STORY)).map(([, value]) => value), ['1 (rétablies\u00a0: 1)', 'aucune', '1 fois', '1 fois', 'oui', 'échoué (micro)', '1 fois, 20 s en tout',
    'prise en charge', `Consultation terminée · Par le médecin (Camille Bernard) · ${wordsOf('inside')['end_reason.completed']}`]);
});

test('a sheet of a calm consultation says so, and a pause that nobody ended ends with the consultation', () => {
  assert.deepEqual(rowsOf(telling(STORY[0])).map(([, value]) => value), ['aucune', 'aucune', 'aucune', 'aucune', 'non signalé', 'non fait', 'aucune', 'aucun', 'pas encore terminée']);
  assert.deepEqual([sheetOf(record(['suspended'], ['ended', DOCTOR]).events).pausedFor, sheetOf(record(['suspended']).events).pausedFor], [10_000, 0]);
  assert.equal(sheetOf(record(incident('relay_used', null, { relay: false })).events).relay, false);
});

test('the page shows roles and names, never the id of an account', () => {
  const text = textOf(shown(...STORY, ['released', GONE]));
  for (const id of [PATIENT, PARENT, DOCTOR, GONE]) assert.equal(text.includes(id), false);
  const lone = new Telling(viewOf({}, PARTS), { ...record(REQUEST, CLAIM), people: [{ id: PATIENT, name: null }] });
  assert.deepEqual([PATIENT, PARENT, DOCTOR, null].map((id) => lone.who(id)), ['le patient', 'le représentant du patient', 'le médecin', 'le service, de lui-même']);
});

test('who is who follows from what they did; a minor is represented by parents', () => {
  const roles = (...events) => Object.fromEntries(partiesOf(record(...events)).map(({ id, role }) => [id, role]));
  assert.deepEqual(roles(REQUEST, CLAIM), { [PATIENT]: 'patient', [PARENT]: 'guardian', [DOCTOR]: 'practitioner' });
  assert.deepEqual(roles(...STORY), { [PATIENT]: 'patient', [PARENT]: 'parent', [DOCTOR]: 'practitioner' });
  assert.deepEqual(roles(['requested', PATIENT, { patient: PATIENT, requester: PATIENT, assigned: GONE }], ['cancelled', PARENT]),
    { [PATIENT]: 'patient', [PARENT]: 'guardian', [GONE]: 'practitioner' });
});

test('how far a consultation has come is what its last event says', () => {
  for (const [event, state] of [['claimed', 'claimed'], ['released', 'requested'], ['resumed', 'in_progress'], ['cancelled', 'cancelled'], ['closed', 'closed'], ['refused', 'refused']]) {
    assert.equal(stateOf(record(REQUEST, [event], incident('ice_failed'), ['teleported']).events), state);
  }
});

test('incidents are on the sheet, everything else in the timeline, in the order of the record', () => {
  const drawn = shown(...STORY);
  const events = (test) => named(drawn, test).map(({ props }) => props['data-event']);
  assert.deepEqual(events('record-event'), STORY.map(([event]) => event).filter((event) => event !== 'incident'));
  assert.equal(events('incident').filter((event) => event === 'incident').length, 7);
  assert.deepEqual(events('incident').filter((event) => event !== 'incident'), ['overdue', 'suspended', 'resumed', 'ended']);
});

test('the proof says what it is, and has its file, its command and the key', () => {
  const drawn = shown(...STORY);
  const [bundle] = named(drawn, 'bundle');
  assert.deepEqual([bundle.props.href, bundle.props.download], [`/v1/consultations/${ID}/bundle`, true]);
  assert.equal(textOf(named(drawn, 'key-fingerprint')), '0123 4567 89ab cdef');
  assert.equal(textOf(named(drawn, 'proof-command')), `mqm-broker record verify-bundle mqm-consultation-${ID}.json --key cHVibGlj`);
  assert.equal(fours('abcde'), 'abcd e');
});

test('an address without a consultation leads back to the list', () => {
  assert.deepEqual(parseRoute(`#/record/${ID}`).route, { page: 'record', parameter: ID });
  assert.deepEqual(parseRoute('#/record/../v1').route, { page: 'record', parameter: null });
  const drawn = page(viewOf({ route: { page: 'record', parameter: null } }, PARTS));
  assert.deepEqual(names(drawn), ['record', 'back']);
});
