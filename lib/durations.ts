/**
 * Every duration that must exist, in one place, with its reason. All in milliseconds unless the name says otherwise.
 */
export const DURATIONS = {
  /** A healthy agent answers its first call in about 0.1 s; a machine under heavy load has been seen to need 2 s. */
  agentStart: 15_000,
  /**
   * ovsdb-server and ovs-vswitchd create their control sockets within 50 ms, and loaded machines need a second. With
   * DPDK the switch takes 1 s of CPU until its bridge is there: more than 10 s were seen with ten times more work than
   * cores.
   */
  daemonStart: 40_000,
  /** veth pairs go up in 2-3 ms (once 117 ms); an interface that is not up by now never will be. */
  linkUp: 5_000,
  /**
   * A virtual function looks for its link every 2 s (drivers/net/ethernet/intel/igbvf/netdev.c, igbvf_watchdog_task), from when the
   * NIC has one: up to 7 s have been seen.
   */
  vfLink: 12_000,
  /** LACP between two switches negotiates in about 10 ms; three fast periods (3 x 1 s) are its worst case. */
  lacpNegotiation: 8_000,
  /**
   * At the slow rate LACPDUs come every 30 s. They also do, at any rate, from a side that has given its partner up for
   * good (two timeouts, at the fast rate 6 s): the partner sets the rate, and there is none any more (lib/lacp.c of
   * Open vSwitch, lacp_run).
   */
  lacpSlowPeriod: 40_000,
  /**
   * Three slow periods of 30 s until a silent partner counts as gone, three fast ones to make sure (IEEE 802.1AX
   * 6.4.4), and a busy machine.
   */
  lacpSlowTimeout: 110_000,
  /** tcpdump says "listening" after 16-32 ms. */
  captureReady: 10_000,
  /** A control frame is in its capture within 1 ms of being sent; when it is not, the tap is not alive. */
  controlFrame: 3_000,
  /**
   * How long those who are behind a capture are waited for, where nothing can be sent through it: each leaf asks several
   * times within it, and a kernel answers at once.
   */
  voices: 8_000,
  /** Between two rounds of questions: an answer takes milliseconds, a command on a far machine some tens of them. */
  askAgain: 250,
  /**
   * A kernel asks again for an address to which it keeps sending: an entry is trusted for up to 45 s (half to one and a
   * half times base_reachable_time), and delayed for 5 s (delay_first_probe_time; arp(7)); then it asks by unicast.
   */
  askedAgain: 65_000,
  /** Data fills the queue of an uplink within 0.1 s; a machine under heavy load needs seconds. */
  queueFull: 10_000,
  /** Polling interval for a state that gives no event. */
  poll: 2,
  /**
   * Floor of the late band: how long the window stays open after the fences for copies that a user-space replicator may
   * still hold. The real band is measured from the canaries' own delay and is never below this.
   */
  lateBandFloor: 25,
  /** The late band is this many times the slowest canary, so that a busy machine widens its own band. */
  lateBandFactor: 10,
  /**
   * Shortest delay that is called late: a switch in user space that gets no CPU holds a frame for tens of ms (95 ms
   * seen with both cores busy, in a storm of 1,000 frames a second). Frames that a replicator holds back on purpose are
   * far above that.
   */
  lateFloor: 250,
  /**
   * Upper limit of the late band on any machine: above this a busy machine no longer widens the band, or a replicator
   * that holds frames for a second would pass there.
   */
  lateCeiling: 750,
  /** How long the mutants `delayed` and `repeats` hold frames; well above `lateCeiling`. */
  heldBack: 1_000,
  /** The greatest skew that the mutant `skewed` promises: many times what a switch needs (about 0.1 ms). */
  claimedSkew: 20,
  /** How long it holds frames: well above what it promises, and below `lateFloor`, so that only the skew is wrong. */
  heldALittle: 120,
  /**
   * How long to wait for a copy that is due, so that a slow one is reported as late rather than missing: `heldBack` and
   * what a busy machine adds. A window that lingers stays open for the same time, for copies that should not come.
   */
  lateCopy: 1_600,
  /**
   * Floor of the don't-care time on both sides of a fault edge: frames that are still on their way through a user-space
   * switch at the edge. The edge itself, from its beginning until both ends and the bond have noticed, is measured each
   * time and added.
   */
  edgeBand: 50,
  /**
   * The don't-care time is this many times the slowest canary of the lab, so that a busy machine widens its own band.
   */
  edgeBandFactor: 2,
  /** Polling interval for queues, and for the bond's members, where the switch's database does not report a change. */
  memberLook: 200,
  /**
   * How long a leaf that came back is left alone, to see what it learns without being told: the announcements of a bond
   * come within 0.1 s.
   */
  unaskedLearning: 300,
  /** A stream of probes pauses this long between two batches, so that other work gets done. */
  streamPause: 4,
  /**
   * Pause between two tries to reach a switch daemon that restarts (about 0.1 s), so that the tries do not slow it
   * down.
   */
  reconnect: 30,
  /** The longest such pause, so that tries do not load the machine while a daemon stays dead. */
  reconnectLongest: 500,
  /** Between two rounds of the mutant that refreshes tables: several rounds within one window. */
  refresh: 20,
  /**
   * A kernel answers a neighbor probe within 1 ms, and the asking kernel gives up after 3 tries of 1 s. Costs time only
   * where something is wrong, or no CPU is free.
   */
  neighborAnswer: 4_000,
  /** The same where a mutant is known to lose answers: one and a half tries. */
  neighborAnswerLost: 1_500,
  /**
   * Copies that are not on every leaf by then never come back: LACP with fast timeouts needs at most 1 s after link-up.
   * No replicator may take longer to react to an event on its host.
   */
  recovery: 1_500,
  /**
   * How long the mutant `returns-late` leaves a leg out after its carrier is back: longer than the edge of a repair has
   * been seen to be (1,018 ms; 1,331 ms with many more processes than cores), and less than `recovery`: an edge that
   * waited until copies are seen again would excuse the whole delay.
   */
  returnsLate: 1_400,
  /**
   * If a recovery probe is not on every leaf within this time, the next is sent; so it bounds the figure's resolution.
   */
  recoveryProbe: 5,
  /** A replicator given by the user must print its ready line by then. */
  replicatorReady: 10_000,
  /** After its stop signal a process has this long before SIGKILL. */
  processStop: 3_000,
  /**
   * A standing lab answers a request at once, and goes down in 0.1 s; a loaded machine has needed seconds, and a bond
   * may wait `lacpSlowPeriod` for LACP.
   */
  standingAnswer: 60_000,
  /**
   * Between two tries to become the lab daemon of a standing lab, while the last one's folder is just being removed.
   */
  standingRetry: 50,
  /**
   * A switch gives its controller up after three times its inactivity probe of 5 s, the shortest that there is (Open
   * vSwitch, ofproto/fail-open.c, trigger_duration), and a busy machine.
   */
  controllerGivenUp: 18_000,
  /**
   * Between two looks at how long a switch waited for a CPU: several within `lateFloor`, so that it can be told whether
   * the wait made a frame late.
   */
  cpuLook: 80,
  /**
   * Interval at which a lab daemon checks that it can still be found: long enough to cost nothing, and short enough
   * that a lost lab does not block the next one for long.
   */
  standingLook: 5_000,
  /**
   * A switch returns its counters within 10 ms, and one that is down refuses at once: costs time only where one hangs.
   */
  switchAnswer: 1_000,
  /**
   * After SIGKILL of a run's main process, until the next of its processes has ended: all of them end within 0.1 s, or
   * seconds when every core is taken.
   */
  crashCleared: 30_000,
  /** Polling interval for a run that is to be killed: each poll reads all of /proc, and must not slow the run down. */
  crashLook: 20,
  /**
   * Mean age of a leaf's neighbor entry where ageing is shortened; a leaf draws 0.5 to 1.5 of it, so the slowest asks
   * every 450 ms.
   */
  neighborAge: 300,
  /**
   * Between a leaf's probes of one entry. Three unanswered ones take 750 ms: longer than the slowest leaf's age, so
   * that a leaf whose own probes cannot arrive (its leg is the backup of an active-backup bond) hears the answer to
   * another leaf's probe in time.
   */
  neighborRetransmit: 250,
  /** Five ageing periods of the slowest leaf, plus the time in which an unanswered entry fails. */
  tableAgeing: 2_400,
  /**
   * The last packets of a stream arrive within milliseconds; receivers without a route would be waited for in vain.
   */
  streamDrain: 1_000,
  /**
   * The least time after which Open vSwitch forgets a silent MAC (lib/mac-learning.c, normalize_idle_time); 300 s
   * unless told otherwise.
   */
  macAgeing: 15_000,
  /**
   * How long no endpoint sends, so that a replicator loses its temporary state: longer than idle timeouts of flows
   * (usually 60 s) and than conntrack keeps a UDP stream (120 s, nf_conntrack_udp_timeout_stream).
   */
  silence: 130_000,
  /**
   * How long, at most, a trial waits for what ends by itself: longer than the 300 s that are usual for state of switches.
   */
  endings: 310_000,
  /**
   * Open vSwitch looks every second for flows whose time is up (ofproto/ofproto-dpif.c, run and expire), and first lets
   * the counters of idle ones catch up.
   */
  flowsSwept: 5_000,
  /** How long the mutant `ends-soon` keeps its flows: longer than it takes from them to the first frame of a trial. */
  flowHard: 4_000,
  /**
   * How long the mutant `expires` keeps its flows without a frame: longer than a scenario of seconds, and well within
   * `silence`.
   */
  flowIdle: 45_000,
  /**
   * BGP sessions come up in 1 to 2 s (FRR tries once a second) and routes follow at once; a busy machine takes longer.
   */
  fabricConvergence: 15_000,
  /** Several times what sessions take: if routes are not there by then, the daemons are restarted once. */
  fabricStuck: 8_000,
  /**
   * Polling interval for BGP sessions: each poll starts a program, and a machine that is late with its sessions has no
   * time for many.
   */
  sessionLook: 50,
  /**
   * A leaf whose sessions are up again receives the next answers within an ageing period; after this time it never
   * will.
   */
  leafReturn: 4_000,
  /**
   * A machine in namespaces has made its keys and its server answers within 0.2 s; a loaded machine has needed seconds.
   */
  machineBoot: 60_000,
  /** A single command in a lab; nothing that we run takes a second. */
  command: 20_000,
} as const;
