// The operator's pages, and the medical history on the practitioner's desk.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { accountCard } from '../js/people/operator-account.js';
import { page as auditPage } from '../js/people/operator-audit.js';
import { groundError } from '../js/people/operator-parts.js';
import { practitionerCard } from '../js/people/operator-practitioner.js';
import { FILTERS, page as firstPage } from '../js/people/operator.js';
import { medicalKey } from '../js/state/medical.js';
import { INITIAL, reduce } from '../js/state/root.js';
import { medicalButton, medicalPanel } from '../js/ui/medical.js';
import { example } from './examples.js';
import { named, names, textOf, viewOf, wordsOf } from './pages.js';

const ID = 'aaaaaaaa-aaaa-4aaa-8aaa-000000000010';
const practitioner = {
  id: ID, given_name: 'Hugo', family_name: 'Bernard', email: 'hugo@example.org', rpps: '10000000000', specialty: 'Cardiologie', sector: 2,
  verification: 'pending', ground: null, decided_at: null, applied_at: 0,
};
const account = {
  id: ID, given_name: 'Paul', family_name: 'Moreau', email: 'paul@example.org', roles: ['patient'], created_at: 0, closed: null, protection: 'tutelle', second_factor: false,
};
const decisions = (page) => names(page).filter((name) => /^practitioner-(verified|refused|suspended)$/.test(name));

test('CU-6.7: each verification has its next decisions, and nothing is decided by one press', () => {
  const next = (verification) => decisions(practitionerCard(viewOf(), { ...practitioner, verification }));
  assert.deepEqual(next('pending'), ['practitioner-verified', 'practitioner-refused']);
  assert.deepEqual(next('verified'), ['practitioner-suspended']);
  assert.deepEqual([next('refused'), next('suspended')], [['practitioner-verified'], ['practitioner-verified']]);
  const view = viewOf();
  named(practitionerCard(view, practitioner), 'practitioner-verified')[0].props.onclick();
  assert.deepEqual(view.done, [['openOnly', `decide verified ${ID}`, true]]);
  const asked = practitionerCard(viewOf({ open: { [`decide verified ${ID}`]: true } }), practitioner);
  assert.deepEqual(names(asked).filter((name) => name.startsWith('decision')), ['decision', 'decision-form', 'decision-ground', 'decision-submit', 'decision-keep']);
});

test('a ground has 1 to 200 characters, as people count them', () => {
  assert.deepEqual([groundError(''), groundError('é'.repeat(200)), groundError('😀'.repeat(200)), groundError('a'.repeat(201))],
    ['operator.ground_needed', false, false, 'operator.ground_too_long']);
});

test('CU-12.2: operators close and reopen accounts, but never their own', () => {
  const acts = (change, me) => names(accountCard(viewOf({ session: { ...INITIAL.session, account: { id: me } } }), { ...account, ...change })).filter((name) => /^account-(closing|reopening|protect|invite)$/.test(name));
  assert.deepEqual(acts({}, 'another'), ['account-invite', 'account-protect', 'account-closing']);
  assert.deepEqual(acts({ closed: { at: 0, ground: 'Demande judiciaire' } }, 'another'), ['account-invite', 'account-protect', 'account-reopening']);
  assert.deepEqual(acts({ roles: ['operator'] }, 'another'), ['account-closing']);
  assert.deepEqual(acts({ roles: ['operator'] }, ID), []);
});

test('the invitation of an operator names the relation that fits the protection', () => {
  const relation = (protection) => named(accountCard(viewOf({ open: { 'account invite': true } }), { ...account, protection }), 'decision-relation')[0].props['data-relation'];
  assert.deepEqual(['none', 'tutelle', 'curatelle'].map(relation), ['parent', 'tutor', 'curator']);
});

test('every state, role, protection and question of an operator has its words', () => {
  const words = wordsOf('operator');
  const has = (key) => assert.ok(words[key], key);
  for (const name of FILTERS.filter((filter) => filter !== 'all')) [`practitioners.filter.${name}`, `practitioners.state.${name}`].forEach(has);
  for (const made of ['verified', 'refused', 'suspended']) ['', '.question', '.effect'].forEach((what) => has(`practitioners.${made}${what}`));
  for (const made of ['verified', 'refused', 'suspended']) has(`practitioners.done.${made}`);
  for (const role of ['patient', 'guardian', 'practitioner', 'operator']) has(`accounts.role.${role}`);
  for (const protection of ['none', 'tutelle', 'curatelle']) has(`accounts.protection.${protection}`);
  for (const what of ['closing', 'reopening', 'protect', 'invite']) ['', '.question', '.effect', '.yes', '.done'].forEach((part) => has(`accounts.${what}${part}`));
});

