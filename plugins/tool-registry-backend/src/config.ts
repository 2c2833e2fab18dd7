import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import type { SafeFetchPolicy } from '@agentyard/safe-fetch';
import type {
  SourceMode,
  VerificationProfile,
} from '@agentyard/plugin-tool-registry-common';
import type { SourceDeclaration } from '@agentyard/plugin-tool-registry-node';
import { CONFIG_PROVIDER, defineSource } from './service/SourceDefinition';

/** What the operator says about the registry; see config.d.ts. */
export interface RegistryConfig {
  sources: SourceDeclaration[];
  fetchPolicy: SafeFetchPolicy;
  probeIntervalSeconds: number;
  /** Trust in sources that stand in the catalog; undefined when they are not followed. */
  entitySources?: { profile: VerificationProfile; mode: SourceMode };
}

const DEFAULT_PROBE_INTERVAL_SECONDS = 60;

/**
 * Reads `agentyard.registry` and `agentyard.fetch`.
 *
 * @throws InputError naming what is wrong, so that a mistake stops the start
 */
export function readRegistryConfig(config: Config): RegistryConfig {
  const registry = config.getOptionalConfig('agentyard.registry');
  const sources = registry?.getOptionalConfig('sources');
  const declarations = (sources?.keys() ?? []).map(id =>
    readSource(id, sources!.getConfig(id)),
  );
  for (const declaration of declarations) {
    if (!/^[A-Za-z0-9_-]+$/.test(declaration.id)) {
      throw new InputError(
        `agentyard.registry.sources.${declaration.id}: an id has letters, digits, hyphens and underscores only`,
      );
    }
    defineSource(CONFIG_PROVIDER, declaration);
  }
  const entitySources = registry?.getOptionalConfig('entitySources');
  return {
    sources: declarations,
    fetchPolicy: readFetchPolicy(config.getOptionalConfig('agentyard.fetch')),
    probeIntervalSeconds:
      readSeconds(registry, 'probe.frequency') ??
      DEFAULT_PROBE_INTERVAL_SECONDS,
    ...(entitySources?.getOptionalBoolean('enabled') !== false && {
      entitySources: {
        profile: readProfile(entitySources) ?? 'strict',
        mode: readMode(entitySources) ?? 'enforce',
      },
    }),
  };
}

function readSource(id: string, config: Config): SourceDeclaration {
  const base = {
    id,
    url: config.getString('url'),
    owner: config.getOptionalString('owner'),
    intervalSeconds: readSeconds(config, 'schedule.frequency'),
  };
  const type = config.getString('type');
  switch (type) {
    case 'eat-catalog':
      return {
        ...base,
        type,
        publisher: config.getOptionalString('publisher'),
        profile: readProfile(config),
        mode: readMode(config),
      };
    case 'mcp-server':
      return { ...base, type };
    default:
      throw new InputError(
        `agentyard.registry.sources.${id}.type must be eat-catalog or mcp-server, not '${type}'`,
      );
  }
}

function readFetchPolicy(config: Config | undefined): SafeFetchPolicy {
  return {
    allowLoopback: config?.getOptionalBoolean('allowLoopback'),
    allowedPorts: config?.getOptional<number[]>('allowedPorts'),
    allowedHosts: config?.getOptionalStringArray('allowedHosts'),
  };
}

function readProfile(config: Config | undefined) {
  return config?.getOptionalString('profile') as
    | VerificationProfile
    | undefined;
}

function readMode(config: Config | undefined) {
  return config?.getOptionalString('mode') as SourceMode | undefined;
}

function readSeconds(config: Config | undefined, key: string) {
  return config?.has(key)
    ? durationToMilliseconds(readDurationFromConfig(config, { key })) / 1000
    : undefined;
}
