import { expect, test } from '@playwright/test';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import type { VlanTpid } from '../../wire/frame.js';
import type { KindId } from '../../wire/kinds.js';
import type { Judgement } from '../types.js';
import { HOST, judgeFiles, makeCaptures, MS, plainFrame, SECOND } from '../testing/captures.js';

const KINDS: readonly KindId[] = ['arp-reply-unicast', 'ns-multicast', 'na-solicited', 'arp-request-broadcast'];
const TPIDS: readonly VlanTpid[] = [0x8100, 0x88a8, 0x9100, 0x9200, 0x9300];

const tag = (tpid: VlanTpid, vid: number) => ({ tpid, vid, pcp: 3, dei: false }) as const;

/** 40 neighbor frames, a tenth of a second and something apart, of which `lost` leaf-b never hears the first ones. */
function judged(tags: readonly ReturnType<typeof tag>[], lost = 0, options = {}): Judgement {
  const made = makeCaptures();
  made.alive(0, 10 * SECOND);
  for (let i = 0; i < 40; i++) {
    const at = SECOND + i * 170 * MS + ((i * 7_919) % 97) * MS;
    const frame = plainFrame(KINDS[i % KINDS.length] ?? 'ns-multicast', { variation: i + 1, tags });
    if (i < lost) made.see(0, at, frame);
    else made.all(at, frame);
  }
  return judgeFiles(made.files(), { profile: ovsGroup, names: new Map([[HOST, 'web1']]), ...options }).judgement;
}

for (const tpid of TPIDS) {
  const text = tpid.toString(16);
  test(`one tag 0x${text} is looked through`, () => {
    expect(judged([tag(tpid, 20)])).toMatchObject({ verdict: 'pass', totals: { probes: 40, dataFrames: 0 } });
  });
  test(`behind one tag 0x${text}, what is missing is missing`, () => {
    const { verdict, byLeaf } = judged([tag(tpid, 20)], 3);
    expect([verdict, byLeaf['leaf-a']?.missing, byLeaf['leaf-b']?.missing]).toEqual(['fail', 0, 3]);
  });
  for (const inner of [[0x8100], [0x88a8, 0x8100], [0x9200, 0x9300, 0x8100]] as const)
    test(`0x${text} over ${inner.length} more: the reason says that frames were there`, () => {
      const { verdict, reasons, totals } = judged([tag(tpid, 100), ...inner.map((other) => tag(other, 20))]);
      expect([verdict, totals.dataFrames]).toEqual(['inconclusive', 0]);
      expect(reasons).toEqual([
        'The profile ovs-group does not judge neighbor frames with two VLAN tags or more, and there are no other ones of web1 (40 on leaf-a and 40 on leaf-b).',
      ]);
    });
}

test('whoever looks for hosts, or has a list of them, is told of frames that are not judged, too', () => {
  const tags = [tag(0x88a8, 100), tag(0x8100, 20)];
  expect(judged(tags, 0, { hosts: [], isAuto: true }).reasons.join()).toContain('no other ones of any host (40 on');
});

test('a host that is judged does not hide one that is not', () => {
  const made = makeCaptures();
  made.alive(0, 4 * SECOND);
  for (let i = 0; i < 10; i++) {
    const at = SECOND + i * 200 * MS + ((i * 7_919) % 97) * MS;
    made.all(at, plainFrame('ns-multicast', { variation: i + 1 }));
    made.all(
      at + MS,
      plainFrame('ns-multicast', { host: 11, variation: i + 1, tags: [tag(0x9100, 1), tag(0x8100, 2)] }),
    );
  }
  const other = '02:00:00:00:01:0b';
  const options = { profile: ovsGroup, hosts: [HOST, other] };
  const { verdict, reasons } = judgeFiles(made.files(), { ...options, asked: [HOST, other] }).judgement;
  expect([verdict, reasons.length]).toEqual(['inconclusive', 1]);
  expect(reasons[0]).toContain(`no other ones of ${other} (10 on leaf-a and 10 on leaf-b)`);
});
