import { expect, it } from 'vitest';
import { isPlayedByBrowsers } from './played-formats.ts';

it('knows what browsers play as it is, and what is to be decoded for them', () => {
  const played = [
    'wav pcm-s16',
    'wav alaw',
    'wav ulaw',
    'wav float32',
    'wav',
    'mp3 mp3',
    'aac aac',
    'ogg opus',
    'flac',
  ];
  const others = [
    'wav gsm610',
    'wav imaadpcm',
    'wav msadpcm',
    'wav g726',
    'ogg speex',
    'amr amr',
    'aiff pcm',
    'caf',
  ];
  const isPlayed = (form: string): boolean => {
    const [container = '', codec] = form.split(' ');
    return isPlayedByBrowsers({ container, ...(codec !== undefined && { codec }) });
  };
  expect(played.filter((form) => !isPlayed(form))).toEqual([]);
  expect(others.filter(isPlayed)).toEqual([]);
});
