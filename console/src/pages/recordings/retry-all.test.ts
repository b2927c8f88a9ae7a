import { describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../../../src/contract/client.ts';
import type { Recording } from '../../../../src/contract/recordings.ts';
import { retryAll } from './retry-all.ts';

const recordings = ['1', '2', '3'].map((id) => ({ id, callId: `call ${id}` }) as Recording);
const running = new ApiProblem(409, { code: 'attempt-running', detail: 'It runs.' });

describe('a retry of several recordings', () => {
  it('goes on behind one that is refused, and tells of it', async () => {
    const retry = vi.fn((id: string) =>
      id === '2' ? Promise.reject(running) : Promise.resolve(recordings[0]!),
    );
    const counts: number[] = [];
    const result = await retryAll({ retry }, recordings, (count) => counts.push(count));
    expect(result).toEqual({
      accepted: 2,
      refused: [{ recording: recordings[1], code: 'attempt-running', detail: 'It runs.' }],
    });
    expect(counts).toEqual([1, 2, 3]);
  });

  it('ends where nobody answers', async () => {
    const retry = vi.fn(() => Promise.reject(new TypeError('fetch failed')));
    await expect(retryAll({ retry }, recordings, () => undefined)).rejects.toThrow('fetch failed');
    expect(retry).toHaveBeenCalledTimes(1);
  });
});
