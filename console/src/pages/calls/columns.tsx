import { columnVisibilityFeature, createColumnHelper, tableFeatures } from '@tanstack/react-table';
import { useTranslation } from 'react-i18next';
import type { Call } from '../../../../src/contract/calls.ts';
import type { Recording } from '../../../../src/contract/recordings.ts';
import { Duration } from '../../parts/duration.tsx';
import { Instant } from '../../parts/instant.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useReasons } from '../../reasons/use-reasons.ts';
import classes from './calls-grid.module.css';
import { useRows } from './rows-context.ts';
import { WaveformCell } from './waveform-cell.tsx';
import { isolate, showHidden } from '../../given-text.ts';

/** Every column there is, in its order: how narrow it may be (px), and its share of the room that is left. */
export const columnWidths = {
  startAt: [180, 0],
  callId: [220, 2],
  duration: [64, 0],
  waveform: [170, 0],
  state: [110, 1],
  tags: [110, 1],
  outId: [110, 1],
  taskId: [110, 1],
  batchId: [110, 1],
  detailId: [110, 1],
  endAt: [180, 0],
  receivedAt: [180, 0],
  flags: [140, 1],
} as const satisfies Record<string, readonly [number, number]>;

export type ColumnName = keyof typeof columnWidths;
export const columnNames = Object.keys(columnWidths) as ColumnName[];
export const defaultColumns: readonly ColumnName[] = [
  'startAt',
  'callId',
  'duration',
  'waveform',
  'state',
  'tags',
  'outId',
];

export const features = tableFeatures({ columnVisibilityFeature });
const helper = createColumnHelper<typeof features, Call>();

const head = (name: ColumnName) => ({ id: name, header: () => <ColumnTitle name={name} /> });

export const columns = helper.columns([
  helper.display({
    ...head('startAt'),
    cell: ({ row }) => <StartOf call={row.original} />,
  }),
  helper.display({ ...head('callId'), cell: ({ row }) => <CallLink call={row.original} /> }),
  helper.display({
    ...head('duration'),
    cell: ({ row: { original } }) =>
      original.durationSeconds === undefined ? null : <Duration seconds={original.durationSeconds} />,
  }),
  helper.display({ ...head('waveform'), cell: ({ row }) => <WaveformCell call={row.original} /> }),
  helper.display({ ...head('state'), cell: ({ row }) => <States recordings={row.original.recordings} /> }),
  helper.display({ ...head('tags'), cell: ({ row }) => <Tags tags={row.original.tags ?? []} /> }),
  ...(['outId', 'taskId', 'batchId', 'detailId'] as const).map((name) =>
    helper.display({ ...head(name), cell: ({ row }) => <Cut text={row.original[name]} /> }),
  ),
  helper.display({
    ...head('endAt'),
    cell: ({ row: { original } }) => original.endAt !== undefined && <Instant at={original.endAt} />,
  }),
  helper.display({
    ...head('receivedAt'),
    cell: ({ row }) => <Instant at={row.original.firstReceivedAt} />,
  }),
  helper.display({ ...head('flags'), cell: ({ row }) => <Cut text={row.original.flags.join(', ')} /> }),
]);

function ColumnTitle({ name }: { readonly name: ColumnName }) {
  const { t } = useTranslation('calls');
  return t(`column.${name}`);
}

/** Nobody answered a call without a start; when it was may be known all the same. Its receipt is no time of the call. */
function StartOf({ call: { startAt, at, firstReceivedAt } }: { readonly call: Call }) {
  const { t } = useRows();
  if (startAt !== undefined) return <Instant at={startAt} />;
  if (at === firstReceivedAt) return <span className={classes.faint}>{t('noStart')}</span>;
  return (
    <span className={classes.faint} title={t('notAnswered')}>
      <Instant at={at} />
    </span>
  );
}

/**
 * Keys open the row that is chosen, so the links themselves are for pointers. Not the router's: it watches every
 * address for each of its links, which is felt while one scrolls.
 */
function CallLink({ call: { callId, madeUp } }: { readonly call: Call }) {
  const { open, t } = useRows();
  const link = (
    <a
      href={`/calls/${encodeURIComponent(callId)}`}
      tabIndex={-1}
      title={isolate(callId)}
      className={classes.link}
      onClick={(event) => {
        // With a key held down the browser opens it elsewhere.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        open(callId);
      }}
    >
      {showHidden(callId)}
    </a>
  );
  if (madeUp === undefined) return link;
  return (
    <span className={classes.several}>
      {link}
      <span className={classes.tag}>{t(`madeUp.${madeUp}`)}</span>
    </span>
  );
}

function States({ recordings }: { readonly recordings: readonly Recording[] }) {
  const { t } = useRows();
  if (recordings.length === 0) return <span className={classes.faint}>{t('noRecording')}</span>;
  return (
    <span className={classes.several}>
      {recordings.map(({ id, state, reason }) =>
        reason === undefined || state === 'archived' ? (
          <StateBadge key={id} state={state} />
        ) : (
          <ExplainedState key={id} state={state} reason={reason} />
        ),
      )}
    </span>
  );
}

function ExplainedState({ state, reason }: { readonly state: Recording['state']; readonly reason: string }) {
  const { cause } = useReasons()('download', reason);
  return (
    <span title={cause}>
      <StateBadge state={state} />
    </span>
  );
}

function Tags({ tags }: { readonly tags: readonly string[] }) {
  return (
    <span className={classes.several}>
      {tags.map((tag) => (
        <span key={tag} title={isolate(tag)} className={classes.tag}>
          {showHidden(tag)}
        </span>
      ))}
    </span>
  );
}

function Cut({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null;
  return <span title={isolate(text)}>{showHidden(text)}</span>;
}
