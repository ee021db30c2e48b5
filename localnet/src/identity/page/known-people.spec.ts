import { beforeEach, describe, expect, it } from 'vitest';
import { forgetPeople, knownPeople, rememberPerson, type ListStorage } from './known-people.ts';

let items: Map<string, string>;
let storage: ListStorage;

beforeEach(() => {
  items = new Map();
  storage = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
});

describe('knownPeople', () => {
  it('has the last one first, once, as it was spelled last, for each method apart', () => {
    for (const person of ['Ann', 'Ben', ' ann ']) rememberPerson(storage, 'passkey', person);
    rememberPerson(storage, 'google', 'cy@example.com');
    expect(knownPeople(storage, 'passkey')).toEqual(['ann', 'Ben']);
    expect(knownPeople(storage, 'google')).toEqual(['cy@example.com']);
    forgetPeople(storage, 'passkey');
    expect(knownPeople(storage, 'passkey')).toEqual([]);
    expect(knownPeople(storage, 'google')).toEqual(['cy@example.com']);
  });

  it('remembers twenty', () => {
    for (let index = 0; index < 25; index += 1) rememberPerson(storage, 'passkey', `p${index}`);
    const people = knownPeople(storage, 'passkey');
    expect(people).toHaveLength(20);
    expect(people[0]).toBe('p24');
    expect(people.at(-1)).toBe('p5');
  });

  it.each(['{', 'null', '{"a":1}', '[1]', ''])('takes the damaged list %s for none', (text) => {
    items.set('people.passkey', text);
    expect(knownPeople(storage, 'passkey')).toEqual([]);
    rememberPerson(storage, 'passkey', 'Ann');
    expect(knownPeople(storage, 'passkey')).toEqual(['Ann']);
  });
});
