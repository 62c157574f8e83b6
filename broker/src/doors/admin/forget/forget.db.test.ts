// Having somebody forgotten at the admin door: two people, what keeps it, a certificate that anybody
// can prove, and a record of which not a byte has changed.

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { verifyCertificate, writeCertificate } from '../../../audit/certificate.ts'
import { exportRecord } from '../../../audit/export-record.ts'
import { parseProof } from '../../../audit/proofs/tlog-proof.ts'
import { parseVerifierKey } from '../../../audit/signed-note.ts'
import { RecordVerifier } from '../../../audit/verify-record.ts'
import { decideForgetting } from '../../../flows/forget/decide-forgetting.ts'
import { askToLift, liftHold, placeHold } from '../../../flows/forget/legal-holds.ts'
import { revokePerson } from '../../../flows/revoke-person.ts'

const dayMs = 86_400_000
const law = 'GDPR Art. 17'
const reason = 'case 4711'

describe.each(engines)('to be forgotten on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let sealer: ReturnType<BrokerCore['newSealer']>
  let ward: WorkstationId
  let anna: KitPerson
  let privacy: string
  let second: string

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    ward = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    await core.leave(ward, await core.signIn(ward, anna))
    sealer = core.newSealer()
    await sealer.start()
    const change = { head: () => sealer.head, keepIdentifiersMs: 30 * dayMs }
    fastify = await openAdminDoor(core, change, sealer)
    privacy = await tokenFor('privacy', ['forget:propose', 'forget:approve', 'holds:write'])
    second = await tokenFor('second', ['forget:approve', 'holds:approve'])
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await sealer.stop()
    await core.record()
    await core.close()
  })

  const tokenFor = (name: string, scopes: readonly Scope[]) => adminTokenFor(core, scopes, name)
  async function ask(method: 'GET' | 'POST', path: string, as: string, payload?: object) {
    const headers = { authorization: `Bearer ${as}` }
    const response = await fastify.inject({
      ...{ method, url: `${adminPath}${path}`, headers },
      ...(payload === undefined ? {} : { payload }),
    })
    const body: unknown = response.body === '' ? null : response.json()
    return { status: response.statusCode, body }
  }
  const codeOf = ({ body }: { body: unknown }) => z.object({ code: z.string() }).parse(body).code
  const idOf = ({ body }: { body: unknown }) => z.object({ id: z.uuid() }).parse(body).id
  const order = () => ({ personId: anna.personId, law, reason })
  const dismiss = async () => {
    await core.needs.perform(() =>
      revokePerson({ personId: anna.personId, status: 'terminated', by: 'kit' }, core.needs),
    )
  }
  /** She left, and long enough ago. */
  async function gone(): Promise<void> {
    await dismiss()
    core.pass(31 * dayMs)
  }
  async function asked(): Promise<string> {
    return idOf(await ask('POST', '/forgettings', privacy, order()))
  }
  const decide = (id: string, as: string, outcome = 'approved') =>
    ask('POST', `/forgettings/${id}/decision`, as, { outcome })
  async function certificate(id: string): Promise<string> {
    await sealer.sealNow()
    const { body } = await ask('GET', `/forgettings/${id}/certificate`, privacy)
    return z.object({ certificate: z.string() }).parse(body).certificate
  }
  const keys = () => [parseVerifierKey(core.recordKey)].flatMap((key) => key ?? [])
  const keyOf = () => core.needs.personKeys.find(anna.personId)

  it('takes two, destroys her key and her look-ups, and leaves the record as it was', async () => {
    const before = await core.store.read.selectFrom('fact').selectAll().orderBy('idx').execute()
    await gone()
    const id = await asked()
    expect((await decide(id, second)).status).toBe(204)
    expect(await keyOf()).toBeUndefined()
    expect((await core.tap(ward, anna)).kind).toBe('refused')
    const { read } = core.store
    const lookups = await read.selectFrom('badge').select('lookup').execute()
    expect(lookups.every(({ lookup }) => lookup.startsWith('forgotten '))).toBe(true)
    expect(await read.selectFrom('pin').select('hash').execute()).toEqual([])
    const after = await read.selectFrom('fact').selectAll().orderBy('idx').execute()
    expect(after.slice(0, before.length)).toEqual(before)
    expect(await core.counts()).toMatchObject({ 'PER-004': 1, 'PER-008': 1 })
  })
  it('is certified: provable by anybody with the key, and only as it stands', async () => {
    await gone()
    const id = await asked()
    await decide(id, second)
    const text = await certificate(id)
    expect(text).toContain(`Law            ${law}`)
    expect(text).toContain('Asked for by   token privacy')
    expect(text).toContain('Approved by    token second')
    expect(text).toContain(anna.personId)
    expect(verifyCertificate(text, keys()).kind).toBe('proved')
    const other = await openCore()
    const stranger = parseVerifierKey(other.recordKey)
    await other.close()
    expect(verifyCertificate(text, stranger ? [stranger] : []).kind).toBe('not-proved')
    for (let at = 0; at < text.length; at += 7) {
      const changed = `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`
      expect([at, verifyCertificate(changed, keys()).kind]).toEqual([at, 'not-proved'])
    }
  })
  it('makes no certificate of any other fact', async () => {
    await core.record()
    await sealer.sealNow()
    const proved = await sealer.prove.fact(0)
    if (proved.kind !== 'proved') throw new Error('not proved')
    expect(writeCertificate(proved.proof, keys())).toBeUndefined()
    expect(parseProof('')).toBeUndefined()
  })
  it('leaves an export that verifies, with a checkpoint from before', async () => {
    const head = sealer.head?.note ?? ''
    await gone()
    await decide(await asked(), second)
    await sealer.sealNow()
    const verifier = new RecordVerifier(keys())
    const lines: string[] = []
    for await (const line of exportRecord(core.store.read, 'kit.example/record', 0)) {
      lines.push(JSON.stringify(line))
    }
    for (const line of lines) expect(verifier.take(line)).toBe(true)
    expect(verifier.end().kind).toBe('valid')
    expect(lines.join('\n')).toContain(JSON.stringify(head).slice(1, 60))
  })

  it('is refused to whoever asked for it, however she calls herself', async () => {
    await gone()
    const id = await asked()
    expect(codeOf(await decide(id, privacy))).toBe('forgetting-own')
    expect(await keyOf()).toBeDefined()
    expect((await decide(id, second, 'rejected')).status).toBe(204)
    expect(codeOf(await decide(id, second))).toBe('forgetting-decided')
    expect(await keyOf()).toBeDefined()
    expect(codeOf(await ask('GET', `/forgettings/${id}/certificate`, privacy))).toBe(
      'forgetting-not-done',
    )
  })
  it('is refused while she works here, and until her time is over', async () => {
    expect(codeOf(await ask('POST', '/forgettings', privacy, order()))).toBe('person-still-here')
    await dismiss()
    expect(codeOf(await ask('POST', '/forgettings', privacy, order()))).toBe('person-kept')
    core.pass(29 * dayMs)
    expect(codeOf(await ask('POST', '/forgettings', privacy, order()))).toBe('person-kept')
    core.pass(2 * dayMs)
    await asked()
    expect(codeOf(await ask('POST', '/forgettings', privacy, order()))).toBe('forgetting-asked')
  })
  it('is refused once it is done, and for nobody', async () => {
    await gone()
    await decide(await asked(), second)
    expect(codeOf(await ask('POST', '/forgettings', privacy, order()))).toBe('person-forgotten')
    const nobody = { ...order(), personId: '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55' }
    expect(codeOf(await ask('POST', '/forgettings', privacy, nobody))).toBe('person-unknown')
  })
  it('is refused where she came back meanwhile', async () => {
    await gone()
    const id = await asked()
    const { read } = core.store
    const query = read.updateTable('person').set({ status: 'active' }).compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    expect(codeOf(await decide(id, second))).toBe('person-still-here')
    expect(await keyOf()).toBeDefined()
  })
  it.each(['a line\nmore', '', 'x'.repeat(501), 'bidi \u202e'])(
    'takes no reason like %j',
    async (bad) => {
      const { status } = await ask('POST', '/forgettings', privacy, { ...order(), reason: bad })
      expect(status).toBe(400)
    },
  )

  it('shows whoever reads the record what was done and its certificate, and no more', async () => {
    await gone()
    const id = await asked()
    await decide(id, second)
    await sealer.sealNow()
    const reader = await tokenFor('reader', ['record:read'])
    expect((await ask('GET', '/forgettings', reader)).status).toBe(200)
    const path = `/forgettings/${id}/certificate`
    expect(await ask('GET', path, reader)).toMatchObject({ status: 200 })
    expect((await ask('POST', '/forgettings', reader, order())).status).toBe(403)
    expect((await decide(id, reader)).status).toBe(403)
    expect((await ask('GET', '/holds', reader)).status).toBe(403)
    const others = await tokenFor('others', ['people:read', 'people:write', 'holds:write'])
    expect((await ask('GET', '/forgettings', others)).status).toBe(403)
    expect((await ask('GET', path, others)).status).toBe(403)
  })

  describe('a legal hold', () => {
    const place = (about: object) => ask('POST', '/holds', privacy, { reason, ...about })

    it.each([
      ['on her', () => ({ personId: anna.personId })],
      ['on everybody', () => ({})],
    ])('%s keeps it from being asked for and from being approved', async (_whom, about) => {
      await gone()
      const id = await asked()
      const hold = idOf(await place(about()))
      expect(codeOf(await decide(id, second))).toBe('person-on-hold')
      expect(await keyOf()).toBeDefined()
      await ask('POST', `/holds/${hold}/ask-lift`, privacy)
      expect(codeOf(await decide(id, second))).toBe('person-on-hold')
      expect((await ask('POST', `/holds/${hold}/lift`, second)).status).toBe(204)
      expect((await decide(id, second)).status).toBe(204)
    })
    it('on somebody else keeps nothing', async () => {
      const ben = await core.addPerson({ given: 'Ben' })
      await place({ personId: ben.personId })
      await gone()
      expect((await decide(await asked(), second)).status).toBe(204)
    })
    it('is lifted by two, once, and by nobody who was not asked', async () => {
      const hold = idOf(await place({}))
      const both = await tokenFor('both', ['holds:write', 'holds:approve'])
      expect(codeOf(await ask('POST', `/holds/${hold}/lift`, both))).toBe('hold-lift-not-asked')
      await ask('POST', `/holds/${hold}/ask-lift`, both)
      expect(codeOf(await ask('POST', `/holds/${hold}/lift`, both))).toBe('hold-own')
      expect((await ask('POST', `/holds/${hold}/lift`, second)).status).toBe(204)
      expect(codeOf(await ask('POST', `/holds/${hold}/lift`, second))).toBe('hold-lifted')
    })
    it('about herself is not ended, nor asked to be, by whoever signs in as herself', async () => {
      const { personId } = await core.addPerson({ given: 'Ben' })
      const id = idOf(await place({ personId }))
      const { needs } = core
      const as = (whom: string) => ({ id, by: `person ${whom}` })
      const refused = { kind: 'refused', code: 'hold-about-you' }
      expect((await needs.perform(() => askToLift(as(personId), needs))).answer).toEqual(refused)
      await needs.perform(() => askToLift(as(anna.personId), needs))
      expect((await needs.perform(() => liftHold(as(personId), needs))).answer).toEqual(refused)
      expect((await ask('POST', `/holds/${id}/lift`, second)).status).toBe(204)
      expect((await core.counts())['HLD-101']).toBe(2)
    })
    it('that is placed at the same moment comes before it, or after all of it', async () => {
      await gone()
      const id = await asked()
      const { needs } = core
      const ways = { ...needs, keepIdentifiersMs: 0, head: () => undefined }
      const word = { id, outcome: 'approved', by: 'token second' } as const
      const [decided, placed] = await Promise.all([
        needs.perform(() => decideForgetting(word, ways)),
        needs.perform(() => placeHold({ personId: anna.personId, reason, by: 'kit' }, needs)),
      ])
      expect(placed.answer.kind).toBe('placed')
      const isDone = decided.answer.kind === 'decided'
      expect(isDone).toBe((await keyOf()) === undefined)
      if (isDone) {
        expect(decided.receipt.firstIndex).toBeLessThan(placed.receipt.firstIndex)
      } else expect(decided.answer).toMatchObject({ code: 'person-on-hold' })
    })
  })
})
