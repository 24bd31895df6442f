import type { Problem } from '../read/certificate.js';
import { some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';
import type { Feed, FeedEnd } from './feed.js';
import { chooseMirror, FRAGMENTS_REMEDY } from './mirrorChoice.js';
import type { MirrorSession } from './mirrors.js';
import { addressText, sessionText } from './sessionText.js';
import { fits } from './selection.js';

/**
 * What takes a capture's word away because of packets that hold frames: nobody knows what they are, or the mirror lost
 * some.
 */
export function mirrorProblems(file: string, end: FeedEnd, isAuto: boolean): Problem[] {
  const problem = (text: string): Problem => ({ signature: 'no-proof-of-life', text });
  if (end.selection.by === 'everything') {
    const choice = chooseMirror(end, isAuto);
    if (choice.type === 'doubt') return [problem(`${file} ${choice.text}`)];
    if (choice.type === 'port') return [];
    return [
      problem(
        `${file} holds frames of these hosts in ${sessionText(choice.session)}, which cannot be looked into at once: save it to a file, or say FILE@session:${addressText(choice.session.source)}`,
      ),
    ];
  }
  if (end.selection.by !== 'session') return [];
  const problems: Problem[] = [];
  for (const session of sessionsOf(end)) {
    const { lost, restarts, fragments, deep } = session;
    const what = sessionText(session);
    if (lost !== null && lost > 0)
      problems.push({
        signature: 'drops',
        text: `${some(lost, 'packet')} of ${what} never came to ${file}, as gaps in the sequence numbers show`,
      });
    if (restarts > 0)
      problems.push(
        problem(`the sequence numbers of ${what} in ${file} begin anew, and what was lost there is not known`),
      );
    if (fragments > 0)
      problems.push(
        problem(`${some(fragments, 'packet')} of ${what} in ${file} came in IP fragments, which ${FRAGMENTS_REMEDY}`),
      );
    if (deep > 0)
      problems.push(
        problem(`${some(deep, 'packet')} of ${what} in ${file} hold frames in more than four encapsulations`),
      );
  }
  return problems;
}

/** By what a leaf was judged, where it is not the frames of its capture themselves. */
export function mirrorNotes(leaves: readonly string[], feeds: readonly Feed[]): Finding[] {
  return feeds.flatMap(({ end }, leaf) =>
    end?.selection.by !== 'session'
      ? []
      : sessionsOf(end).map((session): Finding => {
          const doubled =
            session.doubled === 0 ? '' : `; ${some(session.doubled, 'packet')} came twice and counted once`;
          const loss =
            session.lost === null
              ? 'that none of them was lost on their way is taken for granted, as it has no sequence numbers'
              : 'by its sequence numbers all of them came';
          return {
            property: 'validity',
            signature: 'no-proof-of-life',
            verdict: 'note',
            leaf: leaves[leaf] ?? '',
            count: session.frames,
            probes: [],
            sentence: `${leaves[leaf] ?? ''} is judged by ${some(session.frames, 'frame')} in ${sessionText(session)}; ${session.lost !== null && session.lost > 0 ? 'some were lost' : loss}${doubled}.`,
          };
        }),
  );
}

function sessionsOf(end: FeedEnd): readonly MirrorSession[] {
  const { selection } = end;
  return selection.by === 'session' ? end.encapsulated.sessions.filter((session) => fits(selection, session)) : [];
}
