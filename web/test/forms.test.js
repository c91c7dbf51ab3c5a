import assert from 'node:assert/strict';
import test from 'node:test';
import { PeopleActions } from '../js/app/people.js';
import { box, choices, form, passwordField, textField } from '../js/people/form.js';
import { dateFields } from '../js/people/fields.js';
import { BrokerError } from '../js/signalling/protocol.js';
import { INITIAL, reduce } from '../js/state/root.js';
import { createStore } from '../js/state/store.js';

const view = (...actions) => ({ state: actions.reduce(reduce, INITIAL), t: (key) => key, words: {}, act: {} });
const fail = (name, errors) => ({ type: 'form', name, busy: false, errors });
/** Every element of a tree. */
const all = (node) => (typeof node === 'string' ? [] : [node, ...node.children.flatMap(({ node: child }) => all(child))]);
const find = (node, test) => all(node).find(test);
const byId = (node, id) => find(node, ({ props }) => props.id === id);

test('a field has its label, its hint and its error, and says so to screen readers', () => {
  const options = { name: 'city', label: 'Ville', autocomplete: 'address-level2', hint: 'Sans code' };
  const calm = textField(view(), 'profile', options);
  const input = byId(calm, 'profile-city');
  assert.deepEqual([find(calm, ({ tag }) => tag === 'label').props.for, input.props['aria-describedby'], input.props['aria-invalid']], ['profile-city', 'profile-city-hint', undefined]);
  const wrong = textField(view(fail('profile', { city: 'error.missing_field' })), 'profile', options);
  const described = byId(wrong, 'profile-city').props;
  assert.deepEqual([described['aria-invalid'], described['aria-describedby']], ['true', 'profile-city-hint profile-city-error']);
  for (const id of described['aria-describedby'].split(' ')) assert.ok(byId(wrong, id), id);
});

test('a form says its errors at the top, with links to the fields, and is busy while it is sent', () => {
  const made = form(view(fail('reset', { password: 'form.password_short', form: 'error.unavailable' })), { name: 'reset', submit: 'Envoyer', send() {} }, []);
  const summary = find(made, ({ props }) => props['data-test'] === 'reset-errors');
  assert.deepEqual([summary.props.role, find(summary, ({ tag }) => tag === 'a').props.href], ['alert', '#reset-password']);
  const busy = form(view({ type: 'form', name: 'reset', busy: true }), { name: 'reset', submit: 'Envoyer', send() {} }, []);
  assert.equal(find(busy, ({ props }) => props['data-test'] === 'reset-submit').props['aria-busy'], 'true');
});

test('the summary is another one each time, so that it takes the focus again', () => {
  const key = (...actions) => find(form(view(...actions), { name: 'reset', submit: '', send() {} }, []), ({ props }) => props['data-test'] === 'reset-errors');
  const once = view(fail('reset', { password: 'a' })).state.forms.reset.round;
  const twice = view(fail('reset', { password: 'a' }), fail('reset', { password: 'a' })).state.forms.reset.round;
  assert.notEqual(once, twice);
  assert.notEqual(key(fail('reset', { password: 'a' })).key, key(fail('reset', { password: 'a' }), fail('reset', { password: 'a' })).key);
});

test('a new password can be shown, and what managers of passwords need is there', () => {
  const options = { name: 'password', label: 'Mot de passe', chosen: true };
  assert.deepEqual([byId(passwordField(view(), 'reset', options), 'reset-password').props].map(({ type, autocomplete }) => [type, autocomplete]), [['password', 'new-password']]);
  const shown = passwordField(view({ type: 'open', name: 'show reset password', open: true }), 'reset', options);
  assert.equal(byId(shown, 'reset-password').props.type, 'text');
  assert.equal(find(shown, ({ tag }) => tag === 'button').props['aria-pressed'], 'true');
});

test('CU-3: a box is never ticked beforehand', () => {
  const input = byId(box(view(), 'consent', { name: 'terms', label: 'Oui' }), 'consent-terms');
  assert.deepEqual([input.props.type, 'checked' in input.props], ['checkbox', false]);
});

test('groups of fields have a legend, and an error that the focus can be sent to', () => {
  for (const [made, id] of [
    [choices(view(fail('sign-up', { kind: 'form.choose' })), 'sign-up', { name: 'kind', legend: 'Qui ?', options: [{ value: 'a', label: 'A' }] }), 'sign-up-kind'],
    [dateFields(view(fail('sign-up', { birth_date: 'form.minor' })), 'sign-up', { name: 'birth_date', legend: 'Date' }), 'sign-up-birth_date'],
  ]) {
    const group = byId(made, id);
    assert.deepEqual([group.tag, group.props.tabindex, group.props['aria-describedby']], ['fieldset', '-1', `${id}-error`]);
    assert.ok(byId(made, `${id}-error`) && find(made, ({ tag }) => tag === 'legend'));
  }
});

function people() {
  const store = createStore(reduce, reduce(INITIAL, { type: 'session.signed_in', account: { id: '1', roles: ['patient'] } }));
  const heard = [];
  const account = { signedOut: (why) => heard.push(why), refresh: () => heard.push('refresh') };
  return { store, heard, actions: new PeopleActions({ store, account, go() {} }) };
}
const refuse = (code, field) => async () => { throw new BrokerError({ code, message: '', retry: 'never', ...(field ? { details: { field } } : {}) }); };

test('what the page finds wrong is not sent', async () => {
  const { store, actions } = people();
  let sent = 0;
  const answer = await actions.submit({ form: 'reset', fields: ['password'], errors: { password: 'form.password_short', other: undefined }, work: async () => { sent += 1; } });
  assert.deepEqual([answer, sent, store.get().forms.reset.errors], [undefined, 0, { password: 'form.password_short' }]);
});

test('what the server finds wrong is said at its field, and a second press does nothing meanwhile', async () => {
  const { store, actions } = people();
  const first = actions.submit({ form: 'profile', fields: ['birth_date'], work: refuse('invalid_field', 'birth_date') });
  assert.equal(store.get().forms.profile.busy, true);
  assert.equal(await actions.submit({ form: 'profile', fields: [], work: async () => 'twice' }), undefined);
  await first;
  assert.deepEqual([store.get().forms.profile.busy, store.get().forms.profile.errors], [false, { birth_date: 'error.invalid_field.birth_date' }]);
});

test('CU-3: a session that is over, and an agreement that is missing, are heard wherever they are told', async () => {
  const { store, heard, actions } = people();
  await actions.load('details', refuse('consent_required'));
  await actions.submit({ form: 'profile', fields: [], work: refuse('not_signed_in') });
  assert.deepEqual(heard, ['refresh', 'not_signed_in']);
  assert.equal(store.get().people.data.details.phase, 'failed');
});

test('an answer that comes too late changes nothing: after a newer question, and for another person', async () => {
  const { store, actions } = people();
  const answers = [];
  const ask = () => actions.load('found', () => new Promise((resolve) => { answers.push(resolve); }));
  const questions = [ask(), ask()];
  answers[1](['Martin']);
  await questions[1];
  answers[0](['Ma']);
  await questions[0];
  assert.deepEqual(store.get().people.data.found.value, ['Martin']);
  const last = ask();
  store.dispatch({ type: 'session.signed_out' });
  answers[2](['Martin', 'Marchand']);
  await last;
  assert.deepEqual(store.get().people.data, {});
});
