/** Folders whose code touches nothing but its arguments: no files, no processes, no network, no clock. Tests beside it may. */
const PURE = '^lib/((wire|pcap|topology|profile|judge)/|(dataplane/traits|evidence/older|judgeEntry)\\.ts$)';
const TEST = '(\\.test\\.ts$|/testing/)';
/** Libraries that are pure themselves. */
const PURE_LIBRARIES = '^node_modules/(ipaddr\\.js|yaml|zod)/';
/** Everything that is made of Open vSwitch. */
const OPEN_VSWITCH =
  '^lib/(ovs|leaf|dataplane/(?:ovs-bond|chain|macvlan|ovs-dpdk|ovs-offload|qos|vxlan)|replicator/ovs|control/ovs)/|^lib/replicator/ovsGroup\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'pure-folders-stay-pure',
      comment:
        'A verdict must be repeatable from a folder of files on any machine: what judges may not touch the system.',
      severity: 'error',
      from: { path: PURE, pathNot: TEST },
      to: { pathNot: [PURE, '^lib/evidence/types\\.ts$', '^lib/groupBy\\.ts$', PURE_LIBRARIES] },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing in two places, also where only their types do.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'scenarios-speak-fixtures',
      comment:
        'A scenario reads like sentences; how things are done is in lib/runner and lib/trial. Types may come from anywhere.',
      severity: 'error',
      from: { path: '^scenarios/' },
      to: {
        pathNot: ['^scenarios/', '^lib/(runner|trial)/', '^node_modules/'],
        dependencyTypesNot: ['type-only', 'core'],
      },
    },
    {
      name: 'nothing-needs-the-command-line',
      comment: 'The command line is one way in; everything works without it.',
      severity: 'error',
      from: { pathNot: ['^lib/cli/', '^bench/', TEST] },
      to: { path: '^lib/cli/' },
    },
    {
      name: 'only-the-defaults-name-a-testbed-or-a-plane',
      comment:
        'Everything else gets them from lib/defaults.ts or from a config, so that the next one is a folder and a line.',
      severity: 'error',
      from: {
        path: '^(lib|scenarios|bench|playwright)',
        pathNot: ['^lib/defaults\\.ts$', '^lib/(testbed|dataplane)/[^/]+/'],
      },
      to: { path: '^lib/(testbed|dataplane)/[^/]+/' },
    },
    {
      name: 'a-plane-knows-no-other',
      comment: 'What two testbeds or two data planes share is beside their folders.',
      severity: 'error',
      from: { path: '^lib/(testbed|dataplane)/([^/]+)/' },
      to: { path: '^lib/(testbed|dataplane)/[^/]+/', pathNot: '^lib/$1/$2/' },
    },
    {
      name: 'open-vswitch-is-one-of-many',
      comment: 'Who works with lib/dataplane/plane.ts alone works on every data plane.',
      severity: 'error',
      from: { path: '^(lib|scenarios|bench)', pathNot: ['^lib/defaults\\.ts$', OPEN_VSWITCH, TEST] },
      to: { path: '^lib/(ovs|replicator/ovs|control/ovs)/|^lib/replicator/ovsGroup\\.ts$' },
    },
    {
      name: 'data-planes-bring-the-leaves-up',
      comment: 'Leaves are reached over the plane that they fit to. Planes of others import lib/extend.ts.',
      severity: 'error',
      from: { path: '^(lib|scenarios|bench)', pathNot: ['^lib/(leaf|dataplane)/', '^lib/extend\\.ts$', TEST] },
      to: { path: '^lib/leaf/' },
    },
    {
      name: 'set-up-needs-nothing',
      comment: 'It runs before there is a node_modules.',
      severity: 'error',
      from: { path: '^lib/bootstrap/', pathNot: TEST },
      to: { pathNot: '^lib/bootstrap/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|reports/out)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.cjs', '.json'] },
  },
};
