// What the words of a record are made with: who somebody is, when something was, and names that a newer server may have added.
import { partiesOf } from './parties.js';
import { timesIn } from './times.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').ConsultationRecord} ConsultationRecord */

export class Telling {
  /** @param {View} view @param {ConsultationRecord} record */
  constructor({ t, words, state }, record) {
    this.t = t;
    this.words = words;
    this.record = record;
    this.parties = partiesOf(record);
    this.times = timesIn(state.language);
    /** Documents by the order in which they were handed over: their names are gone once the consultation is closed. */
    this.documents = record.events.filter(({ event }) => event === 'document_handed_over').map(({ details }) => details.document);
  }

  /**
   * The role first, and the name where one is left; never the id.
   * @param {unknown} id of an account; null is the service itself
   */
  who(id) {
    if (id === null || id === undefined) return this.t('record.who.service');
    const party = this.parties.find((one) => one.id === id);
    if (!party) return this.t('record.who.unknown');
    const role = this.t(`record.who.${party.role}`);
    return party.name ? this.t('record.who.named', { role, name: party.name }) : role;
  }

  /** @param {unknown} at */
  when(at) {
    return typeof at === 'number' ? this.times.full(at) : '';
  }

  /**
   * A name of the record in words, or as it stands there where there are none.
   * @param {string} group of keys @param {unknown} name
   */
  word(group, name) {
    const key = `${group}.${name}`;
    return this.words.has(key) ? this.t(key) : String(name ?? '');
  }

  /**
   * "Document 2"
   * @param {unknown} id
   */
  document(id) {
    const place = this.documents.indexOf(id);
    return this.t('record.document', { number: place < 0 ? '?' : place + 1 });
  }

  /** @param {unknown} seat */
  seat(seat) {
    return seat ? this.word('seat', seat) : '';
  }

  /**
   * Short, for what lasts seconds: "12 s", and minutes and hours from there on.
   * @param {number} milliseconds
   */
  lasting(milliseconds) {
    return milliseconds < 60_000 ? this.t('record.seconds', { seconds: Math.round(milliseconds / 1_000) }) : this.words.duration(milliseconds);
  }
}
