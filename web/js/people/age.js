// Birth dates as the contract writes them, YYYY-MM-DD.

export const ADULT = 18;

/**
 * @param {string} birthDate
 * @param {number} now milliseconds
 * @returns {number} whole years; negative or not a number for a date that has yet to come or does not exist
 */
export function ageOn(birthDate, now) {
  const [year, month, day] = birthDate.split('-').map(Number);
  const today = new Date(now);
  const before = today.getMonth() + 1 < month || (today.getMonth() + 1 === month && today.getDate() < day);
  return today.getFullYear() - year - (before ? 1 : 0);
}

/**
 * Noon, so that it is the same day in every time zone that a person may look at it from.
 * @param {string} birthDate
 */
export function dayOf(birthDate) {
  return new Date(`${birthDate}T12:00`).getTime();
}
