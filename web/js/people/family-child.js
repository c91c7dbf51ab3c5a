// A parent makes the account of their child, and corrects what it says.
import { h } from '../ui/dom.js';
import { focusSoon, fullName } from '../ui/parts.js';
import { ATTENDING_FIELDS, attendingField, readAttending } from './attending.js';
import { ageOn, readDate, wrongName } from './checks.js';
import * as api from './api.js';
import { finish } from './family-requests.js';
import { dateFields } from './fields.js';
import { box, form, textField } from './form.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('../app/people.js').Values} Values */
/** @typedef {import('./types.js').Patient} Patient */

const ADD = 'child';
const CORRECT = 'child-correct';
const ADULT_YEARS = 18;
const FIELDS = ['given_name', 'family_name', 'birth_date', ...ATTENDING_FIELDS, 'authority'];

/** @param {View} view */
export function childForm(view) {
  const { t } = view;
  return [
    h('h1', { tabindex: '-1', mounted: focusSoon }, t('child.title')),
    h('p', { class: 'lead' }, t('child.lead')),
    form(view, { name: ADD, submit: t('child.submit'), card: true, send: (values) => add(view, values) }, [
      ...person(view, ADD),
      attendingField(view, ADD),
      box(view, ADD, { name: 'authority', label: t('child.authority') }),
      h('p', { key: 'texts', class: 'agreed' }, ['terms', 'privacy'].map((name) =>
        h('a', { key: name, href: `#/texts/${name}`, target: '_blank', rel: 'noopener', 'data-test': `child-${name}` }, t(`footer.${name}`), ' ', h('span', { class: 'unseen' }, t('child.new_tab'))))),
    ]),
  ];
}

/** @param {View} view @param {Patient} patient */
export function correctForm(view, patient) {
  const { t } = view;
  return [
    h('h1', { tabindex: '-1', mounted: focusSoon }, t('child.correct.title', { name: fullName(patient) })),
    form(view, { name: CORRECT, submit: t('form.save'), card: true, send: (values) => correct(view, patient, values) },
      [...person(view, CORRECT, patient), attendingField(view, CORRECT, patient.attending)]),
  ];
}

/**
 * The browser knows the parent's own name and birth date, which are not asked for here.
 * @param {View} view @param {string} name of the form @param {Patient} [patient]
 */
function person(view, name, patient) {
  const { t } = view;
  return [
    textField(view, name, { name: 'given_name', label: t('form.given_name'), autocomplete: 'off', maxlength: 100, capitals: true, value: patient?.given_name }),
    textField(view, name, { name: 'family_name', label: t('form.family_name'), autocomplete: 'off', maxlength: 100, capitals: true, value: patient?.family_name }),
    dateFields(view, name, { name: 'birth_date', legend: t('form.birth_date'), value: patient?.birth_date }),
  ];
}

/** @param {View} view @param {Values} values */
async function add(view, values) {
  const { act } = view;
  const { given_name, family_name } = values;
  const { attending, wrong } = readAttending(view, ADD, values);
  const birth_date = readDate(values, 'birth_date');
  const child = await act.people.submit({
    form: ADD, fields: FIELDS,
    errors: { ...wrongChild(values, new Date()), ...wrong, authority: values.authority !== 'yes' && 'child.authority_needed' },
    work: () => api.patients.add({ given_name, family_name, birth_date, attending, authority: true }),
  });
  if (child) await finish(act, 'child.made', { name: fullName(child) });
}

/** @param {View} view @param {Patient} patient @param {Values} values */
async function correct(view, patient, values) {
  const { act } = view;
  const { given_name, family_name } = values;
  const { attending, wrong } = readAttending(view, CORRECT, values, patient.attending);
  const birth_date = readDate(values, 'birth_date');
  const { birth_date: wrongDate, ...wrongNames } = wrongChild(values, new Date());
  const child = await act.people.submit({
    form: CORRECT, fields: FIELDS,
    // An account stays in its guardian's hands when its person grows up.
    errors: { ...wrongNames, birth_date: wrongDate === 'child.adult' ? undefined : wrongDate, ...wrong },
    work: () => api.patients.correct(patient.id, { given_name, family_name, birth_date, attending }),
  });
  if (child) await finish(act, 'child.saved', { name: fullName(child) });
}

/**
 * @param {Values} values @param {Date} today
 * @returns {Record<string, string | undefined>} keys of words by field
 */
export function wrongChild(values, today) {
  const birthDate = readDate(values, 'birth_date');
  const age = birthDate ? ageOn(birthDate, today) : -1;
  return {
    given_name: wrongName(values, 'given_name'), family_name: wrongName(values, 'family_name'),
    birth_date: age < 0 ? 'error.invalid_field.birth_date' : age >= ADULT_YEARS ? 'child.adult' : undefined,
  };
}
