import { Group, List, Paper, Stack, Text } from '@mantine/core';
import { linkOptions } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../../src/contract/service.ts';
import type { Status } from '../../../../src/contract/status.ts';
import { addresses } from '../../addresses.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Icon } from '../../parts/icon.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { useNowMs } from '../../parts/use-now-ms.ts';
import { useConsumerName } from './use-consumer-name.ts';
import { judge, type Finding } from './verdict.ts';
import classes from './verdict-line.module.css';

export interface VerdictLineProps {
  readonly status: Status;
  /** As it is now: not what was told before an answer failed to come. */
  readonly overview: Overview | undefined;
}

const icons = { fine: 'done', attention: 'warning', loss: 'bad', unknown: 'info' } as const;

/** Where to see more of what was found, and to do something about it. */
const places = {
  blocked: linkOptions({ to: addresses.recordings, search: { state: 'blocked' } }),
  lost: linkOptions({ to: addresses.recordings, search: { state: 'lost' } }),
  // What dies first stands first there.
  overdue: linkOptions({ to: addresses.recordings, search: { state: 'pending' } }),
  dyingNow: linkOptions({ to: addresses.recordings, search: { state: 'pending' } }),
  dyingSoon: linkOptions({ to: addresses.recordings, search: { state: 'pending' } }),
  deadDeliveries: linkOptions({ to: addresses.deliveries, search: { state: 'dead', by: 'cause' } }),
  quarantine: linkOptions({ to: addresses.quarantine }),
};

function placeOf({ name, endpointId }: Pick<Finding, 'name' | 'endpointId'>) {
  if (endpointId !== undefined) return linkOptions({ to: addresses.endpoint, params: { endpointId } });
  return name in places ? places[name as keyof typeof places] : undefined;
}

/** The answer in words, then everything that was found, the gravest first. */
export function VerdictLine({ status, overview }: VerdictLineProps) {
  const { t } = useTranslation('overview');
  const { word, findings } = judge(status, overview, useNowMs());
  return (
    <Paper component="section" withBorder p="md" className={classes.verdict} data-word={word}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <span className={classes.icon}>
          <Icon name={icons[word]} size={24} />
        </span>
        <Stack gap={6}>
          <Text component="p" m={0} fw={600} fz="lg" role="status">
            {t(`verdict.${word}`)}
          </Text>
          {findings.length > 0 && (
            <List size="sm" spacing={2}>
              {findings.map((finding) => (
                <List.Item key={`${finding.name} ${finding.who ?? ''}`}>
                  <FindingText finding={finding} status={status} />
                </List.Item>
              ))}
            </List>
          )}
        </Stack>
      </Group>
    </Paper>
  );
}

interface FindingTextProps {
  readonly finding: Finding;
  readonly status: Status;
}

function FindingText({ finding: { name, count = 0, who, endpointId }, status }: FindingTextProps) {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const consumerName = useConsumerName(status);
  const whom = name === 'consumerBehind' && who !== undefined ? consumerName(who) : who;
  const text = t(`finding.${name}`, { count, number: format.number(count), who: whom });
  const place = placeOf({ name, ...(endpointId !== undefined && { endpointId }) });
  if (!place) return text;
  return (
    <>
      {text}{' '}
      <AnchorLink {...place} inherit underline="always">
        {t('look')}
      </AnchorLink>
    </>
  );
}
