// What a page can find wrong by itself, before anything is sent. Pure; the server checks all of it again.

export const PASSWORD_CHARACTERS = { least: 12, most: 256 };
export const HISTORY_CHARACTERS = 3000;
const NAME_CHARACTERS = 100;
const ADULT_YEARS = 18;
const OLDEST_YEAR = 1900;

/** @param {string} text @returns {number} characters as people count them */
export const lengthOf = (text) => [...text].length;

/** @typedef {string | undefined} Wrong the key of the words for what is wrong */

/**
 * A name, or another line of up to 100 characters.
 * @param {Record<string, string>} values of a form @param {string} field that must be there
 * @returns {Wrong}
 */
export function wrongName(values, field) {
  if (!values[field]) return `error.missing_field.${field}`;
  return lengthOf(values[field]) > NAME_CHARACTERS ? 'form.too_long' : undefined;
}

/** @param {string | undefined} email @returns {Wrong} */
export function wrongEmail(email) {
  return email && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? undefined : 'sign_in.email_needed';
}

/** @param {string | undefined} password a new one @returns {Wrong} */
export function wrongPassword(password = '') {
  const length = lengthOf(password.normalize('NFKC'));
  if (length < PASSWORD_CHARACTERS.least) return 'form.password_short';
  return length > PASSWORD_CHARACTERS.most ? 'form.too_long' : undefined;
}

/**
 * A date written as day, month and year.
 * @param {Record<string, string>} values of a form @param {string} name of the date
 * @returns {string | null} YYYY-MM-DD, or null where there is no such day
 */
export function readDate(values, name) {
  const [day, month, year] = ['day', 'month', 'year'].map((part) => values[`${name}_${part}`] ?? '');
  if (!/^\d{1,2}$/.test(day) || !/^\d{1,2}$/.test(month) || !/^\d{4}$/.test(year)) return null;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1 || Number(year) < OLDEST_YEAR) return null;
  return date.toISOString().slice(0, 10);
}

/** @param {string} birthDate YYYY-MM-DD @param {Date} today @returns {number} whole years */
export function ageOn(birthDate, today) {
  const [year, month, day] = birthDate.split('-').map(Number);
  const before = today.getMonth() + 1 < month || (today.getMonth() + 1 === month && today.getDate() < day);
  return today.getFullYear() - year - (before ? 1 : 0);
}

/** @param {string | null} birthDate @param {Date} today @returns {Wrong} of an adult with an account of their own */
export function wrongAdultBirthDate(birthDate, today) {
  if (!birthDate || ageOn(birthDate, today) < 0) return 'error.invalid_field.birth_date';
  return ageOn(birthDate, today) < ADULT_YEARS ? 'form.minor' : undefined;
}

/** @param {string} rpps @returns {boolean} eleven digits, of which the last is the key of Luhn */
export function isRpps(rpps) {
  if (!/^\d{11}$/.test(rpps)) return false;
  const sum = [...rpps].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** @param {string | undefined} rpps @returns {Wrong} */
export function wrongRpps(rpps = '') {
  if (!/^\d{11}$/.test(rpps)) return 'practitioner.rpps_length';
  return isRpps(rpps) ? undefined : 'practitioner.rpps_key';
}

/** @param {string} text @returns {string} without the spaces that people write between groups */
export const joined = (text) => text.replace(/[\s.-]/g, '');

/**
 * Fifteen characters: thirteen of the person, 2A and 2B for Corsica, and the key.
 * @param {string} number without spaces
 * @returns {boolean}
 */
export function isSocialSecurityNumber(number) {
  if (!/^[1-478]\d{4}(\d{2}|2[AB])\d{8}$/.test(number)) return false;
  const digits = number.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - Number(BigInt(digits) % 97n) === Number(number.slice(13));
}
