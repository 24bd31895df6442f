/**
 * Every duration that must exist, in one place, with its reason. All in milliseconds unless the name says otherwise.
 */
export const DURATIONS = {
  /** A healthy agent answers its first call in about 0.1 s; a machine under heavy load has been seen to need 2 s. */
  agentStart: 15_000,
  /** ovsdb-server and ovs-vswitchd create their control sockets within 50 ms; loaded machines need a second. */
  daemonStart: 10_000,
  /** veth pairs go up in 2-3 ms (once 117 ms); an interface that is not up by now never will be. */
  linkUp: 5_000,
  /** LACP between two switches negotiates in about 10 ms; three fast periods (3 x 1 s) are its worst case. */
  lacpNegotiation: 8_000,
  /**
   * At the slow rate LACPDUs come every 30 s; also, whatever its rate, from a side that has given its partner up for
   * good (two timeouts, at the fast rate 6 s): how often to speak is the partner's word, and it has none any more
   * (lib/lacp.c of Open vSwitch, lacp_run).
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
  /** Interval between two looks at a state that gives no event of its own. */
  poll: 2,
  /**
   * Floor of the late band: how long the window stays open after the fences for copies that a user-space replicator may
   * still hold. The real band is measured from the canaries' own delay and is never below this.
   */
  lateBandFloor: 25,
  /** The late band is this many times the slowest canary, so that a busy machine widens its own band. */
  lateBandFactor: 10,
  /**
   * Floor of what is called late: a switch in user space that gets no CPU holds a frame for tens of ms (95 ms seen with
   * both cores busy, in a storm of 1,000 frames a second). What a replicator holds back on purpose is far above.
   */
  lateFloor: 250,
  /**
   * What is late is late however slow the machine is: above this a busy machine no longer widens the band, or a
   * replicator that holds frames for a second would pass on it.
   */
  lateCeiling: 750,
  /** How long the mutants `delayed` and `repeats` hold frames; well above `lateCeiling`. */
  heldBack: 1_000,
  /** The skew that the mutant `skewed` promises at most: many times what a switch needs (about 0.1 ms). */
  claimedSkew: 20,
  /** How long it holds them: well above what it promised, and below `lateFloor`, so that only the skew is wrong. */
  heldALittle: 120,
  /**
   * How long to wait for a copy that is due, so that a slow one is reported as late rather than missing: `heldBack` and
   * what a busy machine adds. A window that lingers stays open for the same time, for copies that should not come.
   */
  lateCopy: 1_600,
  /**
   * Floor of the don't-care time on both sides of a fault edge: what is still on its way through a user-space switch
   * when the edge comes. The edge itself, from its beginning until both ends and the bond have noticed, is measured
   * each time and added.
   */
  edgeBand: 50,
  /**
   * The don't-care time is this many times the slowest canary of the lab, so that a busy machine widens its own band.
   */
  edgeBandFactor: 2,
  /** Between two looks at the bond's members, where the switch's database does not tell of a change by itself. */
  memberLook: 200,
  /**
   * How long a leaf that came back is left alone, to see what it learns without being told: the announcements of a bond
   * come within 0.1 s.
   */
  unaskedLearning: 300,
  /** A stream of probes lets others work this long between two handfuls. */
  streamPause: 4,
  /** Between two tries to reach a switch daemon that restarts (about 0.1 s), so that the tries do not slow it down. */
  reconnect: 30,
  /** The tries become rarer up to this, so that a daemon that stays dead does not fill the machine with them. */
  reconnectLongest: 500,
  /** Between two rounds of the mutant that refreshes tables: several rounds within one window. */
  refresh: 20,
  /**
   * A kernel answers a neighbor probe within 1 ms, and the asking kernel gives up after 3 tries of 1 s. Costs time only
   * where something is wrong, or no CPU is free.
   */
  neighborAnswer: 4_000,
  /** The same where a mutant is known to lose answers: one try and a half. */
  neighborAnswerLost: 1_500,
  /**
   * Copies that are not on every leaf by then do not come back at all: LACP with fast timeouts needs at most 1 s after
   * link-up. No replicator may take longer to react to what happened to its host.
   */
  recovery: 1_500,
  /**
   * How long the mutant `returns-late` leaves a leg out after its carrier is back: longer than the edge of a repair has
   * been seen to be (1,018 ms; 1,331 ms with many more processes than cores), and less than `recovery`: an edge that
   * waited until copies are seen again would excuse all of it.
   */
  returnsLate: 1_400,
  /**
   * One recovery probe: if it is not on every leaf within this time the next is sent, so it bounds the figure's
   * resolution.
   */
  recoveryProbe: 5,
  /** A replicator given by the user must say its ready line by then. */
  replicatorReady: 10_000,
  /** After its stop signal a process has this long before SIGKILL. */
  processStop: 3_000,
  /**
   * A lab that stands answers a question at once, and goes in 0.1 s; a loaded machine has needed seconds, and a bond
   * may wait `lacpSlowPeriod` for LACP.
   */
  standingAnswer: 60_000,
  /**
   * Between two tries to become the lab daemon of a standing lab, while the last one's folder is just being removed.
   */
  standingRetry: 50,
  /**
   * Between two looks of a lab daemon whether it can still be found: rare enough to cost nothing, and often enough that
   * a lost lab does not block the next one for long.
   */
  standingLook: 5_000,
  /**
   * A switch says what it has counted within 10 ms, and one that is down refuses at once: costs time only where one
   * hangs.
   */
  switchAnswer: 1_000,
  /**
   * After SIGKILL of a run's main process, until the next of its processes has ended: all of them end within 0.1 s, or
   * seconds when every core is taken.
   */
  crashCleared: 30_000,
  /** Between two looks at a run that is to be killed: a look reads all of /proc, and must not slow the run down. */
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
  /** Five ageing periods of the slowest leaf, and the time in which an unanswered entry fails. */
  tableAgeing: 2_400,
  /**
   * The last packets of a stream are through within milliseconds; receivers that no route leads to would be waited for
   * in vain.
   */
  streamDrain: 1_000,
  /**
   * The least time after which Open vSwitch forgets a silent MAC (lib/mac-learning.c, normalize_idle_time); 300 s
   * unless told otherwise.
   */
  macAgeing: 15_000,
  /**
   * How long nobody speaks, so that a replicator loses what it keeps for the time being: longer than idle timeouts of
   * flows are (60 s as a rule) and than conntrack keeps a UDP stream (120 s, nf_conntrack_udp_timeout_stream).
   */
  silence: 130_000,
  /**
   * How long the mutant `expires` keeps its flows without a frame: longer than a scenario of seconds lasts, and well
   * within `silence`.
   */
  flowIdle: 45_000,
  /**
   * BGP sessions come up in 1 to 2 s (FRR tries once a second) and routes follow at once; a busy machine takes longer.
   */
  fabricConvergence: 15_000,
  /** Several times what sessions take: where routes are not there by then, the daemons are started once more. */
  fabricStuck: 8_000,
  /**
   * Between two looks at BGP sessions: a look starts a program, and a machine that is late with its sessions has no
   * time for many.
   */
  sessionLook: 50,
  /**
   * A leaf whose sessions are up again hears the next answers within an ageing period; more than this, and it never
   * will.
   */
  leafReturn: 4_000,
  /** A single command in a lab; nothing that we run takes a second. */
  command: 20_000,
} as const;
