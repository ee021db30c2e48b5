import { list, nanoseconds, principal, record, text } from '@decent-cloud/kit/wire/wire.ts';
import type { Settings } from '../../core/settings.ts';

/** What controllers set. */
export const settings = record<Settings>({
  treasury: principal,
  archive: principal,
  installation: text,
  platformAgents: list(principal),
  retentionNs: nanoseconds,
});
