import { createReadStream } from 'node:fs';
import pcapParser from 'pcap-parser';

/** Only counts packets with the npm package pcap-parser; a separate process, like the judge. */
const [file = ''] = process.argv.slice(2);
let count = 0;
const parser = (pcapParser as { parse(source: NodeJS.ReadableStream): NodeJS.EventEmitter }).parse(
  createReadStream(file),
);
parser.on('packet', () => {
  count++;
});
parser.on('end', () => {
  process.stdout.write(`${count}\n`);
});
