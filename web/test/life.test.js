// The life of a consultation on both sides' pages: refusal, change of practitioner, deadlines, giving back, closing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { newsOf, mayCancel, mayChange, mayGiveBack, mayOpenToAll, unfetched } from '../js/state/life.js';
import { INITIAL, reduce } from '../js/state/root.js';
import { afterwards, afterwardsPage } from '../js/ui/afterwards.js';
import { consultationPage } from '../js/ui/consultation.js';
import { deskPage } from '../js/ui/desk.js';
import { homePage } from '../js/ui/home.js';
import { mine } from '../js/ui/mine.js';
import { queue } from '../js/ui/queue.js';
import { example } from './examples.js';
import { named, names, textOf, viewOf, wordsOf } from './pages.js';

const of = (name) => example(name).message.body.upsert[0];
const requested = example('consultations.snapshot').message.body.items[0];
const [refused, overdue, withDocuments, closed] = ['refused', 'overdue', 'documents', 'closed'].map((name) => of(`consultations.delta.${name}`));
const assigned = example('request.assign.reply').message.body.consultation;
const claimed = { ...overdue, overdue: null, overdue_since: null };
const fetched = { ...withDocuments, documents: withDocuments.documents.map((document) => ({ ...document, fetched_at: 1 })) };
const ID = requested.id;
const state = (consultation, change = {}, me = consultation.patient) => ({
  session: { ...INITIAL.session, phase: 'signed_in', account: { ...me, roles: [] }, patients: [], practitioner: { verification: 'verified', presence: 'available' } },
  consultations: { loaded: true, byId: { [consultation.id]: consultation } }, route: { page: 'consultation', id: consultation.id }, ...change,
});
const patients = (consultation, change) => viewOf(state(consultation, change));
const desk = (consultation, change) => viewOf(state(consultation, change, consultation.practitioner ?? { id: 'nobody' }));
const offers = (consultation) => names(consultationPage(patients(consultation))).filter((name) => ['unassign', 'assign', 'cancel'].includes(name));
const press = (page, name) => named(page, name)[0].props.onclick();

test('CU-6.2, CU-6.5: what the patient may do follows from state and deadline', () => {
  const all = ['unassign', 'assign', 'cancel'];
  const table = [
    [requested, ['assign', 'cancel']], [assigned, all], [{ ...requested, overdue: 'claim' }, ['assign', 'cancel']], [refused, all],
    [claimed, ['cancel']], [overdue, all], [{ ...overdue, state: 'open' }, all], [{ ...claimed, state: 'open' }, ['cancel']],
    [{ ...claimed, state: 'in_progress' }, []], [withDocuments, []], [closed, []],
  ];
  for (const [consultation, expected] of table) {
    assert.deepEqual(offers(consultation), expected, `${consultation.state} ${consultation.overdue}`);
    assert.deepEqual([mayOpenToAll, mayChange, mayCancel].map((may) => may(consultation)), all.map((name) => expected.includes(name)), consultation.state);
    assert.equal(mayGiveBack(consultation), ['claimed', 'open'].includes(consultation.state));
  }
});

test('CU-6.5: a refusal is told with its grounds in words, and what comes next is the largest thing', () => {
  for (const grounds of ['professional', 'personal', 'unavailable']) {
    const page = consultationPage(patients({ ...refused, refused_grounds: grounds }));
    assert.match(textOf(named(page, 'waiting-sentence')), /^Le Dr Martin ne peut pas/);
    assert.ok(textOf(named(page, 'refusal')).includes(wordsOf('life')[`refused.${grounds}`]));
    assert.match(named(page, 'unassign')[0].props.class, /button-primary button-large/);
  }
  const unnamed = consultationPage(patients({ ...refused, refused_by: { ...refused.refused_by, family_name: '', given_name: '' } }));
  assert.match(textOf(named(unnamed, 'waiting-sentence')), /^Le médecin ne peut pas/);
});

test('CU-6.2: until when, and since when it is too late, is a time in words', () => {
  const at = { now: overdue.claimed_at };
  assert.match(textOf(named(consultationPage(patients(claimed, at)), 'due')), /commence au plus tard .*\d\d:\d\d/);
  assert.match(textOf(named(consultationPage(patients(requested, at)), 'due')), /répond au plus tard .*\d\d:\d\d/);
  const late = consultationPage(patients(overdue, { now: overdue.overdue_since }));
  assert.match(textOf(named(late, 'overdue')), /aujourd’hui à \d\d:\d\d.*Dr Martin/);
  assert.equal(named(late, 'due').length, 0);
});

