// The family page and invitations.
import assert from 'node:assert/strict';
import test from 'node:test';
import { wrongChild } from '../js/people/family-child.js';
import { patientCard } from '../js/people/family-card.js';
import { erasePage } from '../js/people/family-erase.js';
import { page as familyPage } from '../js/people/family.js';
import { actsFor, fittingRelation, hasRoom } from '../js/people/family-rules.js';
import { openTask, taskOf } from '../js/people/family-task.js';
import { GONE, enter, page as invitationPage } from '../js/people/invitation.js';
import { receivedInvitations } from '../js/people/received.js';
import { named, names, nodes, textOf, viewOf, wordsOf } from './pages.js';

const ME = 'cccccccc-cccc-4ccc-8ccc-000000000001';
const CHILD = 'bbbbbbbb-bbbb-4bbb-8bbb-000000000002';
const guardian = (change = {}) => ({ id: ME, given_name: 'Marc', family_name: 'Petit', relation: 'parent', since: 0, revocable: true, ...change });
const other = guardian({ id: 'cccccccc-cccc-4ccc-8ccc-000000000002', given_name: 'Julie' });
const invitation = { id: 'eeeeeeee-eeee-4eee-8eee-000000000001', email: 'julie@example.org', relation: 'parent', created_at: 0, expires_at: 0 };
const child = {
  id: CHILD, relation: 'parent', given_name: 'Léa', family_name: 'Petit', birth_date: '2014-09-21', protection: 'none', status: 'minor', attending: null,
  own_sign_in: false, guardians: [guardian()], invitations: [],
};
const adult = { ...child, id: ME, relation: 'self', given_name: 'Marc', birth_date: '1984-03-07', status: 'adult', own_sign_in: true, guardians: [] };
const signedIn = { session: { ...viewOf().state.session, phase: 'signed_in', account: { id: ME, given_name: 'Marc', family_name: 'Petit', email: 'marc@example.org', roles: ['patient', 'guardian'] } } };
const data = (loaded) => ({ people: { ready: [], broken: false, data: Object.fromEntries(Object.entries(loaded).map(([key, value]) => [key, { phase: 'loaded', value, error: null }])) } });
const card = (patient, change = {}) => patientCard(viewOf({ ...signedIn, ...change }), patient);

test('CU-6.3: a minor is accompanied by parents, a protected adult by a tutor or curator, an adult by nobody', () => {
  assert.equal(fittingRelation(child), 'parent');
  assert.equal(fittingRelation({ protection: 'tutelle', status: 'protected_adult' }), 'tutor');
  assert.equal(fittingRelation({ protection: 'curatelle', status: 'minor' }), 'curator');
  assert.equal(fittingRelation(adult), null);
});

test('CU-6.3: two people at most, open invitations among them', () => {
  assert.equal(hasRoom(child), true);
  assert.equal(hasRoom({ guardians: [guardian(), other], invitations: [] }), false);
  assert.equal(hasRoom({ guardians: [guardian()], invitations: [invitation] }), false);
  assert.deepEqual(named(card({ ...child, invitations: [invitation] }), 'family-invite'), []);
  assert.equal(named(card(child), 'family-invite').length, 1);
  assert.deepEqual(named(card(adult), 'family-invite'), []);
});

test('what a guardian may correct and erase is what has no sign-in of its own', () => {
  assert.deepEqual([actsFor(child), actsFor({ ...child, own_sign_in: true }), actsFor(adult)], [true, false, false]);
  const acts = ['family-correct', 'family-export', 'family-erase'];
  assert.deepEqual(names(card(child)).filter((name) => acts.includes(name)), acts);
  assert.deepEqual(names(card({ ...child, own_sign_in: true })).filter((name) => acts.includes(name)), []);
  assert.deepEqual(names(card(adult)).filter((name) => acts.includes(name)), []);
});

test('only a link that the server calls revocable can be taken back, and the effect is said before', () => {
  assert.equal(named(card({ ...child, guardians: [guardian({ revocable: false })] }), 'guardian-remove').length, 0);
  const asked = card({ ...child, guardians: [guardian(), other] }, { open: { [`unlink ${CHILD} ${other.id}`]: true } });
  assert.match(textOf(named(asked, 'guardian-effect')), /immédiat, même pendant une consultation en cours/);
  assert.equal(named(asked, 'guardian-remove').length, 1);
});

test('the family page shows one task at a time, and the list once it is closed', () => {
  const view = viewOf();
  openTask(view.act, 'invite', CHILD);
  const [, name] = view.done[0];
  assert.deepEqual(taskOf({ [name]: true }), { name: 'invite', patient: CHILD });
  assert.equal(taskOf({ [name]: false, 'show child password': true }), null);
  const family = data({ family: [child] });
  assert.deepEqual(names(familyPage(viewOf({ ...signedIn, ...family, open: { [name]: true } }))).includes('family-patient'), false);
  assert.equal(named(familyPage(viewOf({ ...signedIn, ...family })), 'family-patient').length, 1);
});

test('a task about somebody who is gone is the list again', () => {
  const view = viewOf({ ...signedIn, ...data({ family: [child] }), open: { 'family erase somebody-else': true } });
  assert.equal(named(familyPage(view), 'family-patient').length, 1);
});

