// A small keyed renderer: pages are described as values, and only what differs is touched, so that focus, text being typed
// and running videos stay where they are.

/** @typedef {{tag: string, key: string | undefined, props: Record<string, any>, children: Named[]}} VNode */
/** A child and its name among its siblings: its key, or else its place in the code that described it. */
/** @typedef {{name: string, node: VNode | string}} Named */
/** @typedef {VNode | string | number | null | undefined | false | ''} Single */
/** @typedef {Single | Single[] | (Single | Single[])[]} Child */

const SVG = 'http://www.w3.org/2000/svg';
const PROPERTIES = new Set(['checked', 'muted', 'srcObject']);

/**
 * @param {string} tag
 * @param {Record<string, any> | null} [props] `key`, `class`, `on…` handlers, `mounted` (called once), attributes
 * @param {...Child} children
 * @returns {VNode}
 */
export function h(tag, props, ...children) {
  const { key, ...rest } = props ?? {};
  return { tag, key, props: rest, children: flat(children) };
}

/**
 * What is absent still counts as a place, so that a message that appears above a field does not make it another field.
 * @param {Child[]} children @param {string} [prefix] @returns {Named[]}
 */
function flat(children, prefix = '') {
  return children.flatMap((child, place) => {
    if (Array.isArray(child)) return flat(child, `${prefix}${place}.`);
    if (child === null || child === undefined || child === false || child === '') return [];
    if (typeof child !== 'object') return [{ name: `text ${prefix}${place}`, node: String(child) }];
    return [{ name: `${child.tag} ${child.key === undefined ? `${prefix}${place}` : `key ${child.key}`}`, node: child }];
  });
}

/**
 * @param {Element} root
 * @returns {(children: Child[]) => void}
 */
export function mount(root) {
  root.replaceChildren();
  /** @type {VNode} */
  let before = { tag: '', key: undefined, props: {}, children: [] };
  return (children) => {
    const next = { tag: '', key: undefined, props: {}, children: flat(children) };
    patchChildren(root, before, next);
    before = next;
  };
}

/** @param {Element} parent @param {VNode} before @param {VNode} next */
function patchChildren(parent, before, next) {
  /** @type {Map<string, {was: VNode | string, dom: ChildNode}>} */
  const old = new Map();
  const present = [...parent.childNodes];
  before.children.forEach(({ name, node }, index) => old.set(name, { was: node, dom: present[index] }));
  const kept = new Set(next.children.map(({ name }) => name));
  // Removing first keeps the rest in its order, so that what stays is not moved and keeps its focus.
  for (const [name, { dom }] of old) if (!kept.has(name)) dom.remove();
  next.children.forEach(({ name, node }, index) => {
    const found = old.get(name);
    const dom = found ? patch(found.dom, found.was, node) : create(node);
    if (parent.childNodes[index] !== dom) parent.insertBefore(dom, parent.childNodes[index] ?? null);
  });
}

/** @param {VNode | string} vnode @returns {Node} */
function create(vnode) {
  if (typeof vnode === 'string') return document.createTextNode(vnode);
  const element = SVG_TAGS.has(vnode.tag) ? document.createElementNS(SVG, vnode.tag) : document.createElement(vnode.tag);
  for (const [name, value] of Object.entries(vnode.props)) set(element, name, value, undefined);
  for (const { node } of vnode.children) element.appendChild(create(node));
  vnode.props.mounted?.(element);
  return element;
}

/** @param {Node} node @param {VNode | string} was @param {VNode | string} next @returns {Node} */
function patch(node, was, next) {
  if (typeof next === 'string') {
    if (was !== next) node.nodeValue = next;
    return node;
  }
  const element = /** @type {Element} */ (node);
  const before = /** @type {VNode} */ (was);
  for (const name of Object.keys(before.props)) if (!(name in next.props)) set(element, name, undefined, before.props[name]);
  for (const [name, value] of Object.entries(next.props)) {
    if (value !== before.props[name]) set(element, name, value, before.props[name]);
  }
  patchChildren(element, before, next);
  return node;
}

/** @param {any} element @param {string} name @param {any} value @param {any} was */
function set(element, name, value, was) {
  if (name === 'mounted') return;
  if (name.startsWith('on')) element[name.toLowerCase()] = value ?? null;
  else if (PROPERTIES.has(name)) element[name] = value ?? null;
  // A field's text belongs to the person: it is only set when the page itself wants another text.
  else if (name === 'value' && element.tagName !== 'OPTION') { if (value !== was) element.value = value ?? ''; }
  else if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

const SVG_TAGS = new Set(['svg', 'path', 'circle', 'rect', 'g', 'line']);
