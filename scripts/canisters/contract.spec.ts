import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { breakingChanges, declarationsOf, differences, readContract } from './contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'contract-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function didFile(text: string): string {
  files += 1;
  const file = join(folder, `service${files}.did`);
  writeFileSync(file, text);
  return file;
}
const read = (text: string) => readContract(didFile(text));

const released = `
  type Reason = variant { Busy; Gone : text };
  service : (opt text) -> {
    get : (record { id : nat64; name : opt text }) -> (variant { Ok : text; Err : opt Reason }) query;
    put : (text) -> (nat);
  }`;

/** The released contract with one piece of text replaced. */
function changed(before: string, after: string): string {
  expect(released).toContain(before);
  return released.replace(before, after);
}

describe('differences', () => {
  it('sees none between names and what they stand for, in any order', async () => {
    const inlined = `service : (opt text) -> {
      put : (text) -> (nat);
      get : (record { name : opt text; id : nat64 }) ->
        (variant { Err : opt variant { Gone : text; Busy }; Ok : text }) query;
    }`;
    expect(differences(await read(released), await read(inlined))).toEqual([]);
  });

  it.each([
    changed('(nat)', '(int)'),
    changed('opt Reason', 'opt variant { Busy }'),
    changed('put : (text)', 'set : (text)'),
    changed('query', ''),
    changed('service : (opt text)', 'service : ()'),
  ])('sees a change that clients may survive too: %#', async (other) => {
    expect(await differencesTo(other)).not.toEqual([]);
  });

  async function differencesTo(other: string): Promise<string[]> {
    return differences(await read(released), await read(other));
  }
});

describe('breakingChanges', () => {
  it.each([
    { desc: 'nothing changed', next: released },
    { desc: 'a new method', next: changed('put :', 'more : () -> ();\n put :') },
    { desc: 'a new reason', next: changed('Busy;', 'Busy; Late : nat;') },
    {
      desc: 'a new optional argument field',
      next: changed('id : nat64;', 'id : nat64; a : opt nat;'),
    },
    { desc: 'a narrower result', next: changed('(nat);', '(nat, text);') },
    { desc: 'an argument field no longer read', next: changed('; name : opt text', '') },
  ])('are none for $desc', async ({ next }) => {
    expect(breakingChanges(await read(released), await read(next))).toEqual([]);
  });

  it.each([
    { desc: 'a method that is gone', next: changed('put : (text) -> (nat);', '') },
    { desc: 'another result', next: changed('(nat);', '(text);') },
    { desc: 'a wider result', next: changed('(nat);', '(int);') },
    { desc: 'a new required argument field', next: changed('id : nat64;', 'id : nat64; a : nat;') },
    { desc: 'a new case outside an option', next: changed('Ok : text;', 'Ok : text; Late;') },
    { desc: 'a query that became an update', next: changed('query', '') },
    { desc: 'another init argument', next: changed('service : (opt text)', 'service : (text)') },
  ])('name $desc', async ({ next }) => {
    expect(breakingChanges(await read(released), await read(next))).toHaveLength(1);
  });
});

describe('declarationsOf', () => {
  it('is for clients on @dfinity packages and keeps the comments', async () => {
    const file = didFile('service : { // Says hello.\n// To you.\n hello : () -> (text) query; }');
    const declarations = await declarationsOf(file);
    expect(declarations).toContain("from '@dfinity/candid'");
    expect(declarations).toContain("from '@dfinity/agent'");
    expect(declarations).not.toContain('@icp-sdk/core');
    expect(declarations).toContain('To you.');
  });
});
