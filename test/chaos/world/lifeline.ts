import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** What processes hold on to that end when this one does, even by a signal that nobody can catch. */
export interface Lifeline {
  readonly port: number;
  /** Ends whoever still holds it. */
  close(): Promise<void>;
}

export async function openLifeline(): Promise<Lifeline> {
  const held = new Set<{ destroy(): unknown }>();
  const server = createServer((socket) => {
    held.add(socket);
    // Whoever is killed resets it; the close follows.
    socket.on('error', () => undefined);
    socket.on('close', () => held.delete(socket));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of held) socket.destroy();
      await closed;
    },
  };
}
