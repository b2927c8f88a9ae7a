import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { settings } from '../../src/settings/settings.js';
import { defaultArchiverSettings } from '../../src/archive/archiver-settings.js';
import { readYaml, readYamlDocuments } from '../support/read-yaml.js';
import { stopWithinMs } from '../../src/app/service.js';
import { readAsProcess } from './read-as-process.js';

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

interface Container {
  readonly env: { readonly name: string; readonly value: string }[];
  readonly envFrom: { readonly configMapRef: { readonly name: string } }[];
  readonly ports: { readonly name: string; readonly containerPort: number }[];
  readonly securityContext: unknown;
  readonly resources: { requests: unknown; limits: unknown };
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly volumeMounts: { readonly name: string; readonly mountPath: string }[];
}

interface Pod {
  readonly enableServiceLinks: boolean;
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: unknown;
  readonly containers: [Container];
  readonly volumes: {
    readonly name: string;
    readonly emptyDir?: unknown;
    readonly secret?: { readonly items: { readonly key: string; readonly path: string }[] };
  }[];
}

interface Policy {
  readonly spec: {
    readonly podSelector: { readonly matchExpressions?: { key: string; values: string[] }[] };
    readonly ingress?: { readonly ports: { readonly port: string | number }[] }[];
    readonly egress?: { readonly ports: { readonly port: string | number }[] }[];
  };
}

interface Claim {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string> };
  readonly spec: {
    readonly replicas: number;
    readonly selector: unknown;
    readonly template: { readonly metadata: { readonly labels: unknown }; readonly spec: Pod };
    readonly volumeClaimTemplates?: Claim[];
    readonly ports: { readonly targetPort: string }[];
  };
}

const folder = fileURLToPath(new URL('../../deploy/kubernetes/', import.meta.url));
const text = (file: string) => readFileSync(`${folder}${file}`, 'utf8');
const kustomization = readYaml(text('kustomization.yaml')) as { resources: string[] };
const manifests = kustomization.resources.flatMap((file) => readYamlDocuments(text(file)) as Manifest[]);
const workloads = manifests.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind));
const podOf = ({ spec }: Manifest) => spec.template.spec;
const containerOf = (workload: Manifest) => podOf(workload).containers[0];

/** KEY=VALUE lines, as `configMapGenerator` reads them. */
const shared = Object.fromEntries(
  text('earshot.env')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
);
const configOf = (workload: Manifest) =>
  readAsProcess({
    ...shared,
    ...Object.fromEntries(containerOf(workload).env.map(({ name, value }) => [name, value])),
  });

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

