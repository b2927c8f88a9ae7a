import type {
  Endpoint,
  EndpointHealth,
  EndpointSecret,
  EndpointSettings,
  EndpointStart,
} from '../../domain/endpoint.js';
import type { Row } from './row.js';

/** Public ids of endpoints are `e` and a number. */
export function toEndpointId(id: number): string {
  return `e${id}`;
}

/** 0, which no row has, for anything that is no id. */
export function fromEndpointId(id: string): number {
  return /^e[1-9]\d{0,14}$/.test(id) ? Number(id.slice(1)) : 0;
}

export function toEndpoint(row: Row): Endpoint {
  return {
    id: toEndpointId(row['id'] as number),
    settings: JSON.parse(row['settings'] as string) as EndpointSettings,
    isPaused: row['is_paused'] === 1,
    cursor: row['cursor'] as number,
    start: JSON.parse(row['start'] as string) as EndpointStart,
    health: toHealth(row),
    secrets: JSON.parse(row['secrets'] as string) as EndpointSecret[],
    createdAt: row['created_at'] as number,
  };
}

function toHealth(row: Row): EndpointHealth {
  const failuresInARow = row['failures_in_a_row'] as number;
  const probeAt = row['probe_at'] as number | null;
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
