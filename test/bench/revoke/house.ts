// The house of the benchmark as it stands before a round: everybody named by HR, each with a badge
// and an open screen, and one more with several. What is measured is elsewhere.

import { z } from 'zod'
import { socketPath } from '@wardkey/protocol/workstation/enrolment'
import { clinicianUrn, groupUrn, userUrn } from '../../kit/scim-client.ts'
import type { BenchChild } from '../roam/bench-child.ts'
import { HrHand } from './hr-hand.ts'
import { nurseCode, nurses, screensEach } from './house-words.ts'
import type { RevokeReady, RevokeStart } from './revoke-broker.ts'
import { Screens } from './screens.ts'

export interface Place {
  readonly at: number
  readonly card: string
}

export interface House {
  readonly hr: HrHand
  readonly screens: Screens
  readonly ready: RevokeReady
  /** One a workstation, each with a person of her own; nurses by their group. */
  readonly crowd: readonly { readonly place: Place; readonly userPath: string }[]
  readonly groupPath: string
  /** One person, a nurse by her job code, at each of these. */
  readonly one: { readonly places: readonly Place[]; readonly userPath: string }
}

const created = z.object({ id: z.string() })
const bulkAnswer = z.object({
  Operations: z.array(z.looseObject({ location: z.string() })),
})
const cardOf = (n: number): string => `04${n.toString(16).padStart(12, '0')}`

export async function openHouse(child: BenchChild, sessions: number): Promise<House> {
  const start: RevokeStart = { stations: sessions + screensEach }
  const ready = await child.ask<RevokeReady>(start)
  const { scimUrl, scimCaPem, token } = ready
  const hr = new HrHand({ url: scimUrl, caPem: scimCaPem, token })
  const screens = new Screens()
  const url = `${ready.url.replace('https', 'wss')}${socketPath}`
  for (const identity of ready.identities) {
    await screens.greet(await screens.dial(url, identity))
  }
  const crowd = await nameAll(hr, sessions)
  const groupPath = await nameGroup(hr, crowd)
  await screens.tap(crowd.map(({ place }) => place))
  const one = await nameOne(hr, sessions)
  return { hr, screens, ready, crowd, groupPath, one }
}

export function closeHouse({ hr, screens }: House): void {
  hr.close()
  screens.close()
}

async function nameAll(hr: HrHand, count: number): Promise<House['crowd']> {
  const operations = Array.from({ length: count }, (_, n) => ({
    method: 'POST',
    path: '/Users',
    bulkId: `n${String(n)}`,
    data: { ...userOf(`crowd${String(n)}`), [clinicianUrn]: { badges: badgesOf(n) } },
  }))
  const answers = (await hr.bulk(operations)).map(({ text }) => bulkAnswer.parse(JSON.parse(text)))
  const paths = answers.flatMap(({ Operations }) =>
    Operations.map(({ location }) => pathOf(location)),
  )
  return paths.map((userPath, n) => ({ userPath, place: { at: n, card: cardOf(n) } }))
}

async function nameGroup(hr: HrHand, crowd: House['crowd']): Promise<string> {
  const members = membersOf(crowd)
  const body = { schemas: [groupUrn], displayName: nurses, members }
  const { status, text } = await hr.ask('POST', '/Groups', body)
  if (status !== 201) throw new Error(`the group was not taken: ${String(status)}`)
  return `/Groups/${created.parse(JSON.parse(text)).id}`
}

async function nameOne(hr: HrHand, first: number): Promise<House['one']> {
  const card = cardOf(first)
  const extension = { badges: badgesOf(first), jobCode: nurseCode }
  const said = await hr.ask('POST', '/Users', { ...userOf('one'), [clinicianUrn]: extension })
  if (said.status !== 201) throw new Error(`somebody was not taken: ${String(said.status)}`)
  const userPath = `/Users/${created.parse(JSON.parse(said.text)).id}`
  const places = Array.from({ length: screensEach }, (_, n) => ({ at: first + n, card }))
  return { places, userPath }
}

export function membersOf(crowd: House['crowd']): readonly object[] {
  return crowd.map(({ userPath }) => ({ value: userPath.slice('/Users/'.length) }))
}

const userOf = (userName: string) => ({ schemas: [userUrn], userName, externalId: `x-${userName}` })
const badgesOf = (n: number) => [{ value: cardOf(n), format: 'hex' }]
const pathOf = (location: string): string => location.slice(location.indexOf('/Users/'))
