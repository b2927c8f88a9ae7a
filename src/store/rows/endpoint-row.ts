import type {
  Endpoint,
  EndpointHealth,
  EndpointSecret,
  EndpointSettings,
  EndpointStart,
} from '../../domain/endpoint.js';
import type { Row } from './row.js';

/** A row of `endpoints`. */
export interface EndpointRow extends Row {
  readonly id: number;
  /** JSON. */
  readonly settings: string;
  /** JSON. */
  readonly secrets: string;
  /** JSON. */
  readonly start: string;
  readonly is_paused: number;
  readonly is_removed: number;
  readonly cursor: number;
  readonly failures_in_a_row: number;
  readonly probe_at: number | null;
  readonly created_at: number;
  readonly generation: number;
  readonly leased_until: number | null;
}

/** Public ids of endpoints are `e` and a number. */
export function toEndpointId(id: number): string {
  return `e${id}`;
}

/** 0, which no row has, for anything that is no id. */
export function fromEndpointId(id: string): number {
  return /^e[1-9]\d{0,14}$/.test(id) ? Number(id.slice(1)) : 0;
}

export function toEndpoint(row: Row): Endpoint {
  const told = row as EndpointRow;
  return {
    id: toEndpointId(told.id),
    settings: JSON.parse(told.settings) as EndpointSettings,
    isPaused: told.is_paused === 1,
    cursor: told.cursor,
    start: JSON.parse(told.start) as EndpointStart,
    health: toHealth(told),
    secrets: JSON.parse(told.secrets) as EndpointSecret[],
    createdAt: told.created_at,
  };
}

function toHealth({ failures_in_a_row: failuresInARow, probe_at: probeAt }: EndpointRow): EndpointHealth {
  return probeAt === null ? { failuresInARow } : { failuresInARow, probeAt };
}

/** The secrets once `secret` signs first: each other one expires at `othersUntil` unless it does before. */
export function rotatedSecrets(
  secrets: readonly EndpointSecret[],
  secret: EndpointSecret,
  othersUntil: number,
): EndpointSecret[] {
  const others = secrets
    .map((other) => ({ ...other, expiresAt: Math.min(other.expiresAt ?? othersUntil, othersUntil) }))
    // A secret that signs nothing any more is better gone.
    .filter(({ expiresAt }) => expiresAt > secret.createdAt);
  return [secret, ...others];
}
