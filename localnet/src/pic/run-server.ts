import { serve } from '../http/serve.ts';
import { IdleWatch } from './idle-watch.ts';
import { createPicApp } from './pic-app.ts';
import { PortFile } from './port-file.ts';
import type { InstanceFactory } from './running-instance.ts';
import type { ServerArgs } from './server-args.ts';

/**
 * Serves PocketIC's protocol until SIGTERM, SIGINT or the end of its time to live, then removes the
 * port file. Returns at once if another server already serves the same port file.
 */
export async function runServer(args: ServerArgs, createInstance: InstanceFactory): Promise<void> {
  const portFile = args.portFile === undefined ? undefined : new PortFile(args.portFile);
  if (portFile !== undefined && (await portFile.isServed())) return;
  const idle = new IdleWatch();
  const app = createPicApp(createInstance, idle);
  const server = await serve({ app, hostname: args.address, port: args.port });
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
    idle.expireAfter(args.ttlMs, resolve);
  });
  await portFile?.write(server.port);
  process.stdout.write(`PocketIC protocol on ${server.url}\n`);
  await stopped;
  await portFile?.remove();
  await app.close();
  await server.close();
}
