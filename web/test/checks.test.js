import assert from 'node:assert/strict';
import test from 'node:test';
import { countries } from '../js/people/address.js';
import {
  ageOn, isRpps, isSocialSecurityNumber, joined, readDate, wrongAdultBirthDate, wrongEmail, wrongName, wrongPassword, wrongRpps,
} from '../js/people/checks.js';
import { groups } from '../js/people/second-factor.js';

test('CU-6.7: an RPPS number has eleven digits and the key of Luhn', () => {
  for (const rpps of ['10000000009', '10000000017', '12345678903']) assert.equal(isRpps(rpps), true, rpps);
  for (const rpps of ['10000000008', '12345678930', '1000000000', '100000000090', '', 'abcdefghijk', '１００００００００００９']) assert.equal(isRpps(rpps), false, rpps);
  assert.equal(wrongRpps('1000000000'), 'practitioner.rpps_length');
  assert.equal(wrongRpps('10000000008'), 'practitioner.rpps_key');
  assert.equal(wrongRpps(joined('100 0000 0009')), undefined);
});

test('every one-digit mistake in an RPPS number is found', () => {
  const right = '12345678903';
  for (let place = 0; place < right.length; place += 1) {
    for (const digit of '0123456789') {
      if (digit !== right[place]) assert.equal(isRpps(right.slice(0, place) + digit + right.slice(place + 1)), false);
    }
  }
});

test('a password has 12 to 256 characters, counted as the server counts them', () => {
  assert.equal(wrongPassword('a'.repeat(11)), 'form.password_short');
  assert.equal(wrongPassword('a'.repeat(12)), undefined);
  assert.equal(wrongPassword('é'.normalize('NFD').repeat(11)), 'form.password_short');
  assert.equal(wrongPassword('😀'.repeat(256)), undefined);
  assert.equal(wrongPassword('a'.repeat(257)), 'form.too_long');
});

test('a date is one that exists', () => {
  const date = (day, month, year) => readDate({ birth_date_day: day, birth_date_month: month, birth_date_year: year }, 'birth_date');
  assert.equal(date('7', '3', '1985'), '1985-03-07');
  assert.equal(date('29', '2', '2024'), '2024-02-29');
  for (const parts of [['29', '2', '2023'], ['31', '4', '1990'], ['0', '1', '1990'], ['1', '13', '1990'], ['1', '1', '85'], ['1', '1', '1899'], ['', '', ''], ['x', '1', '1990']]) {
    assert.equal(date(...parts), null, parts.join(' '));
  }
});

test('CU-6.3: whoever is under 18 on the day does not make their own account', () => {
  const today = new Date(2026, 10, 24);
  assert.equal(ageOn('2008-11-24', today), 18);
  assert.equal(ageOn('2008-11-25', today), 17);
  assert.equal(wrongAdultBirthDate('2008-11-24', today), undefined);
  assert.equal(wrongAdultBirthDate('2008-11-25', today), 'form.minor');
  assert.equal(wrongAdultBirthDate('2027-01-01', today), 'error.invalid_field.birth_date');
  assert.equal(wrongAdultBirthDate(null, today), 'error.invalid_field.birth_date');
});

test('a social security number has its key, in Corsica too', () => {
  const key = (digits) => String(97 - Number(BigInt(digits.replace('2A', '19').replace('2B', '18')) % 97n)).padStart(2, '0');
  for (const digits of ['1850469123456', '2991275116005', '185042A123456', '285042B123456']) {
    assert.equal(isSocialSecurityNumber(digits + key(digits)), true, digits);
    assert.equal(isSocialSecurityNumber(digits + String((Number(key(digits)) + 1) % 97).padStart(2, '0')), false, digits);
  }
  for (const wrong of ['', '185046912345', '985046912345699', '18504691234567890']) assert.equal(isSocialSecurityNumber(wrong), false, wrong);
});

test('names and addresses that are missing or too long are found', () => {
  assert.equal(wrongName({ city: '' }, 'city'), 'error.missing_field.city');
  assert.equal(wrongName({ city: 'x'.repeat(101) }, 'city'), 'form.too_long');
  assert.equal(wrongName({ city: 'x'.repeat(100) }, 'city'), undefined);
  for (const email of ['julie', 'julie@demo', 'a b@demo.example', '', undefined]) assert.equal(wrongEmail(email), 'sign_in.email_needed');
  assert.equal(wrongEmail('julie.petit@demo.example'), undefined);
});

test('countries are in the order of their names in the language', () => {
  const french = countries('fr').map(({ name }) => name);
  assert.deepEqual([french.includes('France'), french.includes('Réunion') || french.includes('La Réunion'), new Set(french).size], [true, true, french.length]);
  assert.ok(french.indexOf('Égypte') < french.indexOf('Finlande'));
});

test('a secret is shown in groups of four', () => {
  assert.equal(groups('JBSWY3DPEHPK3PXPAB'), 'JBSW Y3DP EHPK 3PXP AB');
});
