/** Durations of ssh connections, each with its reason. Milliseconds unless the name says otherwise. */
export const SSH_TIMING = {
  /** A login takes 0.1 to 0.5 s in a local network; a machine with a slow name service needs some seconds (UseDNS). */
  login: 20_000,
  /**
   * One that takes longer is that of a slow machine: its commands have as many times more time. In three guests whose CPUs are
   * emulated, on two cores with three times more work, logins took 1.5 to 9 s, and looking at each for the first time 40 to 70 s.
   */
  usualLogin: 250,
  /** So many times more at most: a command that hangs is told some time, and a login may wait for a name service. */
  slowest: 20,
  /**
   * Asked five times, once a second, a machine that does not answer is given up after 5.0 to 6.0 s. A switch whose CPU
   * is busy with a table of routes still answers within a second; a machine with five times more work than cores has
   * needed 4 s.
   */
  keepalive: 1_000,
  keepaliveTries: 5,
  /**
   * How often a far process is told that we still live: three times within its lease. Each sign starts a program there, 60 ms of
   * a CPU that is emulated, for each process: told each second, a guest with some processes had no time for anything else.
   */
  beat: 3_000,
  /**
   * A far process that has heard nothing for this long ends itself, seconds. Longer than it takes to give a connection
   * up (6 s), so that a short cut ends nothing that could have gone on.
   */
  leaseSeconds: 10,
  /** A connection that is lost closes its channels first, and its jump host's loss is told before its own. */
  lossTold: 1_000,
  /** A single command; nothing that we run takes that long on a machine that is well. */
  command: 20_000,
} as const;
