// Words, dates and durations in the language of the person.
/** @typedef {import('../state/types.js').Language} Language */

/**
 * @param {Record<string, string>} words
 * @param {Language} language
 */
export function createTranslator(words, language) {
  const plural = new Intl.PluralRules(language);
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });

  const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' });

  /** @param {string} key @param {Record<string, string | number>} [values] `count` chooses key.one or key.other */
  function t(key, values = {}) {
    const found = words[key] ?? (typeof values.count === 'number' ? words[`${key}.${plural.select(values.count)}`] ?? words[`${key}.other`] : undefined);
    return (found ?? fallback(words, key)).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  return {
    t,
    has: (/** @type {string} */ key) => key in words,
    /** @param {number} time @param {number} now */
    moment(time, now) {
      if (sameDay(time, now)) return t('time.today', { time: clock.format(time) });
      return sameDay(time, now + 86_400_000) ? t('time.tomorrow', { time: clock.format(time) }) : day.format(time);
    },
    /** A day without its time. */
    date: (/** @type {number} */ time) => date.format(time),
    /** The time of day. */
    time: (/** @type {number} */ time) => clock.format(time),
    /** @param {number} bytes */
    size(bytes) {
      const kilobytes = Math.max(1, Math.round(bytes / 1000));
      if (kilobytes < 1000) return t('size.kilobytes', { count: kilobytes });
      return t('size.megabytes', { size: decimal.format(bytes / 1_000_000) });
    },
    /** @param {number} milliseconds */
    duration(milliseconds) {
      const minutes = Math.floor(Math.max(0, milliseconds) / 60_000);
      if (minutes < 1) return t('time.under_a_minute');
      if (minutes < 60) return t('time.minutes', { count: minutes });
      const hours = Math.floor(minutes / 60);
      return hours < 2 && minutes % 60 ? t('time.hour_and', { minutes: minutes % 60 }) : t('time.hours', { count: hours });
    },
  };
}
/** @typedef {ReturnType<typeof createTranslator>} Translator */

/**
 * An error without words of its own has those of the wider one: `error.invalid_field.city`, `error.invalid_field`, `error.other`.
 * @param {Record<string, string>} words @param {string} key
 */
function fallback(words, key) {
  if (!key.startsWith('error.')) return key;
  const wider = key.slice(0, key.lastIndexOf('.'));
  return words[wider] ?? words['error.other'] ?? key;
}

/** @param {number} a @param {number} b */
function sameDay(a, b) {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
