// npm run bench -- revoke: from HR's word to the last open screen locked, for many sessions at once
// and for one person's, beside a program that does nothing but write to the same sockets. They take
// turns in one run. Everything is over TLS; broker and floor are processes of their own.

import { loadavg } from 'node:os'
import { BenchChild } from '../roam/bench-child.ts'
import { quantile } from '../tap/floors.ts'
import { closeBare, openBare } from './bare-screens.ts'
import type { Bare } from './bare-screens.ts'
import { closeHouse, membersOf, openHouse } from './house.ts'
import type { House } from './house.ts'
import type { Said } from './hr-hand.ts'
import { expectKind } from './screens.ts'
import type { Arrival } from './screens.ts'

interface Plan {
  readonly sessions: number
  readonly pairs: number
  readonly bulks: number
  readonly turns: number
}

const whole: Plan = { sessions: 1000, pairs: 5, bulks: 2, turns: 40 }
const short: Plan = { sessions: 100, pairs: 3, bulks: 1, turns: 8 }

/** All of one round, in milliseconds; negative is before the answer was in hand. */
interface Round {
  readonly lastAfterAnswer: number
  readonly lastAfterAsked: number
  readonly answerAfterAsked: number
  /** From the first frame in hand to the last. */
  readonly spread: number
}

export async function benchRevoke(args: readonly string[]): Promise<object> {
  const plan = args.includes('--short') ? short : whole
  sayLoad()
  const child = new BenchChild('../revoke/revoke-broker.ts')
  const floor = new BenchChild('../revoke/bare-broadcast.ts')
  let house: House | undefined
  let bare: Bare | undefined
  try {
    house = await openHouse(child, plan.sessions)
    say(`${String(plan.sessions)} screens are open`)
    bare = await openBare(floor, plan.sessions)
    const { crowd, floors } = await inTurns(house, bare, plan)
    const bulks = await bulkRounds(house, plan)
    const one = await oneRounds(house, plan)
    const counts = await child.ask<Record<string, number>>('record')
    sayLoad()
    return summary(plan, { crowd, floors, bulks, one }, counts)
  } finally {
    if (house) closeHouse(house)
    if (bare) closeBare(bare)
    await child.end()
    await floor.end()
  }
}

/** Everybody loses the role in one request: the group that gives it is emptied. */
async function inTurns({ hr, screens, crowd, groupPath }: House, bare: Bare, plan: Plan) {
  const rounds: Round[] = []
  const floors: Round[] = []
  const places = crowd.map(({ place }) => place)
  // The first pair warms up and is not counted.
  for (let pair = 0; pair <= plan.pairs; pair++) {
    const heard = screens.gather(places.map(({ at }) => at))
    const said = await hr.patch(groupPath, { op: 'remove', path: 'members' })
    const round = roundOf(said, await heard, 'lock')
    const floor = await bare.round()
    const floorRound = roundOf(floor.said, floor.heard)
    tell('group', round)
    tell('bare', floorRound)
    await hr.patch(groupPath, { op: 'add', path: 'members', value: membersOf(crowd) })
    await screens.tap(places)
    if (pair === 0) continue
    rounds.push(round)
    floors.push(floorRound)
  }
  return { crowd: rounds, floors }
}

/** Everybody is deactivated one by one, in bulks that are under way at once. */
async function bulkRounds({ hr, screens, crowd }: House, { bulks }: Plan): Promise<Round[]> {
  const rounds: Round[] = []
  const places = crowd.map(({ place }) => place)
  const switched = (isActive: boolean) =>
    crowd.map(({ userPath }) => ({ method: 'PATCH', path: userPath, data: activeIs(isActive) }))
  for (let turn = 0; turn < bulks; turn++) {
    const heard = screens.gather(places.map(({ at }) => at))
    const answers = await hr.bulk(switched(false))
    const said = {
      askedMs: Math.min(...answers.map(({ askedMs }) => askedMs)),
      answeredMs: Math.max(...answers.map(({ answeredMs }) => answeredMs)),
    }
    const round = roundOf(said, await heard, 'lock')
    tell('bulk', round)
    rounds.push(round)
    await hr.bulk(switched(true))
    await screens.tap(places)
  }
  return rounds
}

