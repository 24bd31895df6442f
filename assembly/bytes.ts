/** Numbers of a packet, most significant byte first, at an address in memory. */
export function u8At(at: i32): i32 {
  return load<u8>(at) as i32;
}

export function u16At(at: i32): i32 {
  return bswap<u16>(load<u16>(at)) as i32;
}

export function u32At(at: i32): i32 {
  return bswap<u32>(load<u32>(at)) as i32;
}
