// Makes a script from a seed: who comes where and when, and what goes wrong meanwhile. Pure chance,
// from a handed-in source; nothing here knows how the world answers.

import type { Random } from '../world/seeded.ts'
import type { Act, Office, Script, Trouble, Visit, Witness } from './act.ts'

export interface ScriptSize {
  readonly workstations: number
  readonly brokers: number
  readonly people: number
  readonly lengthMs: number
  /** How long it is, on average, from one visit of a person to the next. */
  readonly visitEveryMs: number
  /** The same for troubles, at all workstations together. */
  readonly troubleEveryMs: number
  readonly officeEveryMs: number
  /** Of so many visits the office acts at the same moment. */
  readonly atOnceShare: number
}

export function writeScript(size: ScriptSize, random: Random): Script {
  const acts: Act[] = []
  for (let person = 0; person < size.people; person++) {
    for (const atMs of moments(size.visitEveryMs, size.lengthMs, random)) {
      const first = visit(atMs, person, size, random)
      acts.push(first)
      // A cable is pulled while she works on: nobody but her workstation can lock it now.
      if (first.workMs > 100_000 && random.chance(size.atOnceShare * 4)) {
        const { workstation } = first
        acts.push({ kind: 'path-cut', workstation, atMs: atMs + 20_000, forMs: 140_000 })
      }
      // Something was forgotten: back at the same screen before it is cold.
      if (!random.chance(0.25)) continue
      const wentMs = atMs + first.thinkMs + first.workMs
      const awayMs = random.int(300, 15_000)
      const againMs = wentMs + awayMs
      // What she left could not be written at once, and is said again when she is back.
      if (random.chance(0.2 * size.atOnceShare * 12)) {
        acts.push({ kind: 'disk-full', atMs: Math.max(0, wentMs - 100), forMs: awayMs })
      }
      const again = visit(againMs, person, size, random)
      acts.push({ ...again, workstation: first.workstation })
    }
  }
  for (const atMs of moments(size.troubleEveryMs, size.lengthMs, random)) {
    acts.push({ atMs, ...trouble(size, random) })
  }
  for (const atMs of moments(size.officeEveryMs, size.lengthMs, random)) {
    acts.push(...office(atMs, random.int(0, size.people - 1), size, random))
  }
  // The hard ones come at the very moment at which somebody taps or types.
  for (const act of acts.filter((one) => one.kind === 'visit')) {
    if (!random.chance(size.atOnceShare)) continue
    const typedMs = random.chance(0.5) ? act.thinkMs : 0
    acts.push(...office(act.atMs + typedMs + random.int(0, 160), act.person, size, random))
  }
  // Drawn after everything else: what a seed was before, it still is, and this beside it.
  for (const atMs of moments(size.troubleEveryMs * otherTroubles, size.lengthMs, random)) {
    acts.push({ atMs, ...doubledFrame(size, random) })
  }
  const inTime = acts.filter(({ atMs }) => atMs < size.lengthMs)
  return inTime.toSorted((one, other) => one.atMs - other.atMs)
}

const witnesses: readonly (readonly Witness[])[] = [
  ['colleague'],
  ['colleague'],
  ['herself', 'colleague'],
  ['stranger', 'colleague'],
  ['herself', 'herself', 'stranger', 'herself', 'stranger'],
  ['nobody'],
]

/** Waiting times of a Poisson process. */
function moments(everyMs: number, untilMs: number, random: Random): readonly number[] {
  const all: number[] = []
  for (let atMs = 0; ;) {
    atMs += Math.ceil(-Math.log(1 - random.next()) * everyMs)
    if (atMs >= untilMs) return all
    all.push(atMs)
  }
}

