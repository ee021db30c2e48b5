import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { CloudProject } from '../world/bridge-cloud.ts';
import type { WorldCloud } from '../world/bridge-world.ts';
import {
  cloudFactsSchema,
  cloudReadySchema,
  type CloudFacts,
  type CloudOrder,
} from './cloud-facts.ts';

const MAIN = fileURLToPath(new URL('./cloud-main.ts', import.meta.url));

/** A cloud that does not slow down the network, nor is slowed down by it. */
export interface CloudProcess extends WorldCloud {
  facts(): Promise<CloudFacts>;
}

/** Starts one; `env` is added to its process's. */
export function cloudProcess(
  options: Pick<CloudOrder, 'timeFactor' | 'addressPrefix'>,
  env: Readonly<Record<string, string>>,
) {
  return async (folder: string, projects: readonly CloudProject[]): Promise<CloudProcess> => {
    const order = JSON.stringify({ ...options, folder, projects });
    const child = fork(MAIN, [order], {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, ...env },
    });
    const { bridgeEnv } = cloudReadySchema.parse(await messageOf(child));
    return {
      bridgeEnv,
      facts: async () => {
        const answer = messageOf(child);
        child.send('facts');
        return cloudFactsSchema.parse(await answer);
      },
      close: async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.disconnect();
        await ended;
      },
    };
  };
}

/** Errors: throws if it ends instead. What it complains about is on standard error. */
async function messageOf(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const { signal } = over;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]: unknown[]) => message),
      once(child, 'exit', { signal }).then(() => {
        throw new Error('the simulated cloud ended');
      }),
    ]);
  } finally {
    over.abort();
  }
}