async function oneRounds({ hr, screens, one }: House, { turns }: Plan): Promise<Round[]> {
  const rounds: Round[] = []
  const { places, userPath } = one
  // The first two warm up and are not counted.
  for (let turn = -2; turn < turns; turn++) {
    for (const place of places) await screens.tap([place])
    const heard = screens.gather(places.map(({ at }) => at))
    const said = await hr.patch(userPath, { op: 'replace', path: 'active', value: false })
    const round = roundOf(said, await heard, 'lock')
    await hr.patch(userPath, { op: 'replace', path: 'active', value: true })
    if (turn >= 0) rounds.push(round)
  }
  return rounds
}

const activeIs = (isActive: boolean) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'active', value: isActive }],
})

function roundOf(
  { askedMs, answeredMs }: Pick<Said, 'askedMs' | 'answeredMs'>,
  heard: ReadonlyMap<number, Arrival>,
  kind?: string,
): Round {
  if (kind !== undefined) for (const { text } of heard.values()) expectKind(text, kind)
  const times = [...heard.values()].map(({ atMs }) => atMs)
  const [first, last] = [Math.min(...times), Math.max(...times)]
  return {
    lastAfterAnswer: last - answeredMs,
    lastAfterAsked: last - askedMs,
    answerAfterAsked: answeredMs - askedMs,
    spread: last - first,
  }
}

interface Rounds {
  readonly crowd: readonly Round[]
  readonly floors: readonly Round[]
  readonly bulks: readonly Round[]
  readonly one: readonly Round[]
}

function summary(
  { sessions, turns }: Plan,
  { crowd, floors, bulks, one }: Rounds,
  counts: Readonly<Record<string, number>>,
) {
  const name = String(sessions)
  const many = midst(crowd)
  const bare = midst(floors)
  const bulk = midst(bulks)
  const few = midst(one)
  return {
    figures: {
      sessions,
      [`lastLockMs${name}`]: many.lastAfterAnswer,
      [`lastLockWorstMs${name}`]: Math.max(...crowd.map((round) => round.lastAfterAnswer)),
      [`requestToLastLockMs${name}`]: many.lastAfterAsked,
      [`firstToLastLockMs${name}`]: many.spread,
      [`bulkLastLockMs${name}`]: bulk.lastAfterAnswer,
      [`bulkRequestToLastLockMs${name}`]: bulk.lastAfterAsked,
      onePersonTurns: turns,
      lastLockMsOne: few.lastAfterAnswer,
      lastLockWorstMsOne: Math.max(...one.map((round) => round.lastAfterAnswer)),
      requestToLastLockMsOne: few.lastAfterAsked,
      requestToLastLockP90MsOne: quantile(
        one.map((round) => round.lastAfterAsked),
        0.9,
      ),
      locksInRecord: (counts['SES-003'] ?? 0) + (counts['SES-004'] ?? 0),
      notLocked: 0,
    },
    floors: {
      requestToLastFrameMs: bare.lastAfterAsked,
      firstToLastFrameMs: bare.spread,
    },
    ratios: {
      overBareBroadcast: many.spread / bare.spread,
      requestOverBareBroadcast: many.lastAfterAsked / bare.lastAfterAsked,
    },
  }
}

function midst(rounds: readonly Round[]): Round {
  const of = (name: keyof Round): number =>
    quantile(
      rounds.map((round) => round[name]),
      0.5,
    )
  return {
    lastAfterAnswer: of('lastAfterAnswer'),
    lastAfterAsked: of('lastAfterAsked'),
    answerAfterAsked: of('answerAfterAsked'),
    spread: of('spread'),
  }
}

function tell(what: string, { lastAfterAsked, lastAfterAnswer, spread }: Round): void {
  say(
    `${what.padEnd(6)} last ${lastAfterAsked.toFixed(1)} ms after the request, ` +
      `${lastAfterAnswer.toFixed(1)} after the answer; ${spread.toFixed(1)} from first to last`,
  )
}

function sayLoad(): void {
  say(
    `load average ${loadavg()
      .map((one) => one.toFixed(1))
      .join(' ')}`,
  )
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
