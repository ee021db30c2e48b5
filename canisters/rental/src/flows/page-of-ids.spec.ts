import { safeUint } from '@decent-cloud/kit/keys/integer-keys.ts';
import { LinkedList } from '@decent-cloud/kit/store/linked-list.ts';
import { MemoryStableStore } from '@decent-cloud/kit/testing/memory-stable-store.fake.ts';
import { describe, expect, it } from 'vitest';
import { checkLimit, pageOfIds } from './page-of-ids.ts';

const LIST = 7;

function threeIds(): LinkedList<number, number> {
  const list = new LinkedList<number, number>({ store: new MemoryStableStore(), parent: safeUint });
  for (const id of [1, 2, 3]) list.add(LIST, id);
  return list;
}

const refusal = (argument: string) => ({
  kind: 'err',
  error: { kind: 'request', leaf: { kind: 'invalid-argument', argument } },
});

describe('pageOfIds', () => {
  it('gives the newest first, and goes on where the page before ended', () => {
    const lists = threeIds();
    expect(pageOfIds(lists, LIST, { limit: 2 })).toEqual({
      kind: 'ok',
      value: { ids: [3, 2], next: 1 },
    });
    expect(pageOfIds(lists, LIST, { from: 1, limit: 2 })).toEqual({
      kind: 'ok',
      value: { ids: [1], next: undefined },
    });
  });

  it('refuses a page that begins with what has left the list', () => {
    const lists = threeIds();
    lists.remove(LIST, 1);
    expect(pageOfIds(lists, LIST, { from: 1, limit: 2 })).toMatchObject(refusal('from'));
  });

  it.each([0, 51, 4_294_967_295])('refuses a page of %i without reading the list', (limit) => {
    const page = () => expect.unreachable();
    expect(pageOfIds({ page }, LIST, { limit })).toMatchObject(refusal('limit'));
  });
});

describe('checkLimit', () => {
  it('takes another bound', () => {
    expect(checkLimit(20, 20)).toEqual({ kind: 'ok', value: null });
    expect(checkLimit(21, 20)).toMatchObject(refusal('limit'));
  });
});