describe('the Kubernetes manifests', () => {
  it.skipIf(!hasKubectl)('are put together by kubectl, settings, image and all', () => {
    const built = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
    const made = readYamlDocuments(built) as Manifest[];
    expect(made.map(({ kind }) => kind).sort()).toEqual(
      [...manifests.map(({ kind }) => kind), 'ConfigMap'].sort(),
    );
    const configMap = made.find(({ kind }) => kind === 'ConfigMap')?.metadata.name;
    for (const workload of made.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind))) {
      expect(containerOf(workload).envFrom).toEqual([{ configMapRef: { name: configMap } }]);
    }
  });

  it('give every process settings that it can read, and every role to one kind of them', () => {
    const roles = workloads.flatMap((workload) => configOf(workload).roles);
    expect([...roles].sort()).toEqual(['api', 'archive', 'deliver', 'intake']);
    for (const { metadata, ...workload } of workloads) {
      expect(metadata.name).toBe(`earshot-${String(configOf({ metadata, ...workload }).roles)}`);
    }
  });

  it('believe an ingress controller where a request comes from', () => {
    for (const workload of workloads) expect(configOf(workload).trustedProxies).not.toEqual([]);
  });

  it('run pods that a restricted namespace takes, on roots that cannot be written', () => {
    for (const workload of workloads) {
      expect(podOf(workload)).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 10001,
          fsGroup: 10001,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      expect(containerOf(workload).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('keep the variables of services out of the environment, where Earshot knows no stranger', () => {
    expect(() => readAsProcess({ EARSHOT_API_PORT: 'tcp://10.0.0.1:80' })).toThrow('no setting of Earshot');
    for (const workload of workloads) expect(podOf(workload).enableServiceLinks).toBe(false);
  });

  it('wait longer for a pod to stop than a process may take, and send it nothing by then', () => {
    for (const workload of workloads) {
      const { stopDelayMs } = configOf(workload);
      const graceMs = podOf(workload).terminationGracePeriodSeconds * 1_000;
      expect(graceMs).toBeGreaterThan(stopDelayMs + stopWithinMs + defaultArchiverSettings.leaseMs);
      const { periodSeconds, failureThreshold } = containerOf(workload).readinessProbe;
      expect(stopDelayMs).toBeGreaterThan(periodSeconds * failureThreshold * 1_000);
    }
  });

  it('ask a process for its life and its readiness where it answers', () => {
    for (const workload of workloads) {
      const { ports, startupProbe, livenessProbe, readinessProbe } = containerOf(workload);
      expect(ports).toEqual([{ name: 'http', containerPort: settings.port.fallback }]);
      const asked = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
      expect(asked.map(({ path }) => path)).toEqual(['/healthz', '/healthz', '/readyz']);
      expect(new Set(asked.map(({ port }) => port))).toEqual(new Set(['http']));
    }
  });

  it('keep two pods of everything, and all but one of them while nodes are drained', () => {
    for (const workload of workloads) {
      expect(workload.spec.replicas).toBeGreaterThanOrEqual(2);
      expect(workload.spec.template.metadata.labels).toEqual(workload.metadata.labels);
      expect(workload.spec.selector).toEqual({ matchLabels: workload.metadata.labels });
      const budget = manifests.find(
        ({ kind, metadata }) => kind === 'PodDisruptionBudget' && metadata.name === workload.metadata.name,
      );
      expect(budget?.spec).toEqual({
        maxUnavailable: 1,
        selector: { matchLabels: workload.metadata.labels },
      });
    }
  });

  it('keep the local inbox of a pod beyond its end, with room for all that it may hold', () => {
    const intake = workloads.find((workload) => configOf(workload).roles.includes('intake'));
    expect(intake?.kind).toBe('StatefulSet');
    const [claim] = intake?.spec.volumeClaimTemplates ?? [];
    const [, gibibytes = '0'] = /^(\d+)Gi$/.exec(claim?.spec.resources.requests.storage ?? '') ?? [];
    const { spoolMaxBytes } = configOf(intake!);
    // As much again for what SQLite keeps beside it for a while.
    expect(Number(gibibytes) * 1024 ** 3).toBeGreaterThanOrEqual(1.5 * spoolMaxBytes + 512 * 1024 ** 2);
  });

  it('mount a volume for all that is written, and every secret whose file a process is told of', () => {
    for (const workload of workloads) {
      const { volumes } = podOf(workload);
      const claims = workload.spec.volumeClaimTemplates ?? [];
      const names = [...volumes, ...claims.map(({ metadata }) => metadata)].map(({ name }) => name);
      const { volumeMounts } = containerOf(workload);
      expect(volumeMounts.map(({ name }) => name).sort()).toEqual(names.sort());
      expect(volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/data', '/run/secrets/earshot']);
    }
    const mounted = new Map<string, string[]>();
    for (const workload of workloads) {
      const own = containerOf(workload).env.map(({ name, value }): [string, string] => [name, value]);
      const told = [...Object.entries(shared), ...own].filter(([name]) => name.endsWith('_FILE'));
      const { secret } = podOf(workload).volumes.find(({ name }) => name === 'secrets') ?? {};
      const paths = secret?.items.map(({ key, path }) => (key === path ? path : '')) ?? [];
      expect(told.map(([, path]) => path.replace('/run/secrets/earshot/', '')).sort()).toEqual(
        [...paths].sort(),
      );
      mounted.set(workload.metadata.name, paths);
    }
    const made = text('kustomization.yaml').matchAll(/--from-literal=([\w-]+)/g);
    expect([...made].map(([, name]) => name).sort()).toEqual(
      [...new Set([...mounted.values()].flat())].sort(),
    );
    // Whoever takes pushes from anywhere has no key to what was recorded.
    for (const name of ['earshot-intake', 'earshot-deliver'])
      expect(mounted.get(name)).not.toContain('s3-secret-access-key');
  });

  it('let nobody speak to a pod, and a pod to nobody, but those that it is for', () => {
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy') as unknown as Policy[];
    const holdsFor = (policy: Policy, component: string): boolean => {
      const { matchExpressions } = policy.spec.podSelector;
      if (!matchExpressions) return true;
      return matchExpressions.some(
        ({ key, values }) => key.endsWith('component') && values.includes(component),
      );
    };
    const portsOf = (component: string, way: 'ingress' | 'egress') =>
      policies
        .filter((policy) => holdsFor(policy, component))
        .flatMap(({ spec }) => spec[way] ?? [])
        .flatMap(({ ports }) => ports.map(({ port }) => port));
    expect(policies[0]?.spec).toMatchObject({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'earshot' } },
      policyTypes: ['Ingress', 'Egress'],
    });
    expect(portsOf('intake', 'egress')).toEqual([53, 53, 5432]);
    for (const role of ['api', 'archive', 'deliver'])
      expect(portsOf(role, 'egress')).toEqual([53, 53, 5432, 80, 443]);
    for (const role of ['api', 'intake']) expect(portsOf(role, 'ingress')).toEqual(['http', 'http']);
    for (const role of ['archive', 'deliver']) expect(portsOf(role, 'ingress')).toEqual(['http']);
    const blocks = JSON.stringify(policies);
    for (const metadata of ['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32', 'fd00:ec2::254/128'])
      expect(blocks).toContain(metadata);
  });

  it('differ from each other in role, size, data volume and secrets alone', () => {
    const common = workloads.map((workload) => {
      const [container] = podOf(workload).containers;
      const { topologySpreadConstraints: _spread, ...pod } = podOf(workload) as Pod & Record<string, unknown>;
      return {
        ...pod,
        containers: [{ ...container, env: [], resources: { limits: container.resources.limits } }],
        volumes: pod.volumes
          .filter(({ name }) => name !== 'data')
          .map(({ name, secret }) => ({ name, secret: { ...secret, items: [] } })),
      };
    });
    for (const pod of common) expect(pod).toEqual(common[0]);
  });

  it('send push paths to intake and the rest to the API, by ports that exist', () => {
    const ingress = text('ingress.yaml');
    const backends = [...ingress.matchAll(/path: (\S+)[\s\S]*?name: (\S+)/g)].map(([, path, name]) => [
      path,
      name,
    ]);
    expect(backends).toEqual([
      ['/push/', 'earshot-intake'],
      ['/', 'earshot-api'],
    ]);
    const services = manifests.filter(({ kind }) => kind === 'Service');
    expect(services.map(({ metadata }) => metadata.name).sort()).toEqual(['earshot-api', 'earshot-intake']);
    for (const { spec } of services) expect(spec.ports.map(({ targetPort }) => targetPort)).toEqual(['http']);
  });
});
