// The texts to agree to: a small subset of markdown, made into elements and never into HTML.
import { h } from '../ui/dom.js';
import { focusSoon } from '../ui/parts.js';

/** @typedef {{is: 'heading', level: 1 | 2, text: string} | {is: 'paragraph', text: string} | {is: 'list', items: string[]}} Block */

/**
 * `# `, `## `, `- ` and paragraphs, which an empty line ends. Whatever else is there is shown as it is written.
 * @param {string} text
 * @returns {Block[]}
 */
export function parseProse(text) {
  /** @type {Block[]} */
  const blocks = [];
  let fresh = true;
  for (const line of text.split(/\r?\n/)) {
    const last = blocks.at(-1);
    const heading = /^(#{1,2}) +(.*\S)/.exec(line);
    const item = /^- +(.*\S)/.exec(line);
    const words = line.trim();
    if (heading) blocks.push({ is: 'heading', level: heading[1].length === 1 ? 1 : 2, text: heading[2] });
    else if (item && last?.is === 'list') last.items.push(item[1]);
    else if (item) blocks.push({ is: 'list', items: [item[1]] });
    else if (words !== '' && !fresh && last?.is === 'paragraph') last.text += ` ${words}`;
    else if (words !== '' && !fresh && last?.is === 'list') last.items.push(`${last.items.pop()} ${words}`);
    else if (words !== '') blocks.push({ is: 'paragraph', text: words });
    fresh = words === '' || heading !== null;
  }
  return blocks;
}

/**
 * @param {string} text
 * @param {number} level of the text's own title among the headings of the page
 */
export function prose(text, level) {
  return parseProse(text).map((block, place) => {
    const key = String(place);
    if (block.is === 'heading') return h(`h${Math.min(level + block.level - 1, 6)}`, { key, ...(block.level === 1 && level === 1 ? { tabindex: '-1', mounted: focusSoon } : {}) }, block.text);
    if (block.is === 'list') return h('ul', { key, class: 'bullets' }, block.items.map((item, number) => h('li', { key: String(number) }, item)));
    return h('p', { key }, block.text);
  });
}
