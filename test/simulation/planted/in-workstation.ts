// Faults of a workstation: in its machine, and in its line to a broker.

import { isHers } from '@wardkey/agent/machine/idle-limit'
import { step } from '@wardkey/agent/machine/step'
import type { LinkPort } from '@wardkey/agent/runtime/agent'
import { stepBut } from './fault.ts'
import type { Planted, Step } from './fault.ts'

const withoutEffect =
  (kind: string): Step =>
  (state, event) => {
    const done = step(state, event)
    return { state: done.state, effects: done.effects.filter((effect) => effect.kind !== kind) }
  }

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

export const inMachine: readonly Planted[] = [
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
        const about = { tapId, who, sentMs: nowMs, untilMs, isAlone: false } as const
        const asking = { kind: 'asking', ...about } as const
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
    name: 'stays open however long the broker is out of reach',
    rules: {
      step: (state, event) => {
        const { linkDownSinceMs: since, ...rest } = state
        if (event.happening.kind !== 'tick' || since === undefined) return step(state, event)
        const { state: next, effects } = step(rest, event)
        const isSame = next === rest
        return { state: isSame ? state : { ...next, linkDownSinceMs: since }, effects }
      },
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
    seedsMax: 200,
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

export const inLink: readonly Planted[] = [
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
