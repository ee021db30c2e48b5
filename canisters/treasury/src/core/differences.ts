import { Principal } from '@dfinity/principal';

/**
 * Where two values differ, as paths with both values, for people. Empty exactly if they are the same
 * data: an absent field is the same as one that is undefined, and principals and bytes are compared by
 * what they hold.
 */
export function differences(left: unknown, right: unknown, path = ''): readonly string[] {
  if (Object.is(left, right)) return [];
  if (left instanceof Principal && right instanceof Principal) {
    return left.compareTo(right) === 'eq' ? [] : [described(path, left, right)];
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return hex(left) === hex(right) ? [] : [described(path, left, right)];
  }
  if (!isPlain(left) || !isPlain(right) || Array.isArray(left) !== Array.isArray(right)) {
    return [described(path, left, right)];
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) =>
    differences(left[key], right[key], path === '' ? key : `${path}.${key}`),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && !(value instanceof Principal) && !(value instanceof Uint8Array);
}

function described(path: string, left: unknown, right: unknown): string {
  return `${path === '' ? 'value' : path}: ${text(left)} is not ${text(right)}`;
}

function text(value: unknown): string {
  if (value instanceof Principal) return value.toText();
  if (value instanceof Uint8Array) return hex(value);
  switch (typeof value) {
    case 'object':
      return value === null ? 'null' : 'an object';
    case 'function':
      return 'a function';
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'symbol':
    case 'undefined':
      return String(value);
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
