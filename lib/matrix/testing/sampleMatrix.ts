import { untried } from '../pairs.js';
import type { Tried } from '../report.js';
import type { CellState, FirstFailure, MatrixCell, PlaneColumn } from '../types.js';

export const ONE: PlaneColumn = { plane: 'plane-one', variant: 'a' };
export const TWO: PlaneColumn = { plane: 'plane-two', variant: 'b' };

/** A cell in which something was run. */
export function sampleCell(
  column: PlaneColumn,
  replicator: string,
  state: CellState,
  rest: Partial<MatrixCell> = {},
): MatrixCell {
  return { ...untried({ ...column, replicator }, state, `because of ${state}`), ...rest };
}

/** What a host without a replicator must show. */
export const noticed = (column: PlaneColumn): MatrixCell => sampleCell(column, 'none', 'fails', { misses: true });

export const FIRST: FirstFailure = {
  scenario: 'every ARP form <b>',
  experiment: 'arp--a--ours',
  probe: 7,
  kind: 'ARP reply, unicast',
  sender: 'vm1',
  leaf: 'leaf-b',
  wrong: 'missing',
  sentNs: '1794000000000001000',
  sentAt: '2026-11-06T20:00:00.000001Z',
  frame: `ffffffffffff02000000010a0806${'00'.repeat(28)}`,
  summary: 'ARP reply 198.51.100.11 is-at 02:00:00:00:01:0a',
  fields: [{ layer: 'Ethernet', fields: [['source', '02:00:00:00:01:0a']] }],
  copies: [{ leaf: 'leaf-a', file: 'evidence/arp/leaf-a.pcap', number: 12, afterNs: 1500, differences: [] }],
  captures: ['evidence/arp/leaf-b.pcap'],
};

export function sampleMatrix(cells: readonly MatrixCell[], columns: readonly PlaneColumn[] = [ONE, TWO]): Tried {
  const names = [...new Set(cells.map(({ replicator }) => replicator))];
  return {
    run: '20261129-160000-1',
    testbed: 'netns',
    columns,
    rows: names.map((replicator) => ({
      replicator,
      description: `${replicator} <i>`,
      isControl: replicator === 'none',
    })),
    cells,
    leftOut: ['installed: it is of a binding'],
    scope: 'Tried with: little.',
    environment: { kernel: 'Linux 6.18' },
    command: 'everyleaf run --matrix',
    startedAt: '2026-11-29T16:00:00.000Z',
    durationMs: 90_000,
  };
}
