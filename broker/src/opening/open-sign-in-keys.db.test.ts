// A broker whose key folder lacks the keys that the schedule names: it begins with what it has, says
// so, and takes them up once they are there.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JWK } from 'jose'
import { expect, it } from 'vitest'
import { openCore, silentLog } from '../../../test/kit/broker-core.ts'
import { keepSignInKeys } from '../flows/keys/change-sign-in-keys.ts'
import { makeKeys, openKeys } from '../platform/keys/keys.ts'
import { Shutdown } from '../platform/shutdown.ts'
import { openSignInKeys } from './open-sign-in-keys.ts'

const generation = 'f'.repeat(16)
const times = { shownMs: 1000, keepMs: 1000, periodMs: 0 }
const kidsOf = (jwks: readonly JWK[]) => jwks.map(({ kid }) => kid)

it('begins with the keys that are there, complains, and takes the missing ones up', async () => {
  const root = mkdtempSync(join(tmpdir(), 'wardkey-sign-in-keys-'))
  const core = await openCore()
  const place = { keysDir: join(root, 'keys'), masterKey: '' }
  makeKeys(place)
  const keys = await openKeys(place)
  const needs = { ...core.needs, times, newGeneration: () => generation }
  const absent = { ...needs, makeKeys: () => Promise.resolve() }
  await keepSignInKeys(undefined, absent)
  await keepSignInKeys({ id: 'a'.repeat(16), reason: 'compromised' }, absent)
  core.pass(60_000)
  const told: string[] = []
  const error = (event: string): void => {
    told.push(event)
  }
  const log = { ...silentLog, error }
  const shutdown = new Shutdown(log)
  const settings = { 'oidc.keyShownMs': 1000, 'oidc.keyDays': 0 }
  const opened = await openSignInKeys({ keys, settings, shutdown, log }, core.needs)
  expect(kidsOf(opened.jwks)).toEqual(kidsOf(keys.jwks))
  expect(told).toEqual(['oidc.keys-not-here'])
  const used = new Promise<readonly JWK[]>((resolve) => {
    opened.follow(resolve)
  })
  await keys.makeJwks(generation)
  expect(kidsOf(await used)).toEqual(kidsOf((await keys.findJwks(generation)) ?? []))
  await shutdown.run()
  await core.record()
  await core.close()
  rmSync(root, { recursive: true })
}, 60_000)
