import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../../src/contract/service.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useNowMs } from '../../parts/use-now-ms.ts';
import classes from './hour-bars.module.css';

const hourMs = 3_600_000;
const shownHours = 48;

/** How many recordings were archived in each of the last 48 hours; the sums are told in words as well. */
export function HourBars({ hours }: { readonly hours: Overview['archivedByHour'] }) {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const thisHour = Math.floor(useNowMs() / hourMs) * hourMs;
  const byHour = new Map(hours.map((each) => [Date.parse(each.hour), each]));
  const shown = Array.from(
    { length: shownHours },
    (_, index) => thisHour - (shownHours - 1 - index) * hourMs,
  );
  const most = Math.max(1, ...hours.map(({ recordings }) => recordings));
  const sum = (count: number): number =>
    shown.slice(-count).reduce((total, at) => total + (byHour.get(at)?.recordings ?? 0), 0);
  const words = t('recordings.byHour', { day: format.number(sum(24)), twoDays: format.number(sum(48)) });
  return (
    <figure className={classes.figure}>
      <div className={classes.bars} aria-hidden="true">
        {shown.map((at) => {
          const recordings = byHour.get(at)?.recordings ?? 0;
          return (
            <span
              key={at}
              className={classes.bar}
              style={{ height: `${(recordings / most) * 100}%` }}
              title={`${format.dateAndTime(at)}: ${format.number(recordings)}`}
            />
          );
        })}
      </div>
      <Text component="figcaption" size="xs" c="dimmed">
        {words}
      </Text>
    </figure>
  );
}
