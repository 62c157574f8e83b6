// Faults of a broker: in its flows, in its store, and between two of them.

import type { Perform } from '@wardkey/broker/flows/perform'
import type { Notice, Recorded } from '@wardkey/broker/flows/recorded'
import type { Rules } from '../world/rules.ts'
import { storeWith } from './fault.ts'
import type { Planted } from './fault.ts'

const withoutNotice =
  (isLeftOut: (notice: Notice) => boolean): Rules['recorded'] =>
  <Answer>(recorded: Recorded<Answer>) => ({
    ...recorded,
    notices: recorded.notices.filter((notice) => !isLeftOut(notice)),
  })

const isLock = (notice: Notice): boolean =>
  notice.kind === 'to-workstation' && notice.frame.kind === 'lock'

const withoutFact =
  (code: string): Rules['recorded'] =>
  <Answer>(recorded: Recorded<Answer>) => {
    const [first, ...rest] = recorded.facts.filter((fact) => fact.code !== code)
    return first ? { ...recorded, facts: [first, ...rest] } : recorded
  }

/** No write of a unit is held to what was read for it. */
const withoutGuards: Rules['store'] = (real) =>
  storeWith(real, (unit) => ({
    ...unit,
    writes: unit.writes.map(({ query }) => ({
      query: { ...query, sql: query.sql.replace(/ and "version" = \?/, ' and (1 or ?)') },
    })),
  }))

/** Says what the unit will say, and writes it afterwards. */
const answersFirst: Rules['perform'] = (real, { after }) => {
  const early = async <Answer>(flow: Parameters<typeof real<Answer>>[0]) => {
    const { answer } = await flow('fresh')
    if (!isAdmitted(answer)) return real(flow)
    after(0, () => {
      real(flow).catch(() => undefined)
    })
    return { answer } as Awaited<ReturnType<typeof real<Answer>>>
  }
  const planted: Perform = Object.assign(early, { idle: () => real.idle() })
  return planted
}

const isAdmitted = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'admitted'

export const inFlows: readonly Planted[] = [
  {
    name: 'forgets which opening a leave is of',
    rules: {
      said: (text) =>
        text.includes('"kind":"leave"') ? text.replace(/,"opening":[0-9]+/, '') : text,
    },
    seedsMax: 200,
  },
  { name: 'tells no screen that it is to lock', rules: { recorded: withoutNotice(isLock) } },
  {
    name: 'forgets to lock the seat left behind',
    rules: {
      recorded: withoutNotice(
        (notice) =>
          notice.kind === 'to-workstation' &&
          notice.frame.kind === 'lock' &&
          notice.frame.code === 'session-moved',
      ),
    },
  },
  {
    name: 'forgets the screens of whoever is revoked',
    rules: {
      recorded: withoutNotice(
        (notice) =>
          notice.kind === 'to-workstation' &&
          notice.frame.kind === 'lock' &&
          notice.frame.code === 'person-not-active',
      ),
    },
  },
  {
    name: 'asks nobody to say hello again when a unit’s fate is not known',
    rules: { isCarried: ({ kind }) => kind !== 'workstation-in-doubt' },
    firstSeed: 690,
  },
  { name: 'writes no fact of an open', rules: { recorded: withoutFact('TAP-001') } },
  { name: 'writes no fact of a lock', rules: { recorded: withoutFact('SES-003') } },
  { name: 'writes no fact of a switch', rules: { recorded: withoutFact('SES-002') } },
  { name: 'writes no fact of a refusal', rules: { recorded: withoutFact('TAP-101') } },
  {
    name: 'writes a fact twice',
    rules: {
      recorded: <Answer>(recorded: Recorded<Answer>) => {
        const again = recorded.facts
          .filter(({ code }) => code === 'SES-003')
          .map((fact) => ({ ...fact, id: fact.id.replace(/^./, '0') }))
        return { ...recorded, facts: [...recorded.facts, ...again] }
      },
    },
  },
  {
    name: 'writes down a lock and leaves the session open',
    rules: {
      recorded: <Answer>(recorded: Recorded<Answer>) => ({
        ...recorded,
        writes: recorded.writes.filter(({ query }) => !query.parameters.includes('locked')),
      }),
    },
  },
  { name: 'answers before the flush', rules: { perform: answersFirst } },
]

export const inStore: readonly Planted[] = [
  {
    name: 'drops the version guards',
    rules: { store: withoutGuards },
    seedsMax: 200,
  },
  {
    name: 'says that a unit is written when the disk is full',
    rules: {
      store: (real) => ({
        ...storeWith(real, (unit) => unit),
        commit: (unit) =>
          real.commit(unit).catch(() => ({
            kind: 'committed' as const,
            receipt: { factIds: [], firstIndex: 0, count: 0 } as never,
          })),
      }),
    },
  },
  {
    name: 'changes what was sealed',
    rules: {
      store: (real, disk) => {
        let units = 0
        return storeWith(real, (unit) => {
          units += 1
          if (units === 150)
            disk.connection.exec("update fact set code = code, body = x'7b7d' where idx = 20")
          return unit
        })
      },
    },
  },
]

export const betweenBrokers: readonly Planted[] = [
  {
    name: 'two brokers that do not hear of each other’s locks',
    rules: { areBrokersTold: false },
    brokers: 2,
  },
  {
    name: 'a broker that locks what another one has',
    brokers: 2,
    rules: {
      store: (real) =>
        storeWith(real, (unit) => ({
          ...unit,
          writes: unit.writes.filter(({ query }) => !query.sql.includes('"reached_ms"')),
        })),
    },
  },
]
