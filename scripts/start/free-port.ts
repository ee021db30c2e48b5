import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

const HOST = '127.0.0.1';

/** Throws `StartError` if the port is taken: better before a build than after it. */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? portTaken(port) : error);
    });
    server.listen(port, HOST, () => server.close(() => resolve()));
  });
}

function portTaken(port: number): StartError {
  return new StartError(
    `Port ${port} on ${HOST} is in use, perhaps by another local network.\n` +
      `Choose another with: npm start -- --port ${port + 1}   (0 takes any free one)`,
  );
}
