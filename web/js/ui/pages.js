// The pages behind the sign-in. They are loaded after the first picture, so that signing in is there at once.
import { askPage } from './ask.js';
import { consultationPage } from './consultation.js';
import { deskPage } from './desk.js';
import { homePage } from './home.js';

/** @type {Partial<Record<import('../state/pages.js').PageName, (view: import('./view.js').View) => import('./dom.js').Child>>} */
export const PAGES = {
  home: homePage, ask: askPage, consultation: consultationPage, call: consultationPage,
  desk: deskPage,
};
