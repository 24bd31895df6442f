import type { OvsSwitch } from '../../ovs/switch.js';
import type { AuditFact } from '../../evidence/types.js';
import { BRIDGE } from '../../ovs/bridge.js';
import { GROUP_ID, type Recipe } from './recipe.js';
import { putFile } from '../../lab/files.js';

/** Flows that a fact names before it only counts them. */
const SHOWN = 2;

/**
 * A group from `dump-groups`, spelled as in the recipe: without bucket ids, and without weights where it copies to all.
 */
export function groupFact(recipe: Recipe, dump: string): AuditFact {
  const found =
    dump
      .split('\n')
      .find((line) => line.includes(`group_id=${GROUP_ID},`))
      ?.trim() ?? 'none';
  return {
    name: 'group',
    ok: found === recipe.group,
    value: found === recipe.group ? found : `${found}, and not ${recipe.group}`,
    command: `ovs-ofctl -O OpenFlow13 dump-groups ${BRIDGE}`,
  };
}

/**
 * The differences between the flows of the bridge and those of the recipe, from `ovs-ofctl diff-flows BRIDGE RECIPE`: a
 * line with - is in the bridge only, one with + in the recipe only; actions, cookies and timeouts count. Empty where
 * there are none.
 */
export function flowsFact(recipe: Recipe, difference: string): AuditFact {
  const lines = difference.split('\n').filter((line) => /^[-+]/.test(line));
  const foreign = lines.filter((line) => line.startsWith('-')).length;
  const shown = `${lines.slice(0, SHOWN).join('; ')}${lines.length > SHOWN ? '; ...' : ''}`;
  return {
    name: 'flows',
    ok: difference.trim() === '',
    value:
      difference.trim() === ''
        ? `${recipe.flows.length}, as the recipe says`
        : lines.length === 0
          ? difference.trim()
          : `${lines.length - foreign} missing, ${foreign} that the recipe does not know: ${shown}`,
    command: `ovs-ofctl -O OpenFlow13 diff-flows ${BRIDGE} RECIPE`,
  };
}

/** P15: group and flows of the host's bridge, compared with the recipe for the ports that exist now. */
export async function auditRecipe(ovs: OvsSwitch, recipe: Recipe): Promise<readonly AuditFact[]> {
  const { node, env } = ovs;
  const file = `${node.scratch}/recipe.flows`;
  await putFile(node, file, recipe.flows.join('\n') + '\n');
  const [groups, { code, stdout, stderr }] = await Promise.all([
    ovs.ofctl(['dump-groups', BRIDGE]),
    // Ends with 2 where there are differences (ovs-ofctl(8)).
    node.exec(['ovs-ofctl', '-vsyslog:off', '-O', 'OpenFlow13', 'diff-flows', BRIDGE, file], { env, mayFail: true }),
  ]);
  return [groupFact(recipe, groups), flowsFact(recipe, code === 0 ? '' : stdout || stderr || `code ${String(code)}`)];
}
