import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NativeContext } from '../../core/native.ts';
import { utf8 } from '../../crypto/bytes.ts';
import { AssetState } from './asset-state.ts';
import type { BatchOperation } from './asset-types.ts';

const KEYS = ['/index.html', '/a', '/a.html', '/a/index.html', '/a/', '//a', 'a', '/b/index'];

const key = fc.constantFrom(...KEYS);
const operation: fc.Arbitrary<BatchOperation> = fc.oneof(
  key.map((name) => ({ DeleteAsset: { key: name } })),
  fc.record({ key, isAliased: fc.option(fc.boolean()) }).map(({ key: name, isAliased }) => ({
    CreateAsset: {
      key: name,
      content_type: 'text/plain',
      max_age: [] as [],
      headers: [] as [],
      enable_aliasing: isAliased === null ? ([] as []) : ([isAliased] as [boolean]),
      allow_raw_access: [] as [],
    },
  })),
  fc
    .record({ key, encoding: fc.constantFrom('identity', 'gzip', 'br'), text: fc.string() })
    .map(({ key: name, encoding, text }) => ({
      SetAssetContent: {
        key: name,
        content_encoding: encoding,
        chunk_ids: [],
        last_chunk: [utf8(text)] as [Uint8Array],
        sha256: [] as [],
      },
    })),
  key.map((name) => ({ UnsetAssetContent: { key: name, content_encoding: 'gzip' } })),
  fc.constant({ Clear: {} }),
);

function contextAt(timeNs: bigint): NativeContext & { readonly certified: () => Uint8Array } {
  let certified = new Uint8Array();
  const unused = (): never => {
    throw new Error('BUG: not used when editing');
  };
  return {
    timeNs,
    isReplicated: true,
    setCertifiedData: (data) => {
      certified = new Uint8Array(data);
    },
    certified: () => certified,
    get self(): never {
      return unused();
    },
    get caller(): never {
      return unused();
    },
    cyclesAvailable: unused,
    acceptCycles: unused,
    cyclesBalance: unused,
    dataCertificate: unused,
    isController: unused,
    resumeWaiting: unused,
    spawnNative: unused,
    print: unused,
  };
}

describe('certification', () => {
  it('depends on the assets alone, whatever happened before', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 25 }), (operations) => {
        const state = new AssetState();
        const context = contextAt(1n);
        for (const each of operations) {
          try {
            state.edit(context, (draft) => draft.apply(each));
          } catch (error) {
            // Refused operations are part of the history.
            expect(error).toHaveProperty('name', 'AssetError');
          }
        }
        const afresh = new AssetState();
        afresh.restoreAssets(new Map([...state.assets].reverse()));
        expect(state.certification.rootHash).toEqual(afresh.certification.rootHash);
        if (state.isCertified) expect(context.certified()).toEqual(afresh.certification.rootHash);
      }),
      { numRuns: 500 },
    );
  });
});
