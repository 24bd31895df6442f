import { z } from 'zod';
import { DURATIONS } from '../../durations.js';

/** Signals that ask a process to end. */
export const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGKILL'] as const;

/** No argument, variable or path of a process can hold a zero byte. */
const word = z
  .string()
  .max(4096)
  .refine((text) => !text.includes('\0'), { error: 'it holds a zero byte' });
const argv = z
  .array(word)
  .min(1)
  .max(256)
  .refine(([program]) => program !== '', { error: 'it names no program' });

const regularExpression = z
  .string()
  .min(1)
  .max(500)
  .superRefine((text, context) => {
    try {
      new RegExp(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'no regular expression' });
    }
  })
  .meta({ description: 'A JavaScript regular expression.' });

const environment = z.record(z.string(), word).superRefine((variables, context) => {
  for (const name of Object.keys(variables)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      context.addIssue({ code: 'custom', path: [name], message: 'no name of a variable' });
    else if (name.startsWith('EVERYLEAF_'))
      context.addIssue({ code: 'custom', path: [name], message: 'EVERYLEAF_ variables are set by the lab' });
  }
});

const line = z
  .string()
  .min(1)
  .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, { error: 'one line of printable text' });

/** A replicator of the user's own, as its YAML file describes it. */
export const commandSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'lower-case letters, digits and hyphens, a letter first, at most 40' }),
    description: line.max(300),
    profile: z.string().min(1).max(4096).meta({
      description:
        'What it claims to do: name of a built-in profile, or path of a profile file, relative to this file.',
    }),
    argv: argv.meta({
      description:
        'Program and arguments; it stays in the foreground. Its working directory is the folder of this file.',
    }),
    readyLine: regularExpression.meta({
      description: 'Matches the line of output that says: from now on every neighbor frame is copied.',
    }),
    stopSignal: z.enum(STOP_SIGNALS).default('SIGTERM'),
    settleMs: z.int().min(0).max(DURATIONS.recovery).default(0).meta({
      description:
        "Reaction time, ms: how long after a fault is repaired (the host's switch is back without its flows, a cable is in again) it may need until every neighbor frame is copied again.",
    }),
    environment: environment.default({}),
    audit: z
      .array(z.strictObject({ name: line.max(80), argv, expect: regularExpression }))
      .max(32)
      .default([])
      .meta({ description: 'Commands whose output shows that it is configured as claimed.' }),
  })
  .meta({ title: 'everyleaf replicator' });

export type CommandFile = z.output<typeof commandSchema>;