test('CU-6.2: the clock of this device decides nothing, the server does', () => {
  assert.equal(named(consultationPage(patients(requested, { now: requested.claim_due_at + 1 })), 'overdue').length, 0);
});

test('opening to everybody is one press, cancelling two', () => {
  const view = patients(assigned);
  press(consultationPage(view), 'unassign');
  press(consultationPage(view), 'cancel');
  const sure = patients(assigned, { open: { cancel: true } });
  press(consultationPage(sure), 'cancel-confirm');
  assert.deepEqual([view.done, sure.done], [[['requests.unassign', ID], ['open', 'cancel', true]], [['requests.cancel', ID]]]);
});

test('CU-6.2: another physician is found in the directory, without those who have it or refused it', () => {
  const found = [refused.refused_by, assigned.assigned_to].map(({ presence, ...person }) => person);
  const page = consultationPage(patients(refused, { open: { assign: true }, people: { ...INITIAL.people, data: { 'assign found': { phase: 'loaded', value: found, error: null } } } }));
  assert.deepEqual(names(page).filter((name) => name.startsWith('assign-attending_id-')), [`assign-attending_id-${found[1].id}`]);
  assert.deepEqual([named(page, 'assign-submit').length, named(consultationPage(patients(refused)), 'assign-form').length], [1, 0]);
});

test('CU-5.2: the patient closes only when every document is fetched, and is asked once more', () => {
  const waiting = afterwardsPage(patients(withDocuments), withDocuments);
  assert.equal(unfetched(withDocuments).length, Number(named(waiting, 'unfetched')[0].props['data-count']));
  assert.ok(unfetched(withDocuments).length > 0 && named(waiting, 'confirm').length === 0);
  assert.equal(textOf(named(afterwardsPage(patients(fetched), fetched), 'confirm')), 'J’ai tout récupéré');
  const none = { ...fetched, documents: [] };
  assert.equal(textOf(named(afterwardsPage(patients(none), none), 'confirm')), 'Je n’attends aucun document');
  const view = patients(fetched, { open: { [`close ${ID}`]: true } });
  press(afterwardsPage(view, fetched), 'close-confirm');
  assert.deepEqual(view.done, [['requests.close', ID, 'confirm']]);
});

test('after the end both sides see when it closes by itself, and once closed why', () => {
  const page = afterwardsPage(patients(withDocuments, { now: withDocuments.ended_at }), withDocuments);
  assert.match(textOf(named(page, 'close-due')), /se ferme toute seule .*\d\d:\d\d/);
  for (const why of ['confirmed', 'practitioner', 'retention', 'account']) {
    const over = { ...closed, closed_why: why };
    assert.ok(textOf(named(consultationPage(patients(over)), 'closed')).length > 40, why);
    assert.ok(textOf(afterwards(desk(over), over, 'practitioner')).length > 40, why);
  }
});

test('the practitioner closes from their list, or in the place of the call', () => {
  assert.equal(named(mine(desk(fetched)), 'close').length, 1);
  assert.equal(named(mine(desk(withDocuments)), 'close').length, 0);
  assert.match(textOf(named(mine(desk(withDocuments)), 'unfetched')), /n’a pas encore récupéré/);
  const room = { id: ID, as: 'practitioner', phase: 'closed', closed: { why: 'ended', reason: 'completed' }, seat: null, snapshot: null };
  const view = desk(fetched, { room, queue: INITIAL.queue });
  assert.equal(named(deskPage(view), 'close').length, 1);
});

test('CU-6.2: a claim is given back before the start only, and after a question', () => {
  const has = (consultation) => names(mine(desk(consultation))).includes('release');
  assert.deepEqual([claimed, { ...claimed, state: 'open' }, { ...claimed, state: 'in_progress' }, withDocuments].map(has), [true, true, false, false]);
  const view = desk(claimed, { open: { [`release ${ID}`]: true } });
  press(mine(view), 'release-confirm');
  assert.deepEqual(view.done, [['requests.release', ID]]);
});

test('CU-6.5: only what is assigned to oneself can be refused, on one of two grounds', () => {
  const cards = example('queue.snapshot').message.body.items;
  const byId = Object.fromEntries(cards.map((card) => [card.id, card]));
  const shown = (open = {}) => viewOf({ queue: { loaded: true, byId, unseen: [], heard: [] }, open });
  const own = cards.filter(({ assignment }) => assignment === 'mine');
  assert.ok(own.length > 0 && own.length < cards.length);
  assert.equal(named(queue(shown()), 'refuse').length, own.length);
  const view = shown({ [`refuse ${own[0].id}`]: true });
  for (const grounds of ['professional', 'personal']) press(queue(view), `refuse-${grounds}`);
  assert.deepEqual(view.done, [['requests.refuse', own[0].id, 'professional'], ['requests.refuse', own[0].id, 'personal']]);
});

