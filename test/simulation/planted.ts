// Faults planted on purpose, one at a time: each takes away or turns round one rule of the product,
// from outside. A simulation that does not find one of them proves nothing about that rule.

import type { Happening } from '@wardkey/agent/machine/event'
import { isHers } from '@wardkey/agent/machine/idle-limit'
import type { State } from '@wardkey/agent/machine/state'
import { step } from '@wardkey/agent/machine/step'
import type { LinkPort } from '@wardkey/agent/runtime/agent'
import type { Perform } from '@wardkey/broker/flows/perform'
import type { Notice, Recorded } from '@wardkey/broker/flows/recorded'
import type { Store, Unit } from '@wardkey/broker/store/store'
import { ownRules } from './world/rules.ts'
import type { Rules } from './world/rules.ts'

export interface Planted {
  readonly name: string
  readonly rules: Partial<Rules>
  readonly brokers?: number
  /** A rule that seldom matters takes longer to be missed. */
  readonly seedsMax?: number
}

type Step = typeof step
type StepMaker = (state: State, happening: Happening, nowMs: number) => ReturnType<Step> | undefined

/** The machine's own step, but for what `other` has to say. */
const stepBut =
  (other: StepMaker): Step =>
  (state, event) =>
    other(state, event.happening, event.nowMs) ?? step(state, event)

const withoutEffect =
  (kind: string): Step =>
  (state, event) => {
    const done = step(state, event)
    return { state: done.state, effects: done.effects.filter((effect) => effect.kind !== kind) }
  }

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

function storeWith(real: Store, change: (unit: Unit) => Unit): Store {
  return {
    engine: real.engine,
    read: real.read,
    get waiting() {
      return real.waiting
    },
    commit: (unit) => real.commit(change(unit)),
    close: () => real.close(),
  }
}

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

const linkBut = (real: LinkPort, change: Partial<LinkPort>): LinkPort => ({
  start: () => {
    real.start()
  },
  ask: (frame, ms) => {
    real.ask(frame, ms)
  },
  tell: (frame) => real.tell(frame),
  send: (frame) => real.send(frame),
  tellSurely: (frame) => {
    real.tellSurely(frame)
  },
  get unnoted() {
    return real.unnoted
  },
  stop: () => real.stop(),
  ...change,
})

const inMachine: readonly Planted[] = [
  {
    name: 'opens on an answer to another tap',
    rules: {
      step: stepBut((state, happening, nowMs) => {
        if (happening.kind !== 'broker-said' || happening.frame.kind !== 'admitted')
          return undefined
        const card = { technology: 'csn', canonical: '04000000000000' } as const
        const { tapId } = happening.frame
        const who = { by: 'card', card } as const
        const untilMs = nowMs + 1
        const asking = { kind: 'asking', tapId, who, untilMs, isAlone: false } as const
        if (state.phase.kind !== 'locked') return undefined
        return step({ ...state, phase: asking }, { nowMs, happening })
      }),
    },
  },
  {
    name: 'ignores a lock that the broker sends',
    rules: {
      step: stepBut((state, happening) =>
        happening.kind === 'broker-said' && happening.frame.kind === 'lock'
          ? { state, effects: [] }
          : undefined,
      ),
    },
  },
  { name: 'locks without a cover', rules: { step: withoutEffect('cover') } },
  { name: 'locks without a word to the broker', rules: { step: withoutEffect('send-leave') } },
  {
    name: 'resumes for another’s badge',
    rules: {
      step: stepBut((state, happening, nowMs) => {
        if (happening.kind !== 'card-seen' || state.phase.kind !== 'leaving') return undefined
        if (isHers(state.phase.seated, happening.card)) return undefined
        const { card = happening.card } = state.phase.seated
        return step(state, { nowMs, happening: { ...happening, card } })
      }),
    },
  },
  {
    name: 'takes another’s badge for her own on an open screen',
    rules: {
      step: stepBut((state, happening) => {
        if (happening.kind !== 'card-seen' || state.phase.kind !== 'open') return undefined
        const seated = { ...state.phase.seated, card: happening.card }
        return { state: { ...state, phase: { ...state.phase, seated } }, effects: [] }
      }),
    },
  },
  {
    name: 'never fades',
    rules: {
      step: stepBut((state, happening) =>
        happening.kind === 'tick' && state.phase.kind === 'open'
          ? { state, effects: [] }
          : undefined,
      ),
    },
  },
  {
    name: 'waits for an answer for ever',
    rules: {
      step: stepBut((state, happening) =>
        happening.kind === 'tick' && state.phase.kind === 'asking'
          ? { state, effects: [] }
          : undefined,
      ),
    },
  },
  {
    name: 'keeps what was admitted too late',
    rules: {
      step: (state, event) => {
        const done = step(state, event)
        return done.state.late.length > 0 ? { ...done, state: { ...done.state, late: [] } } : done
      },
    },
  },
  {
    name: 'stays open when its browser’s window is lost',
    rules: {
      step: stepBut((state, happening) =>
        (happening.kind === 'browser-changed' && happening.browser === 'died') ||
        (happening.kind === 'window-changed' && !happening.isThere)
          ? { state, effects: [] }
          : undefined,
      ),
    },
  },
]

const inLink: readonly Planted[] = [
  {
    name: 'forgets the outbox: a leave is said once, or not at all',
    rules: {
      link: (real) =>
        linkBut(real, {
          tellSurely: (frame) => {
            real.tell(frame)
          },
        }),
    },
  },
]

const inFlows: readonly Planted[] = [
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
    seedsMax: 200,
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

const inStore: readonly Planted[] = [
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

const betweenBrokers: readonly Planted[] = [
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

export const planted: readonly Planted[] = [
  ...inMachine,
  ...inLink,
  ...inFlows,
  ...inStore,
  ...betweenBrokers,
]

export const rulesWith = ({ rules }: Planted): Rules => ({ ...ownRules, ...rules })
