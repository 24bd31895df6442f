/** A MAC as the two numbers that `classify` gives, packed into one exact number: 48 bits. */
export function macNumber(text: string): number {
  return Number.parseInt(text.replaceAll(':', ''), 16);
}

export function macOf(high: number, low: number): number {
  return high * 0x1_0000_0000 + low;
}

export function macText(mac: number): string {
  return mac
    .toString(16)
    .padStart(12, '0')
    .replace(/(..)(?!$)/g, '$1:');
}
