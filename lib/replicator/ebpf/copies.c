/*
 * Copies ARP, NS and NA that leave on one leg to other legs. A classifier of tc (tc-bpf(8), direct-action) for the
 * egress hook of a leg. Compiled by compile.sh, which writes object.ts.
 *
 * The numbers of COPY_TO are placeholders: before it is loaded, each becomes the index of an interface, or 0 for none.
 * They are immediates, not a map, so that the tag of the loaded program covers them.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* "ebp": a frame that already has its copies. A copy passes the hook of its own leg, and would be copied back there. */
#define MARK 0x656270

#define ICMPV6 58
#define HOP_BY_HOP 0
#define ROUTING 43
#define DESTINATION 60
#define NEIGHBOR_SOLICITATION 135
#define NEIGHBOR_ADVERTISEMENT 136
#define IPV6_HEADER 40
#define NEXT_HEADER 6
/* More extension headers than any stack sends before a neighbor message; the verifier wants an end. */
#define MOST_HEADERS 4

/* An operand of its own, so that the compiler keeps one immediate per copy. */
#define COPY_TO(number) bpf_clone_redirect(frame, 0x7eaf0000 + (number), 0)

static __always_inline int is_neighbor_message(struct __sk_buff *frame, __u32 at)
{
	__u8 next, type;
	__u8 header[2];
	int i;

	if (bpf_skb_load_bytes(frame, at + NEXT_HEADER, &next, 1) < 0)
		return 0;
	at += IPV6_HEADER;
#pragma unroll
	for (i = 0; i < MOST_HEADERS; i++) {
		if (next != HOP_BY_HOP && next != ROUTING && next != DESTINATION)
			break;
		if (bpf_skb_load_bytes(frame, at, header, 2) < 0)
			return 0;
		next = header[0];
		at += 8 + 8 * header[1];
	}
	if (next != ICMPV6 || bpf_skb_load_bytes(frame, at, &type, 1) < 0)
		return 0;
	return type == NEIGHBOR_SOLICITATION || type == NEIGHBOR_ADVERTISEMENT;
}

SEC("tc")
int copies(struct __sk_buff *frame)
{
	__u32 at = 12;
	__be16 type;

	if (frame->mark == MARK || bpf_skb_load_bytes(frame, at, &type, 2) < 0)
		return TC_ACT_UNSPEC;
	/* A tag that the kernel keeps beside the frame is not in these bytes; one in the bytes is stepped over. */
	if (type == bpf_htons(ETH_P_8021Q) || type == bpf_htons(ETH_P_8021AD)) {
		at += 4;
		if (bpf_skb_load_bytes(frame, at, &type, 2) < 0)
			return TC_ACT_UNSPEC;
	}
	if (type != bpf_htons(ETH_P_ARP) && (type != bpf_htons(ETH_P_IPV6) || !is_neighbor_message(frame, at + 2)))
		return TC_ACT_UNSPEC;
	frame->mark = MARK;
	COPY_TO(1);
	COPY_TO(2);
	COPY_TO(3);
	COPY_TO(4);
	COPY_TO(5);
	COPY_TO(6);
	COPY_TO(7);
	return TC_ACT_UNSPEC;
}
