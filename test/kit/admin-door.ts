// The admin door over a broker's core, in this process and without TLS, and tokens for it.

import { randomBytes } from 'node:crypto'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { registerAdmin } from '@wardkey/broker/doors/admin/admin-door'
import type { AdminNeeds } from '@wardkey/broker/doors/admin/admin-needs'
import { makeAdminToken } from '@wardkey/broker/flows/admin-tokens'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { BrokerCore } from './broker-core.ts'
import { inventKeyring } from './invented-keyring.ts'

/** Nothing is connected, and no record is signed but by the sealer that comes along. */
export async function openAdminDoor(
  core: BrokerCore,
  change: Partial<AdminNeeds> = {},
  sealer = core.newSealer(),
): Promise<FastifyInstance> {
  const fastify = Fastify({ bodyLimit: 64 * 1024 })
  await registerAdmin(fastify, {
    ...core.needs,
    random: randomBytes,
    monotonicMs: () => 0,
    keepIdentifiersMs: 0,
    caSha256: () => 'c'.repeat(64),
    recordKey: () => core.recordKey,
    recordChain: () => sealer.chain,
    witnessKey: 'kit.example/record/witness+00000000+BAAA',
    head: () => undefined,
    prove: sealer.prove,
    evidence: core.evidenceFrom(sealer),
    keyring: inventKeyring(core.needs.nowMs(), () => sealer.chain),
    connectionOf: () => undefined,
    onAnswered: () => undefined,
    ...change,
  })
  return fastify
}

export async function adminTokenFor(
  core: BrokerCore,
  scopes: readonly Scope[],
  name = 'kit',
): Promise<string> {
  const made = makeAdminToken({ name, scopes }, { ...core.needs, random: randomBytes })
  return (await core.needs.perform(() => Promise.resolve(made))).answer.token
}
