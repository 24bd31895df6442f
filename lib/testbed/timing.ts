/**
 * How fast a testbed is: the shortest or longest waits there. All in ms unless the name says otherwise. Promises of
 * judges, controls and replicators do not belong here.
 */
export interface Timing {
  /** Polling interval for a state that gives no event. */
  readonly poll: number;
  /** Limit for a single command; nothing that a lab runs takes that long on a healthy machine. */
  readonly command: number;
  /** A process that was told to stop has this long before SIGKILL. */
  readonly processStop: number;
  /** A daemon that has not printed its message, or made its socket, by then never will. */
  readonly daemonStart: number;
  /** An interface that is not up by then never will be. */
  readonly linkUp: number;
  /** A capturing program that does not say that it listens by then is not alive. */
  readonly captureReady: number;
  /** A control frame that is not in its capture by then shows that the tap is not alive. */
  readonly controlFrame: number;
  /** Floor of the late band: how long a window stays open after its fences for copies that a program may still hold. */
  readonly lateBandFloor: number;
  /** The late band is this many times the slowest canary. */
  readonly lateBandFactor: number;
  /** Shortest delay that is called late. */
  readonly lateFloor: number;
  /** Floor of the don't-care time on both sides of a fault's edge. */
  readonly edgeBandFloor: number;
  /** The don't-care time is this many times the slowest canary. */
  readonly edgeBandFactor: number;
}
