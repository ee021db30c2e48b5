import { pino, type DestinationStream, type Logger } from 'pino';
import { scrub, shown } from '../core/scrub.ts';
import type { Log, LogFields } from '../ports/log.port.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * Log lines as JSON, one each. Every text goes through `scrub`, so that a secret that finds its way into
 * a message or a field is not printed.
 */
export function createPinoLog(level: LogLevel, destination: DestinationStream): Log {
  return logOf(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination));
}

function logOf(logger: Logger): Log {
  return {
    info: (fields, message) => {
      logger.info(clean(fields), scrub(message));
    },
    warn: (fields, message) => {
      logger.warn(clean(fields), scrub(message));
    },
    error: (fields, message) => {
      logger.error(clean(fields), scrub(message));
    },
    child: (fields) => logOf(logger.child(clean(fields))),
  };
}

function clean(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? shown(name, value) : value,
    ]),
  );
}
