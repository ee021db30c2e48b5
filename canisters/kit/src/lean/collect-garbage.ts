/** Far more than what only collecting can free, and what lasts, grows by between two calls of this. */
const ROOM = 100_000;

/**
 * Afterwards at least 100,000 things can be made and kept before the engine collects garbage by itself.
 * It does so, looking at every object there is, whenever the number of things has grown by half since
 * it last did: some 20 million instructions for a call that only happens to come then, and for every
 * query until the next update. This makes so many strings, which the engine counts and need not look
 * at, and then an object: if that is too many, it looks now. Gives how many strings there were.
 */
export function collectGarbage(): number {
  const room = 'x'.repeat(ROOM).split('');
  // It counts when an object is made.
  Object.freeze({});
  return room.length;
}
