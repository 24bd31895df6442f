/**
 * A class of tc(8), `1:20`, as the priority of a packet that chooses it: both halves are hexadecimal
 * (include/uapi/linux/pkt_sched.h, TC_H_MAKE).
 */
export function priorityOf(classId: string): string {
  const [major = '', minor = ''] = classId.split(':');
  return `0x${major.padStart(4, '0')}${minor.padStart(4, '0')}`;
}
