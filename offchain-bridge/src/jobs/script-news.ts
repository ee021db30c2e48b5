import type { JobContext } from './job-context.ts';
import type { ScriptNews } from '../ports/machine-work.port.ts';

/** Tells what a script says; its log begins at that byte of the job's log. */
export function newsFor({ reporter }: JobContext, logStart: number): ScriptNews {
  return {
    log: (offset, bytes) => {
      reporter.tell({ kind: 'log', offset: logStart + offset, bytes });
    },
    step: (index, of, note) => {
      reporter.tell({ kind: 'step', step: 'recipe-step', index, of, note });
    },
  };
}
