import { Type, type Static } from 'typebox';
import { parametersOf } from './page.js';

const Peaks = Type.String({
  description:
    'Base64 of one byte for each stretch: the highest absolute sample, 0 to 255. The stretches are equal.',
});

export const Waveform = Type.Object(
  {
    recordingId: Type.String(),
    seconds: Type.Number(),
    channels: Type.Array(
      Type.Object({
        peaks: Peaks,
        speech: Type.Array(Type.Tuple([Type.Number(), Type.Number()]), {
          description: 'Where somebody speaks: seconds from the start, ascending.',
        }),
      }),
      { description: 'Left first.' },
    ),
  },
  { title: 'Waveform', description: 'How loud a recording is over its length, and where somebody speaks.' },
);
export type Waveform = Static<typeof Waveform>;

export const WaveformListParameters = parametersOf({
  recordings: Type.String({ description: 'Ids with commas between them, 100 at most.' }),
  buckets: Type.Optional(Type.Integer({ minimum: 8, maximum: 256, default: 64 })),
});
export type WaveformListParameters = Static<typeof WaveformListParameters>;

export const WaveformList = Type.Object(
  {
    items: Type.Array(
      Type.Object({ recordingId: Type.String(), seconds: Type.Number(), channels: Type.Array(Peaks) }),
    ),
  },
  { title: 'WaveformList', description: 'Small ones for a list; those that there are.' },
);
export type WaveformList = Static<typeof WaveformList>;
