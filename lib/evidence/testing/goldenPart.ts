import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptPlan } from '../../run/plan.js';
import { PLAN_FILE, TESTS_FILE, type TestsRecord } from '../../run/testRecord.js';
import { stableJson } from '../json.js';
import { goldenTar } from './golden.js';

/** The golden run's scenario of which parts are made. */
const SCENARIO = 'every ARP form of the host and its VMs reaches every leaf';
const EXPERIMENT = 'every-arp-form-of-the-host-and-its-vms-reaches-every-leaf--balance-tcp--';

/** Its control, without which the run could not be a pass. */
const CONTROL = 'first-leg-only';

/** What is otherwise than in the golden run. */
export interface GoldenPart {
  /** Whose experiment is taken as that of the replicator under test: `off` replicates nothing, and fails. */
  readonly replicator: 'ovs-group' | 'off';
  readonly plan?: Partial<KeptPlan>;
}

/**
 * A run of one experiment and its control, made of the golden run: it is judged in milliseconds.
 * @param folder is made: the evidence folder of the run
 */
export function unpackGoldenPart(folder: string, { replicator, plan = {} }: GoldenPart): void {
  mkdirSync(folder, { recursive: true });
  const id = `${EXPERIMENT}${replicator}`;
  const names = [PLAN_FILE, TESTS_FILE, id, `${EXPERIMENT}${CONTROL}`];
  execFileSync('tar', ['-x', '-C', folder, ...names.map((name) => `./${name}`)], { input: goldenTar() });
  edit<KeptPlan>(join(folder, PLAN_FILE), (kept) => ({ ...kept, scenarios: [SCENARIO], replicator, ...plan }));
  edit<TestsRecord>(join(folder, TESTS_FILE), (kept) => ({
    ...kept,
    tests: kept.tests.filter(
      ({ scenario, project }) => scenario === SCENARIO && ['balance-tcp', `control ${CONTROL}`].includes(project),
    ),
  }));
  for (const name of ['outcome.json', 'evidence.json'])
    edit(join(folder, id, name), (kept: object) => ({ ...kept, intent: { type: 'qualify' } }));
}

function edit<T>(file: string, change: (kept: T) => T): void {
  writeFileSync(file, stableJson(change(JSON.parse(readFileSync(file, 'utf8')) as T)));
}
