// The next authority by the database and a real key folder: several brokers, a folder without it,
// kills between its files, and which workstations are renewed by it.

import { generateKeyPairSync, randomBytes, verify, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { zoneId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { vouchText } from '@wardkey/protocol/workstation/fleet/next-authority'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import {
  findLaterAuthority,
  laterFilesMissing,
  makeLaterAuthority,
  openAuthority,
} from '../../platform/authority/authority.ts'
import type { Authority } from '../../platform/authority/authority.ts'
import type { AuthorityOrder } from '../../platform/keys/authority-keys.ts'
import { makeKeys, openKeys } from '../../platform/keys/keys.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import { countOf, countWithout } from '../enrolment/believed-authorities.ts'
import { enrolWorkstation } from '../enrolment/enrol-workstation.ts'
import { keepInventory } from '../enrolment/keep-inventory.ts'
import { mintToken } from '../enrolment/mint-token.ts'
import { renewWorkstation } from '../enrolment/renew-workstation.ts'
import { AuthorityDesk } from './authority-desk.ts'
import { readStanding } from './authority-row.ts'
import type { AuthorityStanding, NamedAuthority } from './authority-standing.ts'
import { keepAuthority } from './change-authority.ts'

const issuing = { names: ['localhost'], certificateHours: 168 }
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicKey = Uint8Array.from(pair.publicKey.export({ format: 'der', type: 'spki' })).buffer
const system = { platform: 'linux', release: '6', arch: 'x64' }

describe.each(engines)('the next authority on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let root: string
  let keys: Keys
  let authority: Authority
  let desk: AuthorityDesk
  let orders: number
  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    orders = 0
    root = mkdtempSync(join(tmpdir(), 'wardkey-next-authority-'))
    ;({ keys, authority, desk } = await brokerWith('keys'))
  })
  afterEach(async () => {
    if (!isHere) return
    rmSync(root, { recursive: true, force: true })
    await core.record()
    await core.close()
  })

  const nowMs = (): number => core.needs.nowMs()
  async function brokerWith(folder: string) {
    const settings = { keysDir: join(root, folder), masterKey: '' }
    makeKeys(settings)
    const opened = await openKeys(settings)
    const own = await openAuthority(opened, issuing, nowMs)
    const find = (generation: string) => findLaterAuthority(opened, generation, issuing, nowMs)
    return { keys: opened, authority: own, desk: new AuthorityDesk({ first: own, find }) }
  }
  const order = (step: AuthorityOrder['step']): AuthorityOrder => {
    orders += 1
    return { id: String(orders).padStart(16, '0'), step }
  }
  const keep = (ordered?: AuthorityOrder, of: Keys = keys) =>
    keepAuthority(ordered, {
      ...core.needs,
      caSha256: authority.caSha256,
      makeNext: (generation) => makeLaterAuthority(of, generation, nowMs()),
      missing: (named: NamedAuthority) => laterFilesMissing(of, named),
    })
  const carriedOut = async (step: AuthorityOrder['step']) => desk.take(await keep(order(step)))
  const nextOf = (standing?: AuthorityStanding) => standing?.next
  const said = async () => (await core.counts())['KEY-006'] ?? 0

  const needs = () => ({
    ...{ ...core.needs, issue: authority.issue, nextIssuer: () => desk.issuer },
    ...{ random: randomBytes, isConnected: () => false, renewLateMs: 0 },
  })
  async function enrolled() {
    const about = { zoneId: zoneId.parse('4-west'), uses: 1, lifeMs: 60_000, by: 'kit' }
    const { answer } = await core.needs.perform(() => mintToken(about, needs()))
    if (answer.kind === 'refused') throw new Error(answer.code)
    const asked = { token: answer.token, place: '4 West', publicKey, address: '127.0.0.1' }
    const made = (await core.needs.perform(() => enrolWorkstation(asked, needs()))).answer
    if (made.kind === 'refused') throw new Error(made.code)
    return made
  }
  type Enrolled = Awaited<ReturnType<typeof enrolled>>
  const tell = (id: WorkstationId, authorities?: string[]) => {
    const body = { agentVersion: '1', system, readers: [], settings: [] }
    return keepInventory(id, { ...body, ...(authorities && { authorities }) }, core.needs)
  }
  async function renewed({ workstationId, issued }: Enrolled): Promise<string> {
    const { sha256: certSha256, notAfterMs } = issued
    const peer = { workstationId, certSha256, notAfterMs, isExpired: false }
    const asked = { peer, publicKey, address: '127.0.0.1' }
    const { answer } = await core.needs.perform(() => renewWorkstation(asked, needs()))
    if (answer.kind === 'refused') throw new Error(answer.code)
    const { pem, caPem } = answer.issued
    expect(new X509Certificate(pem).verify(new X509Certificate(caPem).publicKey)).toBe(true)
    return caPem
  }

  it('is none before anybody ordered one, and no workstation is told', async () => {
    expect(await desk.take(await keep())).toBe('same')
    expect([desk.shown, desk.issuer, desk.caPem]).toEqual([undefined, undefined, undefined])
  })
  it('is shown with the present one’s word over both, and signs nothing yet', async () => {
    expect(await carriedOut('prepare')).toBe('changed')
    const { caPem = '', vouch = '' } = desk.shown ?? {}
    const sha256 = new X509Certificate(caPem).fingerprint256.replaceAll(':', '').toLowerCase()
    const text = Buffer.from(vouchText(authority.caSha256, sha256))
    const { publicKey: present } = new X509Certificate(authority.caPem)
    expect(verify('sha256', text, present, Buffer.from(vouch, 'base64url'))).toBe(true)
    expect(desk.issuer).toBeUndefined()
    expect(await said()).toBe(1)
  })
  it('is carried out once, however often and by however many it is seen', async () => {
    const ordered = order('prepare')
    const all = await Promise.all([1, 2, 3, 4].map(() => keep(ordered)))
    const standing = nextOf(await keep(ordered))
    expect(standing?.state).toBe('prepared')
    expect(all.filter(Boolean).every((one) => one?.next?.sha256 === standing?.sha256)).toBe(true)
    expect(await said()).toBe(1)
  })
  it('is named by no row without its files, and taken up by the next try', async () => {
    const ordered = order('prepare')
    const dying = { ...keys, folder: { ...keys.folder, create: () => fail() } }
    await expect(keep(ordered, dying)).rejects.toThrow('killed')
    expect(await readStanding(core.needs)).toBeUndefined()
    expect(keys.findAuthorityKey(ordered.id)).toBeDefined()
    expect(await desk.take(await keep())).toBe('same')
    const before = keys.findAuthorityKey(ordered.id)
    expect(await desk.take(await keep(ordered))).toBe('changed')
    const { publicKey: certified } = new X509Certificate(desk.caPem ?? '')
    expect(before && new X509Certificate(desk.caPem ?? '').checkPrivateKey(before)).toBe(true)
    expect(certified.asymmetricKeyType).toBe('ec')
  })
  it('is not shown, used or taken by a broker whose folder lacks it', async () => {
    const standing = await keep(order('prepare'))
    const { desk: other } = await brokerWith('other')
    expect(await other.take(standing)).toBe('missing')
    const rotating = await keep(order('rotate'))
    expect(await other.take(rotating)).toBe('missing')
    expect([other.shown, other.issuer, other.caPem]).toEqual([undefined, undefined, undefined])
  })
  it('of another certificate than the row names is not shown', async () => {
    const next = nextOf(await keep(order('prepare')))
    if (!next) throw new Error('nothing stands')
    expect(await desk.take({ next: { ...next, sha256: 'd'.repeat(64) } })).toBe('missing')
    expect(desk.shown).toBeUndefined()
  })
  it('whose certificate is of another key stops the look, and shows nothing', async () => {
    const standing = await keep(order('prepare'))
    const next = nextOf(standing)
    if (!next) throw new Error('nothing stands')
    keys.folder.replace(`authority-${next.generation}.crt`, authority.caPem)
    expect(laterFilesMissing(keys, next)).toEqual([`authority-${next.generation}.crt`])
    await expect(desk.take(standing)).rejects.toThrow('key-missing')
    expect([desk.shown, desk.caPem]).toEqual([undefined, undefined])
  })
  it('is not rotated to where none was prepared, and nobody is told', async () => {
    expect(nextOf(await keep(order('rotate')))).toBeUndefined()
    expect(nextOf(await keep(order('take-back')))).toBeUndefined()
    expect(await said()).toBe(0)
  })
  it('renews only who has said that it believes it', async () => {
    const [believes, silent, older, another] = [
      ...[await enrolled(), await enrolled(), await enrolled(), await enrolled()],
    ]
    if (!believes || !silent || !older || !another) throw new Error('not enrolled')
    await carriedOut('prepare')
    const next = new X509Certificate(desk.caPem ?? '').fingerprint256.replaceAll(':', '')
    await tell(believes.workstationId, [authority.caSha256, next.toLowerCase()])
    await tell(older.workstationId)
    await tell(another.workstationId, [authority.caSha256, 'e'.repeat(64)])
    expect(await renewed(believes)).toBe(authority.caPem)
    await carriedOut('rotate')
    const one = await enrolled()
    expect(one.issued.caPem).toBe(authority.caPem)
    for (const other of [silent, older, another]) {
      expect(await renewed(other)).toBe(authority.caPem)
    }
    expect(await renewed(believes)).toBe(desk.caPem)
  })
  it('is taken back in one step, and what it signed is taken', async () => {
    const workstation = await enrolled()
    await carriedOut('prepare')
    const standing = nextOf(await keep())
    await tell(workstation.workstationId, [authority.caSha256, standing?.sha256 ?? ''])
    await carriedOut('rotate')
    expect(await carriedOut('take-back')).toBe('changed')
    expect(await renewed(workstation)).toBe(authority.caPem)
    expect([desk.shown, desk.issuer]).toEqual([undefined, undefined])
    expect(desk.caPem).toBeDefined()
    await carriedOut('prepare')
    expect(nextOf(await keep())?.sha256).toBe(standing?.sha256)
    expect(await said()).toBe(4)
  })
  it('counts active workstations that have not said that theirs is of it', async () => {
    const [one, two, gone] = [await enrolled(), await enrolled(), await enrolled()]
    const next = 'e'.repeat(64)
    expect(await countWithout(next, core.needs)).toBe(3)
    await tell(one.workstationId, [next, authority.caSha256])
    await tell(two.workstationId, [authority.caSha256, next])
    await core.store.commit({
      kind: 'housekeeping',
      writes: [
        {
          query: core.needs.db
            .updateTable('workstation')
            .set({ status: 'revoked' })
            .where('id', '=', gone.workstationId)
            .compile(),
        },
      ],
    })
    expect(await countWithout(next, core.needs)).toBe(1)
    expect(await countOf(next, core.needs)).toEqual({ active: 2, told: 2, renewed: 1 })
  })
})

function fail(): never {
  throw new Error('killed')
}
