import { encodeWav, makeSound } from '../../support/sound.js';
import { until } from '../../support/until.js';
import type { ConsoleServer } from './console-server.js';

/** Thirteen seconds on two channels: left speaks, right answers, six seconds nobody says a word, left ends it. */
function makeTalk(): Buffer {
  const left = makeSound([{ seconds: 3, tone: 0.3 }, { seconds: 8 }, { seconds: 2, tone: 0.3 }]);
  const right = makeSound([{ seconds: 3 }, { seconds: 1, tone: 0.2 }, { seconds: 9 }]);
  return encodeWav([left, right]);
}

/** Where everybody of `makeTalk` has been silent for a while, and where somebody speaks again, in seconds. */
export const silence = { from: 5, to: 10 };

export interface CallFields {
  readonly callId: string;
  readonly [field: string]: unknown;
}

/** Has a call with archived audio, whose waveform is drawn. Returns the recording's id. */
export async function publishTalk(server: ConsoleServer, fields: CallFields): Promise<string> {
  const message = { duration: 13, startTime: '2025-05-22 12:29:20', ...fields };
  const audio = new Blob([new Uint8Array(makeTalk())]);
  const { recordingId } = await server.client.recordings.publish(JSON.stringify(message), audio);
  await until(() => server.client.recordings.waveform(recordingId), { what: 'the waveform is drawn' });
  return recordingId;
}

/** Has calls without recordings, and waits until the last of them is found. `fields` of each. */
export async function publishReports(server: ConsoleServer, calls: readonly CallFields[]): Promise<void> {
  const pushSize = 2_000;
  for (let at = 0; at < calls.length; at += pushSize) {
    const messages = calls.slice(at, at + pushSize).map((fields) => ({ statusCode: '200010', ...fields }));
    await server.client.messages.publish(JSON.stringify(messages));
  }
  const last = calls.at(-1)!.callId;
  await until(async () => (await server.client.calls.search({ callId: last })).items.length === 1, {
    what: 'the last call is found',
  });
}
