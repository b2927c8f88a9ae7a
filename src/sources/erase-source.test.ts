import { expect, it } from 'vitest';
import { toAssetFileName } from '../domain/asset-file-name.js';
import { possibleFileNames } from './erase-source.js';

const naming = {
  recordingId: 'r5',
  callId: '1^2',
  callStartAt: Date.UTC(2025, 4, 22, 4),
  firstReceivedAt: Date.UTC(2025, 4, 24, 4),
  timeZone: 'Asia/Shanghai',
};

it('has the name of each container, by the day of the call and by that of its receipt', () => {
  const names = possibleFileNames(naming);
  expect(names).toContain(toAssetFileName({ ...naming, container: 'wav' }));
  expect(names).toEqual(expect.arrayContaining(['2025-05-22/1_2-r5.mp3', '2025-05-24/1_2-r5.mp3']));
  expect(new Set(names).size).toBe(names.length);
});
