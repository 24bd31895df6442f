import { expect, test } from '@playwright/test';
import { defaultTopology } from '../testing/defaultLab.js';
import { sendersOf } from '../topology/senders.js';
import { flowPathsOf, stackedFlowPath } from './flowPath.js';

test('a trunk can send two tags on each of its VLANs, of which a leaf sees both; others cannot', async () => {
  const topology = await defaultTopology();
  const stacked = sendersOf(topology)
    .flatMap((sender) => flowPathsOf(topology, sender))
    .flatMap((flowPath) => stackedFlowPath(flowPath, 0x88a8) ?? []);
  expect(stacked.map(({ sender }) => sender.node)).toEqual(['vm3', 'vm3']);
  const words = stacked.map(({ wireTags }) => wireTags.map(({ tpid, vid, pcp }) => [tpid, vid, pcp]));
  expect(words).toEqual(
    [20, 30].map((vid) => [
      [0x88a8, vid, 3],
      [0x8100, 1007, 5],
    ]),
  );
  expect(stacked.map(({ sentTags }) => sentTags)).toEqual(stacked.map(({ wireTags }) => wireTags));
});
