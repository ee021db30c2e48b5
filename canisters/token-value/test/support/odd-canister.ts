import type { NativeMethod, NativeProgram } from '@decent-cloud/localnet/core/native.ts';

/** A canister that answers every listed method with the same bytes, whatever they are. */
export function oddCanister(methods: readonly string[], reply: Uint8Array): NativeProgram {
  const answer: NativeMethod = { kind: 'query', handle: () => reply };
  return {
    programId: 'odd-canister',
    candid: 'service : {}',
    methods: new Map(methods.map((name) => [name, answer])),
    save: () => reply,
    load: () => undefined,
  };
}