test('every action of the audit has its words', () => {
  const source = readFileSync(new URL('../../Sources/Accounts/Audit/AuditEntry.swift', import.meta.url), 'utf8');
  const actions = [...source.matchAll(/case \w+ = "([a-z_]+)"/g)].map(([, action]) => action);
  assert.ok(actions.length > 10);
  const words = wordsOf('operator');
  for (const action of actions) assert.ok(words[`audit.action.${action}`], action);
});

test('the audit shows each entry to the second, and goes on as long as there is more', () => {
  const entry = { id: 7, at: Date.UTC(2026, 10, 24, 9, 8, 7), actor: 'cli', action: 'account_suspended', subject: ID, other: null, ground: 'Demande judiciaire' };
  const show = (next) => auditPage(viewOf({ people: { ...INITIAL.people, data: { 'operator audit': { phase: 'loaded', value: { entries: [entry], next }, error: null } } } }));
  const row = textOf(named(show(null), 'audit-entry'));
  for (const part of ['2026-11-24 09:08:07 UTC', 'Compte fermé', 'ligne de commande', 'Demande judiciaire', ID]) assert.ok(row.includes(part), part);
  assert.deepEqual([named(show(null), 'audit-next').length, named(show(7), 'audit-next').length], [0, 1]);
});

test('the first page lists those who wait for a decision', () => {
  const value = { filter: 'pending', list: [practitioner], next: ID };
  const page = firstPage(viewOf({ people: { ...INITIAL.people, data: { 'operator practitioners': { phase: 'loaded', value, error: null } } } }));
  assert.equal(named(page, 'practitioner').length, 1);
  assert.equal(named(page, 'practitioners-pending')[0].props['aria-pressed'], 'true');
  assert.equal(named(page, 'practitioners-more').length, 1);
});

const [requested] = example('consultations.snapshot').message.body.items;
const claimed = { ...requested, state: 'claimed' };
const KEY = medicalKey(claimed.id);
const health = { history: 'Allergie à la pénicilline', social_security_number: null, updated_at: null };
const opened = [
  { type: 'server.consultations', body: { kind: 'snapshot', items: [claimed] } }, { type: 'open.only', name: KEY, open: true }, { type: 'people.loaded', key: KEY, value: health },
].reduce(reduce, INITIAL);
const held = (state) => JSON.stringify(state).includes('pénicilline');

test('CU-1: the practitioner who claimed reads the medical history on a press', () => {
  const view = viewOf(INITIAL);
  medicalButton(view, claimed).props.onclick();
  assert.deepEqual(view.done.map(([name, given]) => [name, given]), [['openOnly', KEY], ['people.load', KEY]]);
  assert.equal(textOf(named(medicalPanel(viewOf(opened), claimed), 'medical-history')), health.history);
  assert.equal(medicalPanel(viewOf(INITIAL), claimed), null);
});

test('CU-5.2: nothing of the medical history stays once its panel is closed or the consultation is over', () => {
  assert.equal(held(opened), true);
  const ended = { ...claimed, state: 'ended' };
  for (const action of [
    { type: 'open', name: KEY, open: false }, { type: 'open.only', name: 'end', open: true }, { type: 'route', route: { page: 'home' } }, { type: 'session.signed_out' },
    { type: 'consultation', consultation: ended }, { type: 'server.consultations', body: { kind: 'delta', upsert: [ended] } },
    { type: 'server.consultations', body: { kind: 'delta', remove: [claimed.id] } },
  ]) assert.equal(held(reduce(opened, action)), false, action.type);
  assert.equal(held(reduce(opened, { type: 'now', now: 1 })), true);
});

test('CU-5.2: an answer that comes after the consultation is over is not kept', () => {
  const over = reduce(opened, { type: 'consultation', consultation: { ...claimed, state: 'ended' } });
  assert.equal(held(reduce(over, { type: 'people.loaded', key: KEY, value: health })), false);
  assert.equal(medicalButton(viewOf(over), over.consultations.byId[claimed.id]), null);
});