function visit(atMs: number, person: number, size: ScriptSize, random: Random): Visit {
  const { workstations, visitEveryMs } = size
  // Mostly near her own ward: there people meet.
  const near = person % workstations
  const workstation = random.chance(0.5) ? near : random.int(0, workstations - 1)
  const pins = random.chance(0.75)
    ? (['right'] as const)
    : random.pick([
        ['wrong', 'right'],
        ['wrong', 'none'],
        ['none'],
        ['wrong', 'wrong', 'right'],
        ['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'wrong'],
      ] as const)
  return {
    kind: 'visit',
    atMs,
    person,
    workstation,
    pins,
    thinkMs: random.int(300, random.chance(0.1) ? 40_000 : 6000),
    workMs: random.int(500, Math.floor(visitEveryMs * (random.chance(0.15) ? 3 : 0.7))),
    inputEveryMs: random.int(5000, 40_000),
    goesBy: random.pick(['tap', 'tap', 'walking', 'walking', 'lock-key']),
    onFade: random.pick(['nothing', 'tap', 'input']),
    ...(random.chance(0.15) ? { againMs: random.int(20, 4000) } : {}),
    ...(random.chance(0.2) ? { isEmergency: true } : {}),
    ...(random.chance(0.05) ? { hasNoBadge: true } : {}),
    ...(random.chance(0.8) ? { witnesses: random.pick(witnesses) } : {}),
    ...(random.chance(0.15) ? { cancelMs: random.int(1, random.pick([12, 120, 3000])) } : {}),
  }
}

function trouble(size: ScriptSize, random: Random): Trouble {
  const workstation = random.int(0, size.workstations - 1)
  const broker = random.int(0, size.brokers - 1)
  const forMs = random.int(200, random.chance(0.3) ? 120_000 : 15_000)
  const makers: readonly (() => Trouble)[] = [
    () => ({
      kind: 'link-breaks',
      workstation,
      how: random.pick(['both-know', 'agent-first', 'broker-first']),
    }),
    () => ({ kind: 'path-cut', workstation, forMs }),
    () => ({ kind: 'path-slow', workstation, forMs }),
    () => ({ kind: 'broker-cut', broker, forMs: Math.min(forMs, 40_000) }),
    () => ({ kind: 'broker-crash', broker, downMs: random.int(500, 20_000) }),
    () => ({
      kind: 'write-fate',
      broker,
      what: random.pick(['dies-before', 'dies-after', 'answer-lost', 'answer-lost']),
      nth: random.int(1, 6),
      downMs: random.int(500, 20_000),
    }),
    () => ({ kind: 'disk-full', forMs: Math.min(forMs, 60_000) }),
    () => ({ kind: 'disk-slow', forMs: Math.min(forMs, 60_000) }),
    () => ({
      kind: 'broker-clock',
      broker,
      byMs: random.pick([-3_600_000, -60_000, -1500, 1500, 60_000, 3_600_000]),
    }),
    () => ({
      kind: 'workstation-clock',
      workstation,
      byMs: random.pick([-86_400_000, -5000, 5000, 86_400_000]),
    }),
    () => ({ kind: 'sleep', workstation, forMs }),
    () => ({
      kind: 'agent-crash',
      workstation,
      of: random.pick(['process', 'system']),
      downMs: random.int(500, 30_000),
    }),
    () => ({ kind: 'agent-disk-full', workstation, forMs }),
    () => ({
      kind: 'agent-write-fate',
      workstation,
      what: random.pick(['dies-before', 'dies-after']),
      of: random.pick(['process', 'system']),
      nth: random.int(1, 5),
      downMs: random.int(500, 20_000),
    }),
    () => ({ kind: 'browser-dies', workstation }),
    () => ({
      kind: 'browser-trouble',
      workstation,
      what: random.pick([
        ...(['launch-fails', 'launch-hangs', 'way-is-cut'] as const),
        ...(['cover-hangs', 'reveal-fails'] as const),
      ]),
    }),
    () => ({ kind: 'reader-lost', workstation, forMs }),
    () => ({ kind: 'card-not-read', workstation }),
    () => ({ kind: 'desktop-locked', workstation }),
  ]
  return random.pick(makers)()
}

/** Each other trouble is one of so many: a doubled frame is as rare as each of them. */
const otherTroubles = 19

function doubledFrame({ workstations }: ScriptSize, random: Random): Trouble {
  return {
    kind: 'frame-doubled',
    workstation: random.int(0, workstations - 1),
    way: random.pick(['to-broker', 'to-agent']),
    laterMs: random.pick([0, random.int(1, 200), random.int(200, 9000)]),
  }
}

/** What is taken is mostly given back, or in the end nobody would be left who may come in. */
function office(atMs: number, person: number, size: ScriptSize, random: Random): readonly Act[] {
  const laterMs = atMs + random.int(1000, 240_000)
  const pair = (taken: Office, back: Office): readonly Act[] => [
    { atMs, ...taken },
    { atMs: laterMs, ...back },
  ]
  const makers: readonly (() => readonly Act[])[] = [
    () => {
      const status = random.chance(0.1)
        ? 'terminated'
        : random.pick(['on-leave', 'suspended'] as const)
      return pair({ kind: 'revoke', person, status }, { kind: 'reinstate', person })
    },
    () => pair({ kind: 'badge-lost', person }, { kind: 'badge-found', person }),
    () => pair({ kind: 'roles-lost', person }, { kind: 'roles-back', person }),
    () => {
      const workstation = random.int(0, size.workstations - 1)
      const pin = random.pick(['right', 'right', 'wrong', 'none'] as const)
      return [{ atMs, kind: 'sign', workstation, pin }]
    },
  ]
  return random.pick(makers)()
}
