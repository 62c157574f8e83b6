// The hospital’s OpenID provider as this program knows it: found by discovery, asked for until it
// answers. Knows nothing about which product it is.

import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'
import {
  allowInsecureRequests,
  ClientSecretBasic,
  type Configuration,
  customFetch,
  type CustomFetch,
  discovery,
  enableNonRepudiationChecks,
} from 'openid-client'
import type { Log } from '../log.ts'
import { isLoopback, isSafeOrigin, type ReadySettings } from '../settings.ts'

export interface Provider {
  readonly configuration: Configuration
  /** The provider’s keys for logout tokens; openid-client keeps its own for id_tokens. */
  readonly logoutKeys: JWTVerifyGetKey
  readonly algorithms: readonly string[]
}

export interface ProviderSearch {
  /** Undefined while the provider has not answered yet. */
  now(): Provider | undefined
  /** Waits for it, but never longer than this. */
  within(ms: number): Promise<Provider | undefined>
  close(): void
}

const requestTimeoutS = 5
const firstWaitMs = 100
const longestWaitMs = 5000

const usedEndpoints = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const

/**
 * What discovery says is data of another party: every endpoint has to be there, and to be TLS or
 * loopback, because allowInsecureRequests would else let any of them be plain HTTP.
 */
function checkEndpoints(configuration: Configuration): URL {
  const metadata = configuration.serverMetadata()
  for (const name of usedEndpoints) {
    const value = metadata[name]
    if (value === undefined || !isSafeOrigin(new URL(value))) {
      throw new Error(`The provider’s ${name} is missing, or not on TLS or loopback.`)
    }
  }
  const pushed = metadata.pushed_authorization_request_endpoint
  if (pushed !== undefined && !isSafeOrigin(new URL(pushed))) {
    throw new Error('The provider’s pushed_authorization_request_endpoint is not on TLS.')
  }
  if (!metadata.supportsPKCE()) throw new Error('The provider does not announce PKCE with S256.')
  return new URL(metadata.jwks_uri ?? '')
}

/**
 * One attempt. Signatures of id_tokens are always checked, although TLS would do (Core 3.1.3.7).
 */
export async function discoverProvider(
  settings: ReadySettings,
  fetchWith?: CustomFetch,
): Promise<Provider> {
  const issuer = new URL(settings.issuer)
  const insecure = issuer.protocol === 'http:' && isLoopback(issuer)
  const configuration = await discovery(
    issuer,
    settings.clientId,
    { client_secret: settings.clientSecret },
    ClientSecretBasic(settings.clientSecret),
    {
      timeout: requestTimeoutS,
      // Named deprecated so that it stands out: settings refuse plain HTTP beyond loopback.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      execute: [...(insecure ? [allowInsecureRequests] : []), enableNonRepudiationChecks],
      ...(fetchWith && { [customFetch]: fetchWith }),
    },
  )
  const jwksUri = checkEndpoints(configuration)
  const logoutKeys = createRemoteJWKSet(jwksUri, { timeoutDuration: requestTimeoutS * 1000 })
  const announced = configuration.serverMetadata().id_token_signing_alg_values_supported
  const algorithms = (announced ?? ['RS256']).filter((alg) => /^(RS|PS|ES|Ed)/.test(alg))
  return { configuration, logoutKeys, algorithms }
}

/**
 * Starts looking at once and goes on with full-jitter backoff until the provider answers: the two
 * programs may be started in either order.
 */
export function searchProvider(
  attempt: () => Promise<Provider>,
  log: Log,
  random: () => number = Math.random,
): ProviderSearch {
  let found: Provider | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const waiting = new Set<() => void>()

  const settle = (): void => {
    for (const wake of waiting) wake()
    waiting.clear()
  }
  const look = async (attempts: number): Promise<void> => {
    try {
      found = await attempt()
      log.info('provider.found', { attempts })
      settle()
    } catch (error) {
      if (closed) return
      const reason = error instanceof Error ? error.name : 'unknown'
      log.warn('provider.not-found-yet', { attempts, reason })
      const ceilingMs = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempts, 10))
      timer = setTimeout(() => void look(attempts + 1), random() * ceilingMs + firstWaitMs / 2)
    }
  }
  void look(1)

  return {
    now: () => found,
    async within(ms) {
      if (found !== undefined || closed) return found
      await new Promise<void>((resolve) => {
        const deadline = setTimeout(resolve, ms)
        waiting.add(() => {
          clearTimeout(deadline)
          resolve()
        })
      })
      return found
    },
    close() {
      closed = true
      clearTimeout(timer)
      settle()
    },
  }
}
