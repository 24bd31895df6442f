import { expect, test } from '@playwright/test';
import { flowsFact, groupFact } from './audit.js';
import type { Recipe } from './recipe.js';

const RECIPE: Recipe = {
  group: 'group_id=1,type=all,bucket=actions=output:1,bucket=actions=output:2',
  flows: ['table=0,priority=200,in_port=3,arp,actions=resubmit(,10)', 'table=0,priority=0,actions=NORMAL'],
};
const REPLY = 'OFPST_GROUP_DESC reply (OF1.3) (xid=0x2):\n';

test('a group is right when it has the buckets of the recipe, and no others', () => {
  expect(groupFact(RECIPE, `${REPLY} ${RECIPE.group}\n`)).toMatchObject({
    name: 'group',
    ok: true,
    value: RECIPE.group,
  });
  for (const buckets of [
    'bucket=actions=output:1',
    'bucket=actions=output:2,bucket=actions=output:1',
    'bucket=actions=output:1,bucket=actions=output:2,bucket=actions=output:3',
  ]) {
    const other = `group_id=1,type=all,${buckets}`;
    expect(groupFact(RECIPE, `${REPLY} ${other}\n`)).toMatchObject({
      ok: false,
      value: `${other}, and not ${RECIPE.group}`,
    });
  }
  expect(
    groupFact(RECIPE, `${REPLY} group_id=11,type=all,bucket=actions=output:1,bucket=actions=output:2\n`),
  ).toMatchObject({ ok: false, value: `none, and not ${RECIPE.group}` });
});

test('flows are right when nothing tells them from the recipe', () => {
  expect(flowsFact(RECIPE, '')).toMatchObject({ name: 'flows', ok: true, value: '2, as the recipe says' });
});

test('a flow that is gone, one too many, and one that is another are told', () => {
  const gone = '+priority=200,arp,in_port=3 actions=resubmit(,10)';
  const foreign = '-priority=300,udp actions=drop';
  expect(flowsFact(RECIPE, `${gone}\n`)).toMatchObject({
    ok: false,
    value: `1 missing, 0 that the recipe does not know: ${gone}`,
  });
  expect(flowsFact(RECIPE, `${foreign}\n`)).toMatchObject({
    ok: false,
    value: `0 missing, 1 that the recipe does not know: ${foreign}`,
  });
  expect(flowsFact(RECIPE, `${foreign}\n${gone}\n${gone}\n`)).toMatchObject({
    ok: false,
    value: `2 missing, 1 that the recipe does not know: ${foreign}; ${gone}; ...`,
  });
});

test('where flows could not be compared, nothing is right', () => {
  expect(flowsFact(RECIPE, 'ovs-ofctl: br0 is not a bridge or a socket\n')).toMatchObject({
    ok: false,
    value: 'ovs-ofctl: br0 is not a bridge or a socket',
  });
  expect(flowsFact(RECIPE, 'code null')).toMatchObject({ ok: false, value: 'code null' });
});
