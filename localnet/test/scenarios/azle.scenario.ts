import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createIdentity } from '@dfinity/pic';
import { IDL } from '@icp-sdk/core/candid';
import type { Principal } from '@icp-sdk/core/principal';
import { describe, expect, it } from 'vitest';
import { openPic } from '../../src/testing/pic.ts';

/** A canister of the project, as `npm run build:canisters` leaves it. */
const BUILT = new URL('../../../dist/canisters/archive/', import.meta.url);
const OWNER = createIdentity('archive owner').getPrincipal();
const WRITER = createIdentity('writer').getPrincipal();

/** The methods of the archive canister that are used here. */
interface ArchiveService {
  version: () => Promise<string>;
  set_writer: (writer: Principal, isAllowed: boolean) => Promise<{ Ok: null } | { Err: object }>;
  is_writer: (writer: Principal) => Promise<boolean>;
}

const archiveIdl: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    version: IDL.Func([], [IDL.Text], ['query']),
    set_writer: IDL.Func(
      [IDL.Principal, IDL.Bool],
      [IDL.Variant({ Ok: IDL.Null, Err: IDL.Record({ message: IDL.Text }) })],
      [],
    ),
    is_writer: IDL.Func([IDL.Principal], [IDL.Bool], ['query']),
  });

/** A large canister written in TypeScript, with a JavaScript engine inside. */
export function azleScenarios(): void {
  describe('an Azle canister', () => {
    it.each(['archive.wasm', 'archive.wasm.gz'])(
      'is installed and upgraded from %s',
      async (file) => {
        const pic = await openPic();
        const wasm = new Uint8Array(readFileSync(new URL(file, BUILT)));
        const { actor, canisterId } = await pic.setupCanister<ArchiveService>({
          idlFactory: archiveIdl,
          wasm,
          arg: new Uint8Array(IDL.encode([], [])),
          sender: OWNER,
        });
        const { moduleHash } = await pic.canisterStatus({ canisterId, sender: OWNER });
        expect(moduleHash).toEqual(new Uint8Array(createHash('sha256').update(wasm).digest()));
        expect(await actor.version()).toMatch(/^\d+\.\d+\.\d+/);

        expect(await actor.set_writer(WRITER, true)).toHaveProperty('Err');
        actor.setPrincipal(OWNER);
        expect(await actor.set_writer(WRITER, true)).toEqual({ Ok: null });
        expect(await actor.is_writer(WRITER)).toBe(true);

        const arg = new Uint8Array(IDL.encode([], []));
        await pic.upgradeCanister({ canisterId, wasm, arg, sender: OWNER });
        expect(await actor.is_writer(WRITER)).toBe(true);
        expect(await actor.is_writer(OWNER)).toBe(false);
      },
    );

    it('shows its whole stable memory', async () => {
      const pic = await openPic();
      const wasm = new Uint8Array(readFileSync(new URL('archive.wasm.gz', BUILT)));
      const canisterId = await pic.createCanister();
      await pic.installCode({ canisterId, wasm, arg: new Uint8Array(IDL.encode([], [])) });
      const stable = await pic.getStableMemory(canisterId);
      expect(stable.length % 65_536).toBe(0);
      expect(new TextDecoder().decode(stable.subarray(0, 3))).toBe('MGR');
    });
  });
}
