// What happens when somebody asks something of a consultation, and maintenance and the device check around it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { CheckActions, detailOf } from '../js/app/check.js';
import { MaintenanceWatch } from '../js/app/maintenance.js';
import { RequestActions } from '../js/app/requests.js';
import { connectionOutcome } from '../js/call/connection-check.js';
import { BrokerError, connectionLost } from '../js/signalling/protocol.js';
import { UNCHECKED } from '../js/state/check.js';
import { INITIAL, reduce } from '../js/state/root.js';
import { createStore } from '../js/state/store.js';
import { askPage } from '../js/ui/ask.js';
import { maintenance as banner } from '../js/ui/frame.js';
import { check } from '../js/ui/lobby.js';
import { example } from './examples.js';
import { named, textOf, viewOf } from './pages.js';

const ID = 'dddddddd-dddd-4ddd-8ddd-000000000001';
const consultation = example('request.assign.reply').message.body.consultation;
const physician = consultation.assigned_to;
const UNTIL = Date.UTC(2026, 10, 25, 1);
const announced = { message: 'Nouveau matériel.', until: UNTIL };

/** Actions on a client that answers with this, or refuses with this code. */
function requests(answer) {
  const store = createStore(reduce, INITIAL);
  const sent = [];
  const request = async (type, body) => {
    sent.push([type, body]);
    if (typeof answer !== 'string') return answer;
    throw new BrokerError({ code: answer, message: '', retry: 'never', details: announced });
  };
  return { store, sent, act: new RequestActions({ store, client: { request }, go() {} }) };
}

test('CU-6.2: assigning brings the consultation, closes the search and says to whom', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { store, sent, act } = requests({ consultation });
  await act.assign(ID, null);
  assert.deepEqual([sent, store.get().forms.assign.errors], [[], { form: 'change.choose' }]);
  store.dispatch({ type: 'open', name: 'assign', open: true });
  await act.assign(ID, physician);
  assert.deepEqual(sent, [['request.assign', { consultation: ID, physician: physician.id }]]);
  const { consultations, open, notices } = store.get();
  assert.deepEqual([consultations.byId[ID].assigned_to.id, open.assign, notices[0].values.name], [physician.id, false, physician.family_name]);
});

test('a refused change is said where it was asked for', async () => {
  const assign = requests('unknown_physician');
  await assign.act.assign(ID, physician);
  assert.deepEqual(assign.store.get().forms.assign.errors, { form: 'error.unknown_physician' });
  const unassign = requests('not_overdue');
  await unassign.act.unassign(ID);
  assert.deepEqual(unassign.store.get().notices.map(({ tone, key }) => [tone, key]), [['error', 'error.not_overdue']]);
  const close = requests('documents_unfetched');
  await close.act.close(ID, 'close');
  assert.deepEqual(close.store.get().forms[`close ${ID}`].errors, { form: 'error.documents_unfetched' });
});

test('refusing, giving back and closing send what the person chose', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { sent, act } = requests({});
  await act.refuse(ID, 'personal');
  await act.release(ID);
  await act.close(ID, 'confirm');
  await act.close(ID, 'close');
  assert.deepEqual(sent.map(([type]) => type), ['request.refuse', 'request.release', 'consultation.confirm', 'consultation.close']);
  assert.equal(sent[0][1].grounds, 'personal');
});

test('CU-5.1: maintenance is shown with its message and time, keeps the request form from sending, and vanishes', () => {
  const on = reduce(INITIAL, { type: 'server.maintenance', body: { maintenance: announced } });
  const at = { now: UNTIL - 3_600_000, session: { ...INITIAL.session, patients: [{ id: '1', given_name: 'A', family_name: 'B' }] } };
  const shown = textOf(banner(viewOf({ ...at, maintenance: on.maintenance }), false));
  assert.match(shown, /Retour prévu .*\d\d:\d\d.*Nouveau matériel\./);
  assert.equal(textOf(banner(viewOf({ ...at, maintenance: on.maintenance }), true)), '', 'not over a call');
  const view = viewOf({ ...at, maintenance: on.maintenance });
  const page = askPage(view);
  assert.match(textOf(named(page, 'ask-maintenance')), /ne peut pas partir/);
  assert.equal(named(page, 'ask-submit')[0].props['aria-disabled'], 'true');
  named(page, 'ask-form')[0].props.onsubmit({ preventDefault() {} });
  assert.deepEqual(view.done, []);
  const off = reduce(on, { type: 'server.maintenance', body: { maintenance: null } });
  assert.equal(textOf(banner(viewOf({ ...at, maintenance: off.maintenance }), false)), '');
  assert.equal(named(askPage(viewOf({ ...at, maintenance: off.maintenance })), 'ask-maintenance').length, 0);
});

