/** How many legs of a host can be between virtio NICs of a guest. */
export const VIRTIO_LEGS = 2;
/** Pairs of queues that each of these NICs has. */
export const VIRTIO_QUEUES = 4;
