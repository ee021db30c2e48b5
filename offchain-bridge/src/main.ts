import process from 'node:process';
import { serve } from '@hono/node-server';
import { readConfig, type BridgeConfig } from './config.ts';
import { createApp } from './http/app.ts';

/** Serves until SIGINT or SIGTERM, then lets open requests end. */
function run(config: BridgeConfig): void {
  const server = serve(
    { fetch: createApp().fetch, hostname: config.host, port: config.port },
    ({ address, port }) => process.stdout.write(`bridge: http://${address}:${port}\n`),
  );
  server.once('error', (error: Error) => {
    process.stderr.write(`bridge: cannot listen: ${error.message}\n`);
    process.exitCode = 1;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());
}

const outcome = readConfig(process.env);
if (outcome.kind === 'ok') {
  run(outcome.config);
} else {
  process.stderr.write(`bridge: invalid configuration\n${outcome.problems}\n`);
  process.exitCode = 1;
}
