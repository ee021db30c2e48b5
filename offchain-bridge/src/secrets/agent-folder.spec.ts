import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAgentFolder, readAgentFolder, type AgentKeys } from './agent-folder.ts';

let parent = '';
let folder = '';
let keys: AgentKeys;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'dc-agent-'));
  folder = join(parent, 'keys');
  keys = await createAgentFolder(folder);
});

afterEach(() => rm(parent, { recursive: true }));

async function problems(): Promise<string> {
  const outcome = await readAgentFolder(folder);
  return outcome.kind === 'invalid' ? outcome.problems.join('\n') : '';
}

describe('the folder of an agent', () => {
  it('gives the keys that were made, which only the owner can read', async () => {
    expect(await readAgentFolder(folder)).toEqual({
      kind: 'ok',
      keys: { ...keys, seed: new Uint8Array(keys.seed) },
    });
    expect(keys.ageRecipient).toMatch(/^age1[a-z0-9]{58}$/);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const file of await readdir(folder)) {
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    }
  });

  it('never writes over keys', async () => {
    await expect(createAgentFolder(folder)).rejects.toThrow('EEXIST');
    expect(await readAgentFolder(folder)).toMatchObject({
      kind: 'ok',
      keys: { identityPem: keys.identityPem },
    });
  });

  it.each(['identity.pem', 'age.key', 'seed'])(
    'is not read when others can read %s',
    async (file) => {
      await chmod(join(folder, file), 0o640);
      expect(await problems()).toBe(
        `${join(folder, file)}: others may read or change it (mode 640): chmod 600 ${join(folder, file)}`,
      );
    },
  );

  it('is not read when others may enter it', async () => {
    await chmod(folder, 0o711);
    expect(await problems()).toContain(`chmod 700 ${folder}`);
  });

  it('may be read-only', async () => {
    await chmod(join(folder, 'seed'), 0o400);
    expect(await problems()).toBe('');
  });

  it('says everything that is missing, and takes no links', async () => {
    await unlink(join(folder, 'seed'));
    await unlink(join(folder, 'age.key'));
    await symlink('/etc/hostname', join(folder, 'age.key'));
    const found = await problems();
    expect(found.split('\n')).toHaveLength(2);
    expect(found).toContain('offchain-bridge init');
  });

  it('says what is not what it should be, without showing it', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    await writeFile(join(folder, 'identity.pem'), pem);
    await writeFile(join(folder, 'age.key'), 'AGE-SECRET-KEY-1WRONG');
    await writeFile(join(folder, 'seed'), 'abcd');
    const found = await problems();
    expect(found.split('\n')).toHaveLength(3);
    expect(found).not.toMatch(/AGE-SECRET|abcd|PRIVATE/);
  });
});