test('overdue is flagged on cards, on the desk and at home, as the server says', () => {
  const [card] = example('queue.snapshot').message.body.items;
  const late = { ...card, flags: ['minor', 'overdue'], claim_due_at: 8e15 };
  assert.equal(named(queue(viewOf({ queue: { loaded: true, byId: { [card.id]: late }, unseen: [], heard: [] } })), 'flag-overdue').length, 1);
  assert.equal(named(mine(desk(overdue)), 'flag-overdue').length, 1);
  assert.equal(named(homePage(patients(overdue)), 'flag-overdue').length, 1);
  assert.equal(named(homePage(patients(withDocuments)), 'flag-documents').length, 1);
});

test('a room that closed because the request went on leads back to waiting, and says why', () => {
  for (const why of ['released', 'reassigned']) {
    const room = { id: ID, as: 'patient', phase: 'closed', closed: { why, reason: null }, seat: null, snapshot: null };
    assert.equal(named(consultationPage(patients(requested, { room })), 'room-closed')[0].props['data-why'], why);
    assert.equal(named(consultationPage(patients(claimed, { room })), 'room-closed').length, 0);
    const left = deskPage(viewOf(state(requested, { room: { ...room, as: 'practitioner' }, consultations: { loaded: true, byId: {} } })));
    assert.equal(textOf(named(left, 'message-title')), wordsOf('life')[`over.${why}`]);
  }
});

test('news are told where the page does not say them by itself', () => {
  const told = (was, is, change = {}, me = was.patient) => {
    const before = { ...INITIAL, ...state(was, { route: { page: 'home' }, ...change }, me) };
    const event = { type: 'consultations', body: { kind: 'delta', upsert: is ? [is] : [], remove: is ? [] : [was.id] } };
    return newsOf(before, reduce(before, { type: 'server.consultations', body: event.body }), event).map(({ key }) => key);
  };
  const here = { route: { page: 'consultation', id: ID } };
  const back = { ...claimed, state: 'requested', practitioner: null };
  assert.deepEqual(told(claimed, back, here), ['news.released']);
  assert.deepEqual(told(overdue, { ...back, claim_due_at: back.claim_due_at + 1 }), [], 'the other guardian changed practitioner');
  assert.deepEqual([told(requested, refused), told(requested, refused, here)], [['news.refused'], []]);
  assert.deepEqual([told(claimed, overdue), told(claimed, overdue, here), told(overdue, overdue)], [['news.overdue'], [], []]);
  const doctor = overdue.practitioner;
  assert.deepEqual(told(overdue, null, {}, doctor), ['news.reassigned']);
  assert.deepEqual(told(overdue, null, { forms: { [`release ${ID}`]: { busy: true } } }, doctor), [], 'given back by this page');
  assert.deepEqual(told(overdue, null, { room: { id: ID } }, doctor), [], 'the room says it');
});

test('queue removals: a request that went elsewhere is told calmly, one that was claimed is not', () => {
  const told = (why, forms = {}) => newsOf({ ...INITIAL, forms }, INITIAL, { type: 'queue', body: { kind: 'delta', upsert: [], remove: [{ id: ID, why }] } });
  assert.deepEqual(['claimed', 'cancelled'].flatMap((why) => told(why)), []);
  assert.deepEqual(['refused', 'reassigned'].flatMap((why) => told(why)).map(({ tone, key }) => [tone, key]), [['calm', 'news.queue.refused'], ['calm', 'news.queue.reassigned']]);
  assert.deepEqual(told('refused', { [`refuse ${ID}`]: { busy: true } }), []);
});

test('every new error has words of its own, and all that the news say', () => {
  const words = wordsOf('life');
  for (const code of ['not_overdue', 'unknown_physician', 'documents_unfetched', 'too_many_documents', 'too_many_changes', 'unknown_document', 'already_fetched', 'consultation_closed', 'maintenance', 'too_many_incidents']) assert.ok(words[`error.${code}`], code);
  const source = readFileSync(new URL('../js/state/life.js', import.meta.url), 'utf8');
  for (const [, key] of source.matchAll(/key: '([^']+)'/g)) assert.ok(words[key], key);
});