test('the box of parental authority is never ticked beforehand', () => {
  const form = familyPage(viewOf({ ...signedIn, ...data({ family: [] }), open: { 'family child': true } }));
  const [box] = named(form, 'child-authority');
  assert.equal(box.props.checked, undefined);
  assert.equal(box.props.type, 'checkbox');
});

test('a child is under 18 on the day', () => {
  const values = { given_name: 'Léa', family_name: 'Petit', birth_date_day: '24', birth_date_month: '11', birth_date_year: '2008' };
  const wrong = (today) => wrongChild(values, new Date(today)).birth_date;
  assert.equal(wrong('2026-11-23T12:00'), undefined);
  assert.equal(wrong('2026-11-24T12:00'), 'child.adult');
  assert.equal(wrong('2008-11-23T12:00'), 'error.invalid_field.birth_date');
  assert.deepEqual(Object.keys(wrongChild({ given_name: '', family_name: '' }, new Date())).sort(), ['birth_date', 'family_name', 'given_name']);
});

test('CU-12.1: what is lost is said before the password is asked for', () => {
  const loss = { consultations: { requested: 2, claimed: 0, in_progress: 1 }, patients_erased: [], patients_left: [], documents_unfetched: 1 };
  const page = erasePage(viewOf({ ...signedIn, ...data({ 'patient loss': loss }) }), child);
  const order = names(page);
  assert.ok(order.indexOf('patient-erase-lost') < order.indexOf('patient-erase-password'));
  assert.deepEqual(order.filter((name) => name.startsWith('patient-erase-lost-')), ['patient-erase-lost-requested', 'patient-erase-lost-in_progress', 'patient-erase-lost-documents']);
  assert.equal(named(erasePage(viewOf(signedIn), child), 'patient-erase-form').length, 0);
});

const received = { id: invitation.id, relation: 'parent', patient: { given_name: 'Léa', family_name: 'Petit' }, invited_by: null, expires_at: 0 };

test('a received invitation says who, as what and until when; nothing is said while there is none', () => {
  const page = receivedInvitations(viewOf({ ...signedIn, ...data({ received: [received] }) }));
  assert.match(textOf(named(page, 'received-who')), /MQM.*Léa Petit comme parent/);
  assert.deepEqual(names(page).slice(-2), ['received-accept', 'received-decline']);
  assert.equal(textOf(receivedInvitations(viewOf(signedIn))), '');
});

test('the answer that was given is said, and in the words for it', async () => {
  for (const [given, key] of [['accept', 'received.accepted'], ['decline', 'received.declined']]) {
    const view = viewOf({ ...signedIn, ...data({ received: [received] }) });
    view.act.people = new Proxy(view.act.people, { get: (group, member) => member === 'submit' ? async () => ({}) : group[member] });
    named(receivedInvitations(view), `received-${given}`)[0].props.onclick();
    await new Promise(setImmediate);
    assert.deepEqual(view.done.find(([name]) => name === 'people.tell'), ['people.tell', 'good', key, { name: 'Léa Petit' }]);
    assert.ok(wordsOf('inside')[key]);
  }
});

test('a link that leads nowhere says why and what to do, each in its own words', () => {
  const words = wordsOf('family');
  const said = GONE.map((error) => {
    const people = { ready: [], broken: false, data: { invitation: { phase: 'failed', value: null, error: `error.${error}` } } };
    const page = invitationPage(viewOf({ ...signedIn, people, route: { page: 'invitation', parameter: 'a'.repeat(43) } }));
    assert.equal(named(page, 'invitation-home').length, 1);
    assert.ok(words[`invitation.gone.${error}`] && words[`invitation.gone.${error}.next`], error);
    return textOf(named(page, 'message-title'));
  });
  assert.equal(new Set(said).size, GONE.length);
});

test('an address without a whole token asks nothing of the server', () => {
  const view = viewOf({ ...signedIn, route: { page: 'invitation', parameter: null } });
  enter(view);
  assert.deepEqual(view.done, []);
  assert.equal(textOf(named(invitationPage(view), 'message-title')), wordsOf('family')['invitation.gone.link_invalid']);
});

test('the answer that was given stays given in another language', () => {
  const token = 'a'.repeat(43);
  const view = viewOf({ ...signedIn, ...data({ invitation: { token, given: 'accept', received } }), route: { page: 'invitation', parameter: token } });
  enter(view);
  assert.deepEqual(view.done, []);
  assert.equal(named(invitationPage(view), 'invitation-family').length, 1);
});

test('every relation has its words on every page', () => {
  const words = { ...wordsOf('inside'), ...wordsOf('family'), ...wordsOf('operator') };
  for (const relation of ['parent', 'tutor', 'curator']) {
    for (const key of ['family.relation', 'guardians.relation', 'received.who', 'invite.lead', 'accounts.relation']) assert.ok(words[`${key}.${relation}`], `${key}.${relation}`);
  }
  for (const answer of ['accept', 'decline']) assert.ok(words[`received.${answer}`], answer);
});

test('no control of a card has a name of its own only: each says whom it is about', () => {
  for (const node of nodes(card({ ...child, guardians: [guardian(), other], invitations: [invitation] })).filter(({ tag }) => tag === 'button')) {
    const test = node.props['data-test'];
    if (test === 'guardian-remove') assert.match(textOf(node), /Julie Petit|Ne plus accompagner/);
    if (test === 'invitation-cancel') assert.match(textOf(node), /julie@example\.org/);
  }
});
