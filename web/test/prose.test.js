import assert from 'node:assert/strict';
import test from 'node:test';
import { parseProse, prose } from '../js/people/prose.js';

test('headings, paragraphs and lists of a text to agree to', () => {
  assert.deepEqual(parseProse('# Terms\n\nOne line\nand its end.\n\n## Care\n- first\n  goes on\n- second\nAfter\n\nLast.\n'), [
    { is: 'heading', level: 1, text: 'Terms' },
    { is: 'paragraph', text: 'One line and its end.' },
    { is: 'heading', level: 2, text: 'Care' },
    { is: 'list', items: ['first goes on', 'second After'] },
    { is: 'paragraph', text: 'Last.' },
  ]);
});

test('a list ends with an empty line, and Windows line ends are line ends', () => {
  assert.deepEqual(parseProse('- a\r\n\r\nb\r\n'), [{ is: 'list', items: ['a'] }, { is: 'paragraph', text: 'b' }]);
});

test('whatever else is written is shown as it is written, never as HTML', () => {
  const [block] = parseProse('<img src=x onerror=alert(1)> **bold** [link](javascript:x) ### three');
  assert.deepEqual(block, { is: 'paragraph', text: '<img src=x onerror=alert(1)> **bold** [link](javascript:x) ### three' });
  const [made] = prose('<b>x</b>', 1);
  assert.deepEqual([made.tag, made.children.map(({ node }) => node)], ['p', ['<b>x</b>']]);
});

test('every word of the text is in what is shown', () => {
  const text = '# A\nb c\n\n- d\n- e\n\n## F\ng';
  const words = (node) => (typeof node === 'string' ? node : node.children.map((child) => words(child.node)).join(' '));
  assert.equal(prose(text, 2).map(words).join(' '), 'A b c d e F g');
});

test('the text\'s title takes its place among the headings of the page', () => {
  assert.deepEqual(prose('# A\n## B', 3).map(({ tag }) => tag), ['h3', 'h4']);
  assert.deepEqual(prose('# A\n## B', 1).map(({ tag }) => tag), ['h1', 'h2']);
});

test('an empty text is nothing', () => assert.deepEqual(parseProse('\n \n'), []));
