import type { FeedEnd } from '../judge/captures/feed.js';
import { addressText, sessionText } from '../judge/captures/sessionText.js';
import { fits } from '../judge/captures/selection.js';
import { UserError } from '../userError.js';
import type { CaptureFile } from './captureFiles.js';

/** Most things that a message lists. */
const LISTED = 20;

/**
 * Throws UserError where a capture holds nothing of what was selected, or more than one session of it, with those that
 * there are.
 */
export function requireSelected({ file, selection }: CaptureFile, end: FeedEnd): void {
  if (selection === undefined || selection.by === 'everything' || selection.by === 'port') return;
  const { sessions } = end.encapsulated;
  if (selection.by === 'session') {
    const fitting = sessions.filter((session) => fits(selection, session));
    if (fitting.length === 1) return;
    throw new UserError(
      fitting.length === 0
        ? `${file} holds no session ${[selection.source === null ? null : addressText(selection.source), selection.id].filter((part) => part !== null).join('/')}`
        : `${file} holds ${fitting.length} sessions like that`,
      `it holds ${list((fitting.length === 0 ? sessions : fitting).map((session) => `${sessionText(session)} (@session:${addressText(session.source)}${session.id < 0 ? '' : `/${session.id}`})`))}`,
    );
  }
  if (end.selected.frames > 0) return;
  if (selection.by === 'vlan')
    throw new UserError(
      `${file} holds no frame of VLAN ${selection.id}`,
      `it holds ${list([...end.selected.vlans].sort((a, b) => a - b).map((vlan) => `VLAN ${vlan}`))}`,
    );
  const names = end.summary.interfaces.map(({ name }, i) => name ?? String(i));
  if (names.includes(selection.name) || Number(selection.name) < names.length) return;
  throw new UserError(`${file} has no interface "${selection.name}"`, `it has ${list(names)}`);
}

function list(things: readonly string[]): string {
  if (things.length === 0) return 'none';
  return `${things.slice(0, LISTED).join(', ')}${things.length > LISTED ? ` and ${things.length - LISTED} more` : ''}`;
}
