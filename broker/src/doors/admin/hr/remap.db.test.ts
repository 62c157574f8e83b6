// A changed mapping for people who are here already, through the command and the admin door: shown
// with a digest, done as it was shown, and felt on open screens. On both stores.

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { remap } from '@wardkey/protocol/admin/hr'
import { scopes } from '@wardkey/protocol/admin/scopes'
import type { PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { addHrPerson } from '../../../flows/hr/add-hr-person.ts'
import { changeHrPerson } from '../../../flows/hr/change-hr-person.ts'
import { hrRecord } from '../../../flows/hr/hr-record.ts'
import { setPin } from '../../../flows/set-pin.ts'
import type { RoleRule } from '../../../platform/settings-schemas.ts'
import { AdminClient } from '../../command-line/admin-client.ts'
import { remapEverybody } from '../../command-line/people/remap-command.ts'
import type { RemapOptions } from '../../command-line/people/remap-command.ts'

const actor = { by: 'token hr', client: 'hr' }
const pin = '27051846'
const before: RoleRule = { name: 'nurses', jobCode: ['RN', 'LPN'], roles: ['nurse'] }
const after: RoleRule[] = [
  { name: 'nurses', jobCode: ['RN'], roles: ['nurse', 'charge-nurse'] },
  { name: 'helpers', jobCode: ['LPN'], roles: ['helper'] },
]

describe.each(engines)('people remap on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let rules: RoleRule[]
  let here: WorkstationId
  let client: AdminClient
  let ana: PersonId
  let leo: PersonId
  let leosScreen: SessionId

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    rules = [before]
    core = await openCore({ open, roleRules: rules })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    fastify = await openAdminDoor(core)
    const url = await fastify.listen({ host: '127.0.0.1', port: 0 })
    const token = await adminTokenFor(core, scopes)
    client = new AdminClient({ url, token, certFile: '' })
    ana = await join('ana', 'RN', '04a1b2c3d4e580')
    leo = await join('leo', 'LPN', '04a1b2c3d4e581')
    const card = { technology: 'csn', canonical: '04a1b2c3d4e581' } as const
    const tapId = core.newTapId()
    await core.tap(here, { card }, tapId)
    const admitted = await core.pin(here, tapId, pin)
    if (admitted.kind !== 'admitted') throw new Error(admitted.kind)
    leosScreen = admitted.sessionId
    core.notices.length = 0
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const recordOf = (userName: string, jobCode: string) =>
    hrRecord.parse({ identity: { userName }, place: { jobCode }, access: {} })
  async function join(userName: string, jobCode: string, canonical: string): Promise<PersonId> {
    const badge = {
      kind: 'enrol',
      card: { technology: 'csn', canonical },
      status: 'active',
    } as const
    const word = { record: recordOf(userName, jobCode), badges: [badge], dropped: 0 }
    const { answer } = await core.needs.perform(() => addHrPerson({ ...actor, word }, core.needs))
    if (answer.kind === 'refused') throw new Error(answer.code)
    const { personId } = answer.person
    await setPin({ personId, pin, by: 'kit' }, core.needs)
    return personId
  }
  const run = async (options: RemapOptions): Promise<string> => {
    let said = ''
    await remapEverybody(options, {
      client: () => client,
      say: (_value, text) => {
        said = text
      },
    })
    return said
  }
  const digestIn = (text: string): string => / --apply ([0-9a-f]{32})/.exec(text)?.[1] ?? ''
  const rolesOf = async (id: PersonId): Promise<string> => {
    const people = core.store.read.selectFrom('person').select('roles').where('id', '=', id)
    return (await people.executeTakeFirstOrThrow()).roles
  }
  const stateOf = async (id: SessionId) =>
    (await core.sessions()).find((session) => session.id === id)?.state

  it('says that nothing would change while the mapping is as it was', async () => {
    expect(await run({ preview: true })).toContain('Everybody has the roles')
  })

  it('shows who gains and who loses what, and does nothing', async () => {
    rules.splice(0, 1, ...after)
    const shown = await run({ preview: true })
    expect(shown).toContain(`${ana}  +charge-nurse`)
    expect(shown).toContain(`${leo}  +helper -nurse`)
    expect(shown).toContain('2 people, of whom 1 lose a role')
    expect([await rolesOf(ana), await stateOf(leosScreen)]).toEqual(['["nurse"]', 'open'])
  })

  it('does what was shown, locks whoever loses a role, and writes it down', async () => {
    rules.splice(0, 1, ...after)
    const digest = digestIn(await run({ preview: true }))
    expect(await run({ apply: digest })).toBe('changed 2, moved since 0\n')
    expect(await rolesOf(ana)).toBe('["charge-nurse","nurse"]')
    expect([await rolesOf(leo), await stateOf(leosScreen)]).toEqual(['["helper"]', 'locked'])
    const kinds = core.notices.map((notice) => notice.kind)
    expect(kinds).toEqual(['to-workstation', 'session-locked', 'role-lost'])
    const facts = (await core.record()).filter(({ code }) => code === 'PER-002')
    expect(facts.map(({ fields }) => fields)).toEqual([
      expect.objectContaining({ source: 'settings', changed: 'mapping' }),
      expect.objectContaining({ source: 'settings', changed: 'mapping' }),
    ])
    expect(await run({ preview: true })).toContain('Everybody has the roles')
  })

  describe('does nothing', () => {
    it('by another digest than what it would do now', async () => {
      rules.splice(0, 1, ...after)
      const digest = digestIn(await run({ preview: true }))
      rules.splice(1, 1)
      await expect(run({ apply: digest })).rejects.toThrow('not what would change now')
      expect(await stateOf(leosScreen)).toBe('open')
    })
    it('to whom HR has moved since she was shown, and does it to the others', async () => {
      rules.splice(0, 1, ...after)
      const all = [
        { personId: ana, had: ['nurse'], roles: ['charge-nurse', 'nurse'] },
        { personId: leo, had: ['nurse'], roles: ['helper'] },
      ]
      const word = () => ({ record: recordOf('leo', 'RN'), badges: [], dropped: 0 })
      await core.needs.perform(() => changeHrPerson({ ...actor, personId: leo, word }, core.needs))
      const done = await client.ask('POST', '/people/remap', remap.done, { people: all })
      expect(done).toEqual({ changed: [ana], moved: [leo] })
      expect(await rolesOf(leo)).toBe('["charge-nurse","nurse"]')
      // The same again is done already, and is no mistake.
      const again = await client.ask('POST', '/people/remap', remap.done, {
        people: all.slice(0, 1),
      })
      expect(again).toEqual({ changed: [], moved: [] })
    })
    it('without one of preview and apply', async () => {
      await expect(run({})).rejects.toThrow('Either --preview')
    })
  })
})
