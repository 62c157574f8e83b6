// The product's whole broker for the benchmark, in a process of its own: one zone, enrolled
// workstations, a token of HR's, and a certificate for the door of SCIM. It measures nothing.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeAdminToken } from '@wardkey/broker/flows/admin-tokens'
import { enrolWorkstation } from '@wardkey/broker/flows/enrolment/enrol-workstation'
import { mintToken } from '@wardkey/broker/flows/enrolment/mint-token'
import { openAuthority } from '@wardkey/broker/platform/authority/authority'
import { openKeys } from '@wardkey/broker/platform/keys/keys'
import { zoneId } from '@wardkey/protocol/ids'
import { openBroker } from '../../kit/broker.ts'
import type { Broker } from '../../kit/broker.ts'
import { makeAuthority } from '../tap/authority.ts'
import { nurseCode, nurses, screensEach } from './house-words.ts'
import type { ScreenIdentity } from './screens.ts'

export interface RevokeStart {
  readonly stations: number
}

export interface RevokeReady {
  /** `https://host:port` of the workstations' door, and whom to believe there. */
  readonly url: string
  readonly identities: readonly ScreenIdentity[]
  /** The door of SCIM, and whom to believe there. */
  readonly scimUrl: string
  readonly scimCaPem: string
  readonly token: string
}

const by = 'bench'

process.once('message', (start: RevokeStart) => {
  void serve(start)
})
process.once('disconnect', () => process.exit(0))

async function serve({ stations }: RevokeStart): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-bench-revoke-'))
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  const authority = await makeAuthority()
  const { keyPem, certificatePem } = await authority.server()
  const files = { key: join(folder, 'web.key'), certificate: join(folder, 'web.pem') }
  writeFileSync(files.key, keyPem, { mode: 0o600 })
  writeFileSync(files.certificate, certificatePem)
  const keysDir = join(folder, 'keys')
  const broker = await openBroker({
    keysDir,
    'web.tlsCertFile': files.certificate,
    'web.tlsKeyFile': files.key,
    zones: [zone],
    'people.roles': [
      { name: 'by-group', group: nurses, roles: ['nurse'] },
      { name: 'by-job', jobCode: nurseCode, roles: ['nurse'] },
    ],
  })
  process.on('message', (message: string) => {
    if (message === 'record') void tellRecord(broker)
    if (message === 'stop') void broker.close().then(() => process.exit(0))
  })
  const ready: RevokeReady = {
    url: broker.running.workstationUrl,
    identities: await enrolAll(broker, keysDir, stations),
    scimUrl: `${broker.running.adminUrl}/scim/v2`,
    scimCaPem: authority.caPem,
    token: await makeToken(broker),
  }
  process.send?.(ready)
}

/** The badge alone opens: what a PIN costs is measured elsewhere. */
const zone = {
  id: '4-west',
  kind: 'nurse-station',
  label: '4 West',
  rules: { roles: ['nurse'], pin: 'never', screensMax: screensEach },
}

/**
 * By the product's own flow and authority, past the door of enrolment, which rightly lets nobody
 * enrol a thousand in a minute.
 */
async function enrolAll(
  { running: { needs } }: Broker,
  keysDir: string,
  count: number,
): Promise<readonly ScreenIdentity[]> {
  const keys = await openKeys({ keysDir, masterKey: '' })
  const life = { names: [], certificateHours: 24 }
  const { issue, caPem } = await openAuthority(keys, life, needs.nowMs)
  const isConnected = (): boolean => false
  const all: ScreenIdentity[] = []
  for (let n = 0; n < count; n++) {
    const mint = { zoneId: zoneId.parse(zone.id), uses: 1, lifeMs: 60_000, by }
    const minted = (await needs.perform(() => mintToken(mint, needs))).answer
    if (minted.kind !== 'minted') throw new Error('no token to enrol with')
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const spki = publicKey.export({ format: 'der', type: 'spki' })
    const order = {
      token: minted.token,
      place: `Place ${String(n)}`,
      publicKey: Uint8Array.from(spki).buffer,
      address: '127.0.0.1',
    }
    const done = (
      await needs.perform(() => enrolWorkstation(order, { ...needs, issue, isConnected }))
    ).answer
    if (done.kind !== 'certified') throw new Error('a workstation was not enrolled')
    const keyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    all.push({ certificatePem: done.issued.pem, keyPem, caPem })
  }
  return all
}

async function makeToken({ running: { needs } }: Broker): Promise<string> {
  const order = { name: 'hr', scopes: ['scim:read', 'scim:write'], by } as const
  const made = makeAdminToken(order, { ...needs, random: randomBytes })
  return (await needs.perform(() => Promise.resolve(made))).answer.token
}

/** How often each code is in the record, which was verified for it. */
async function tellRecord(broker: Broker): Promise<void> {
  const counts: Record<string, number> = {}
  for (const { code } of await broker.record()) counts[code] = (counts[code] ?? 0) + 1
  process.send?.(counts)
}
