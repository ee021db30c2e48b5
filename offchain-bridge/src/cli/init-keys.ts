import type { Output } from './print.ts';
import { createAgentFolder } from '../secrets/agent-folder.ts';
import { identityOf } from '../secrets/agent-identity.ts';

/** Makes the keys and prints what sellers need; gives the exit code. */
export async function initKeys(dir: string, out: Output): Promise<number> {
  try {
    const keys = await createAgentFolder(dir);
    out.print(`Keys are in ${dir}, for you alone: keep a copy where you keep other keys.

Principal:     ${identityOf(keys).getPrincipal().toText()}
Age recipient: ${keys.ageRecipient}

A seller who wants this bridge to work a cloud account calls grant_agent with the principal, and
create_cloud_account with the cloud's token encrypted by age to the recipient: see docs/RUNBOOK.md.
`);
    return 0;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const isThere = error.code === 'EEXIST';
    out.complain(
      isThere
        ? `There are keys in ${dir} already, and they stay: choose another folder with --dir.\n`
        : `The keys could not be made in ${dir}: ${error.message}\n`,
    );
    return 1;
  }
}
