import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeStateFolder } from '../lease/stateFolder.js';
import { parseJournal, type JournalEnd, type JournalEntry, type JournalState } from './journalText.js';

export type NewEntry = Omit<JournalEntry, 'v' | 'begin' | 'at'>;

/**
 * What is changed on the machines of a binding, written down before it is changed: `faults.jsonl` in the binding's state
 * folder. Only the holder of the lease writes to it.
 */
export interface FaultJournal extends Disposable {
  /** Returns when it is on the disk. Only then may the change be made. */
  begin(entry: NewEntry): string;
  /** To be called when a witness has seen that the change is undone. */
  end(id: string, how: JournalEnd['how']): void;
}

const fileIn = (folder: string): string => join(folder, 'faults.jsonl');

/** What a journal says; empty where there is none. Throws where it cannot be read. */
export function readJournal(folder: string): JournalState {
  try {
    return parseJournal(readFileSync(fileIn(folder)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return parseJournal(new Uint8Array());
    throw error;
  }
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Opens the journal, and makes it where there is none. A line that was not written whole is removed. */
export function openJournal(folder: string): FaultJournal {
  makeStateFolder(folder);
  const { wholeBytes } = readJournal(folder);
  const fd = openSync(fileIn(folder), 'a', 0o600);
  ftruncateSync(fd, wholeBytes);
  fsyncSync(fd);
  syncFolder(folder);
  const append = (line: JournalEntry | JournalEnd): void => {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  };
  return {
    begin(entry) {
      const id = randomBytes(8).toString('hex');
      append({ v: 1, begin: id, at: new Date().toISOString(), ...entry });
      return id;
    },
    end(id, how) {
      append({ v: 1, end: id, at: new Date().toISOString(), how });
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
}

/** Puts a journal aside, so that the next one begins empty. Its file stays, for people. */
export function putJournalAside(folder: string, now = new Date()): void {
  renameSync(fileIn(folder), join(folder, `faults-${now.toISOString().replaceAll(':', '-')}.jsonl`));
  syncFolder(folder);
}
