import type { AuditFact } from '../../evidence/types.js';
import type { Node } from '../../testbed/node.js';

/** P15: what the host's kernel says of a leg, kept as it is; nothing is demanded of it but that it is there. */
export async function legFact(node: Node, port: string): Promise<AuditFact> {
  const argv = ['ip', '-d', '-o', 'link', 'show', 'dev', port];
  const { code, stdout, stderr } = await node.exec(argv, { mayFail: true });
  const said = stdout.replaceAll('\\', ' ').replaceAll(/\s+/g, ' ').trim();
  return {
    name: `leg ${port}`,
    ok: code === 0,
    value: code === 0 ? said : stderr.trim(),
    command: argv.join(' '),
  };
}