test('a request that maintenance refuses tells the page of it; signing out does not forget it, a new connection does', async () => {
  const { store, act } = requests('maintenance');
  await act.ask({ patient: '1', assignment: 'unassigned', reason: 'Fièvre', payment: 'carte_bancaire' });
  assert.deepEqual([store.get().forms.ask.errors, store.get().maintenance.until], [{ form: 'error.maintenance' }, UNTIL]);
  store.dispatch({ type: 'session.signed_out' });
  assert.equal(store.get().maintenance.until, UNTIL);
  store.dispatch({ type: 'server.hello', now: 0, body: example('hello.reply').message.body });
  assert.equal(store.get().maintenance, null);
});

test('CU-5.1: strangers ask for it now and then, whoever has a connection does not', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let asked = 0;
  const store = createStore(reduce, INITIAL);
  new MaintenanceWatch(store, async () => { asked += 1; return { status: 'ok', maintenance: announced }; }).start();
  store.dispatch({ type: 'session.signed_out' });
  await turn();
  assert.deepEqual([asked, store.get().maintenance], [1, announced]);
  t.mock.timers.tick(30_000);
  assert.equal(asked, 2);
  store.dispatch({ type: 'session.signed_in', account: { roles: ['patient'] } });
  await turn();
  t.mock.timers.tick(120_000);
  assert.equal(asked, 2);
});

test('CU-4.2: a connection is good enough from the 4G class and a bearable round trip on', () => {
  const table = [['4g', [900, 80, 95], 'ok'], ['3g', [40], 'failed'], [undefined, [120], 'ok'], [undefined, [], 'failed'], ['4g', [600, 700], 'failed']];
  for (const [type, pings, outcome] of table) assert.equal(connectionOutcome(type, pings), outcome, `${type} ${pings}`);
});

test('CU-4.2: what was tried is known from the devices, and stays known when they are off again', () => {
  const media = (change) => ({ type: 'media', media: { ...INITIAL.media, ...change } });
  const after = (...actions) => actions.reduce(reduce, INITIAL).check;
  assert.deepEqual(after(media({ phase: 'live', cameraProblem: 'busy' }), media({ phase: 'stopped' })), { ...UNCHECKED, camera: 'failed', microphone: 'ok' });
  assert.deepEqual(after(media({ phase: 'asking' })), UNCHECKED);
  assert.deepEqual(after(media({ phase: 'live' }), { type: 'route', route: { page: 'home' } }), UNCHECKED);
});

test('CU-4.2: the report says passed, failed or skipped of each part, and nothing else', () => {
  assert.equal(detailOf({ ...UNCHECKED, speaker: 'asked', connection: 'running' }), null);
  assert.deepEqual(detailOf({ browser: 'ok', camera: 'failed', microphone: 'ok', speaker: 'asked', connection: 'ok' }),
    { result: 'failed', browser: 'ok', camera: 'failed', microphone: 'ok', speaker: 'skipped', connection: 'ok' });
  assert.equal(detailOf({ ...UNCHECKED, microphone: 'ok' }).result, 'passed');
});

test('CU-4.2: a check is reported once for a consultation, by the patient\'s side, at the latest when they are in the room', async () => {
  const store = createStore(reduce, INITIAL);
  const sent = [];
  let online = false;
  const client = { request: async (type, body) => {
    if (!online) throw connectionLost();
    sent.push([type, body]);
  } };
  const actions = new CheckActions({ store, client, media: { stop() {} } });
  actions.start();
  const enter = async (id, as) => {
    store.dispatch({ type: 'room.prepare', id, as });
    store.dispatch({ type: 'media', media: { ...INITIAL.media, phase: 'live' } });
    store.dispatch({ type: 'room.seated', room: id, seated: { seat: as, room: example('room').message.body } });
    await turn();
  };
  await enter('theirs', 'practitioner');
  assert.deepEqual(sent, []);
  store.dispatch({ type: 'route', route: { page: 'consultation', id: ID } });
  store.dispatch({ type: 'consultation', consultation });
  actions.stop();
  assert.deepEqual(sent, [], 'nothing was tried');
  await enter(ID, 'patient');
  online = true;
  store.dispatch({ type: 'now', now: 1 });
  await turn();
  actions.stop();
  assert.deepEqual(sent.map(([type, { consultation, kind, detail }]) => [type, consultation, kind, detail.camera, detail.speaker]), [['incident.report', ID, 'device_check', 'ok', 'skipped']]);
});

test('CU-4.2: each failed part says what to do', () => {
  const view = viewOf({ check: { browser: 'failed', camera: 'ok', microphone: 'ok', speaker: 'failed', connection: 'failed' } });
  view.act.room.stream = () => null;
  for (const part of ['browser', 'speaker', 'connection']) assert.ok(textOf(named(check(view), `check-${part}`)).length > 80, part);
  const asked = check(viewOf({ check: { ...UNCHECKED, speaker: 'asked' } }));
  assert.equal(named(asked, 'sound-not-heard').length, 1);
});
