// The words of all parts of the front that are loaded, in the language of the person.
import { createTranslator } from './i18n.js';

/** @typedef {import('../state/types.js').Language} Language */

export class Words {
  /** @param {Language} language */
  constructor(language) {
    this.language = language;
    /** Parts that were asked for; the first needs no name. */
    this.parts = [''];
    /** @type {Map<string, Record<string, string>>} */
    this.files = new Map();
    this.translator = createTranslator({}, language);
  }

  /** @param {Language} language */
  async speak(language) {
    await this.complete(language);
    this.language = language;
    this.merge();
  }

  /** @param {string} part `i18n/PART.LANGUAGE.json` */
  async add(part) {
    if (!this.parts.includes(part)) this.parts.push(part);
    // The language may be another one when its file arrives.
    while (!this.files.has(fileName(part, this.language))) await this.complete(this.language);
    this.merge();
  }

  /** @param {Language} language */
  async complete(language) {
    for (;;) {
      const missing = this.parts.map((part) => fileName(part, language)).filter((name) => !this.files.has(name));
      if (missing.length === 0) return;
      await Promise.all(missing.map(async (name) => this.files.set(name, await (await fetch(`/i18n/${name}`)).json())));
    }
  }

  merge() {
    const words = Object.assign({}, ...this.parts.map((part) => this.files.get(fileName(part, this.language)) ?? {}));
    this.translator = createTranslator(words, this.language);
  }
}

/** @param {string} part @param {Language} language */
function fileName(part, language) {
  return part === '' ? `${language}.json` : `${part}.${language}.json`;
}
