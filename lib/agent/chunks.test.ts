import { PassThrough } from 'node:stream';
import { expect, test } from '@playwright/test';
import { collectStreams, endStream, packFrames, readChunks, unpackFrames, writeChunk } from './chunks.js';

const written = (): Buffer => {
  const channel = new PassThrough({ highWaterMark: 1 << 20 });
  writeChunk(channel, 1, Buffer.from('one'));
  writeChunk(channel, 2, Buffer.alloc(0));
  writeChunk(channel, 2, Buffer.from([0, 255, 10, 13]));
  writeChunk(channel, 1, Buffer.from(' and more'));
  endStream(channel, 2);
  endStream(channel, 1);
  endStream(channel, 3);
  return channel.read() as Buffer;
};

for (const size of [1, 3, 7, 8, 9, 1_000]) {
  test(`streams come out as they went in, however the channel cuts them: every ${size} bytes`, async () => {
    const channel = new PassThrough();
    const streams = collectStreams();
    readChunks(channel, (stream, bytes) => streams.take(stream, bytes));
    const bytes = written();
    const early = streams.whole(1);
    for (let at = 0; at < bytes.length; at += size) channel.write(bytes.subarray(at, at + size));
    expect(String(await early)).toBe('one and more');
    expect([...(await streams.whole(2))]).toEqual([0, 255, 10, 13]);
    expect(await streams.whole(3)).toHaveLength(0);
  });
}

test('frames keep their lengths', () => {
  const frames = [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(300, 7)];
  expect(unpackFrames(Buffer.from(packFrames(frames))).map((frame) => [...frame])).toEqual(
    frames.map((frame) => [...frame]),
  );
});
