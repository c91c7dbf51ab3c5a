// What operators see for now.
import { message } from './plain-pages.js';

/** @param {import('./view.js').View} view */
export function operatorPage(view) {
  return message(view, 'settings', view.t('operator.title'), view.t('operator.lead'));
}
