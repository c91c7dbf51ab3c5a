// What a practitioner says of themselves, from a form's fields. Pure.
import { joined, wrongName, wrongRpps } from './checks.js';

/** @typedef {import('../app/people.js').Values} Values */

/** The fields that errors can be shown at. */
export const PRACTITIONER_FIELDS = ['rpps', 'specialty', 'sector'];

/** @param {Values} values @returns {{rpps: string, specialty: string, sector: number}} */
export function readPractitioner(values) {
  return { rpps: joined(values.rpps), specialty: values.specialty, sector: Number(values.sector) };
}

/** @param {Values} values @returns {Record<string, string | undefined>} what is wrong, by field */
export function wrongPractitioner(values) {
  return { rpps: wrongRpps(joined(values.rpps ?? '')), specialty: wrongName(values, 'specialty'), sector: values.sector ? undefined : 'practitioner.sector_choose' };
}
