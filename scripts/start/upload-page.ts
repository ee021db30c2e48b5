import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { AssetManager } from '@dfinity/assets';
import { Actor, type HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';

export interface UploadOptions {
  readonly agent: HttpAgent;
  readonly canisterId: Principal;
  /** Folder with the built page. */
  readonly folder: string;
  /** Files that are not in the folder, by key. */
  readonly extraFiles: ReadonlyMap<string, Uint8Array>;
}

/** Makes the asset canister hold exactly the page: changed files go up, surplus ones away. */
export async function uploadPage(options: UploadOptions): Promise<number> {
  const { agent, canisterId } = options;
  const assets = new AssetManager({ agent, canisterId });
  const wanted = new Map([...readFolder(options.folder), ...options.extraFiles]);
  const present = new Map((await listAll(options)).map((asset) => [asset.key, asset]));

  const batch = assets.batch();
  let changeCount = 0;
  for (const [key, bytes] of wanted) {
    const known = present.get(key)?.encodings.find((one) => one.content_encoding === 'identity');
    if (isSameHash(known?.sha256[0], bytes)) continue;
    // An asset is created once; to replace it, it goes and comes back in one commit.
    if (present.has(key)) batch.delete(key);
    const [fileName, path] = splitKey(key);
    await batch.store(bytes, { fileName, path });
    changeCount += 1;
  }
  for (const key of present.keys()) {
    if (wanted.has(key)) continue;
    batch.delete(key);
    changeCount += 1;
  }
  if (changeCount > 0) await batch.commit();
  return changeCount;
}

interface PresentAsset {
  readonly key: string;
  readonly encodings: readonly {
    readonly content_encoding: string;
    readonly sha256: [] | [Uint8Array | number[]];
  }[];
}

interface AssetLister {
  readonly list: (page: { start: [bigint]; length: [] }) => Promise<PresentAsset[]>;
}

const listerIdl: IDL.InterfaceFactory = () =>
  IDL.Service({
    list: IDL.Func(
      [IDL.Record({ start: IDL.Opt(IDL.Nat), length: IDL.Opt(IDL.Nat) })],
      [
        IDL.Vec(
          IDL.Record({
            key: IDL.Text,
            encodings: IDL.Vec(
              IDL.Record({ content_encoding: IDL.Text, sha256: IDL.Opt(IDL.Vec(IDL.Nat8)) }),
            ),
          }),
        ),
      ],
      ['query'],
    ),
  });

/** Every file that is there: the canister lists a hundred at a time, and `AssetManager` asks once. */
async function listAll({ agent, canisterId }: UploadOptions): Promise<PresentAsset[]> {
  const lister = Actor.createActor<AssetLister>(listerIdl, { agent, canisterId });
  const found: PresentAsset[] = [];
  for (;;) {
    const page = await lister.list({ start: [BigInt(found.length)], length: [] });
    if (page.length === 0) return found;
    found.push(...page);
  }
}

function readFolder(folder: string): Map<string, Uint8Array> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    files.map((file) => [
      `/${relative(folder, file).split(sep).join('/')}`,
      new Uint8Array(readFileSync(file)),
    ]),
  );
}

function splitKey(key: string): [fileName: string, path: string] {
  const end = key.lastIndexOf('/');
  return [key.slice(end + 1), key.slice(0, end)];
}

function isSameHash(known: Uint8Array | number[] | undefined, bytes: Uint8Array): boolean {
  if (known === undefined) return false;
  const hash = createHash('sha256').update(bytes).digest();
  return Buffer.compare(hash, Uint8Array.from(known)) === 0;
}
