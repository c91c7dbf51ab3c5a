// Golden examples of docs/protocol/examples, and the part of JSON Schema that docs/protocol/schemas uses.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../docs/protocol');

/** Names without ".json", those of HTTP as "http/…". */
export function exampleNames() {
  return files(join(ROOT, 'examples')).map((path) => relative(join(ROOT, 'examples'), path).slice(0, -5)).sort();
}

export function example(name) {
  return JSON.parse(readFileSync(join(ROOT, 'examples', `${name}.json`), 'utf8'));
}

/** The schema of the same name, or of the name without its last part. */
export function schemaFor(name) {
  if (existsSync(join(ROOT, 'schemas', `${name}.json`))) return `${name}.json`;
  if (!name.includes('.')) throw new Error(`there is no schema for ${name}`);
  return schemaFor(name.slice(0, name.lastIndexOf('.')));
}

export function errorsOf(schemaFile, value) {
  return check(load(schemaFile), value, schemaFile, '');
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function load(file) {
  return JSON.parse(readFileSync(join(ROOT, 'schemas', file), 'utf8'));
}

function resolve(reference, file) {
  const [path, pointer = ''] = reference.split('#');
  const target = path ? join(dirname(file), path) : file;
  return [pointer.split('/').filter(Boolean).reduce((value, name) => value[name], load(target)), target];
}

const TYPES = {
  object: (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};
const KNOWN = new Set(['$schema', '$id', '$defs', '$ref', 'description', 'type', 'required', 'properties', 'items', 'enum', 'const', 'anyOf', 'oneOf',
  'pattern', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems',
  'if', 'then', 'propertyNames', 'additionalProperties']);

function check(schema, value, file, at) {
  const unknown = Object.keys(schema).find((word) => !KNOWN.has(word));
  if (unknown) throw new Error(`${file} uses ${unknown}, which this checker does not know`);
  if (schema.$ref) {
    const [target, targetFile] = resolve(schema.$ref, file);
    return check(target, value, targetFile, at);
  }
  const errors = [];
  const fail = (what) => errors.push(`${at || '/'}: ${what}`);
  if (schema.type && !TYPES[schema.type](value)) return [`${at || '/'}: is not ${schema.type}`];
  if ('const' in schema && value !== schema.const) fail(`is not ${schema.const}`);
  if (schema.enum && !schema.enum.includes(value)) fail(`is none of ${schema.enum}`);
  if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) fail(`does not match ${schema.pattern}`);
  if (value < schema.minimum || value > schema.maximum) fail('is out of range');
  const length = typeof value === 'string' ? [...value].length : 0;
  if (length < schema.minLength || length > schema.maxLength) fail('has a wrong length');
  if (Array.isArray(value)) {
    if (value.length < schema.minItems || value.length > schema.maxItems) fail('has a wrong number of items');
    if (schema.uniqueItems && new Set(value.map((item) => JSON.stringify(item))).size !== value.length) fail('repeats an item');
    if (schema.items) value.forEach((item, index) => errors.push(...check(schema.items, item, file, `${at}/${index}`)));
  }
  for (const name of schema.required ?? []) if (!(name in value)) fail(`lacks ${name}`);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (TYPES.object(value) && name in value) errors.push(...check(property, value[name], file, `${at}/${name}`));
  }
  if (TYPES.object(value)) {
    for (const name of Object.keys(value)) {
      if (schema.propertyNames) errors.push(...check(schema.propertyNames, name, file, `${at}/${name}`));
      if (schema.additionalProperties && !(name in (schema.properties ?? {}))) errors.push(...check(schema.additionalProperties, value[name], file, `${at}/${name}`));
    }
  }
  if (schema.if && check(schema.if, value, file, at).length === 0) errors.push(...check(schema.then ?? {}, value, file, at));
  const passing = (list) => list.filter((one) => check(one, value, file, at).length === 0).length;
  if (schema.anyOf && passing(schema.anyOf) === 0) fail('fits none of anyOf');
  if (schema.oneOf && passing(schema.oneOf) !== 1) fail('does not fit exactly one of oneOf');
  return errors;
}
