// Commands against the machine and against a small telling of it (model.ts): after each one both
// say the same of who sits there, whose windows can be seen, who waits, what is asked, and what the
// broker has been told.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SessionId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { Bench, admitted, anId, askSignature, ben, ceremony, rosa, session } from './bench.ts'
import { tap, visibleAfter } from './bench.ts'
import type { Happening } from '../event.ts'
import type { ScreenInput } from '../screen-view.ts'
import type { Card } from '../state.ts'
import { view } from '../view.ts'
import { Model, activeMs, idleMs, inPlaceIdleMs, takeOverMs } from './model.ts'
import type { Person, Zone } from './model.ts'

const people: readonly Person[] = ['rosa', 'ben', 'cyd']
const cards: Readonly<Record<Person, Card>> = {
  rosa,
  ben,
  cyd: { technology: 'csn', canonical: '04ffee01' },
}
const sessionOf = (who: Person): SessionId => session(people.indexOf(who) + 1)
const whose = (id: SessionId): Person | undefined => people.find((one) => sessionOf(one) === id)

/** The machine, and what follows from all that it wanted done so far. */
class Workstation extends Bench {
  windows: ReadonlySet<SessionId> = new Set()
  visible: ReadonlySet<SessionId> = new Set()
  believed: ReadonlySet<SessionId> = new Set()

  constructor(zone: Zone) {
    super()
    const limits = { idleMs, presentIdleMs: inPlaceIdleMs, activeMs, takeOverMs }
    this.ruled({ ...zone, ...limits, publicView: false })
    this.effects.length = 0
  }

  happens(happening: Happening, afterMs: number): void {
    const mark = this.effects.length
    this.does(happening, afterMs)
    const effects = this.since(mark)
    const isDead = happening.kind === 'browser-changed' && happening.browser === 'died'
    this.visible = visibleAfter(isDead ? new Set() : this.visible, effects)
    const windows = new Set(isDead ? [] : this.windows)
    const believed = new Set(this.believed)
    if (happening.kind === 'broker-said') {
      const { frame } = happening
      if (frame.kind === 'admitted') believed.add(frame.sessionId)
      if (frame.kind === 'lock') believed.delete(frame.sessionId)
    }
    for (const effect of effects) {
      if (effect.kind === 'launch') windows.add(effect.sessionId)
      if (effect.kind === 'end-launch') windows.delete(effect.sessionId)
      if (effect.kind === 'send-leave') believed.delete(effect.sessionId)
    }
    this.windows = windows
    this.believed = believed
  }
}

interface Act {
  readonly name: string
  /** What happens then; nothing where it cannot happen now. */
  readonly happening: (model: Model) => Happening | undefined
  readonly means: (model: Model) => void
}

const reached = new Map<string, number>()

class Command implements fc.Command<Model, Workstation> {
  readonly #act: Act
  readonly #afterMs: number

  constructor(act: Act, afterMs: number) {
    this.#act = act
    this.#afterMs = afterMs
  }

  check(model: Readonly<Model>): boolean {
    return this.#act.happening(model as Model) !== undefined
  }

  run(model: Model, real: Workstation): void {
    const happening = this.#act.happening(model)
    if (!happening) return
    model.nowMs += this.#afterMs
    this.#act.means(model)
    model.settle()
    real.happens(happening, this.#afterMs)
    const told = toldBy(model)
    reached.set(told.scene, (reached.get(told.scene) ?? 0) + 1)
    expect(shownBy(real)).toEqual(told)
  }

  toString(): string {
    return `${this.#act.name} after ${String(this.#afterMs)} ms`
  }
}

interface Shown {
  /** Of the scene: its kind, whom it names, which question it is about. */
  readonly scene: string
  readonly visible: readonly string[]
  readonly windows: readonly string[]
  readonly suspended: readonly string[]
  readonly believed: readonly string[]
  readonly questions: readonly string[]
  readonly ended: readonly string[]
}

function toldBy(model: Model): Shown {
  const { sitting, suspended, believed, questions, ended, seen } = model
  const waiting = suspended.map(({ who }) => who)
  return {
    scene: sceneOf(model),
    visible: seen,
    windows: [...waiting, ...(sitting ? [sitting.who] : [])].toSorted(),
    suspended: waiting,
    believed: [...believed].toSorted(),
    questions,
    ended,
  }
}

function sceneOf({ sitting, asked, refusedUntilMs }: Model): string {
  if (asked) {
    const kind = { badge: 'checking badge', typing: 'pin', checking: 'checking pin' }[asked.step]
    return `${kind} ${tap(asked.tap)}`
  }
  if (!sitting) return refusedUntilMs === undefined ? 'locked' : 'refused'
  const { who, at } = sitting
  if (at === 'fading') return `leaving idle ${who}`
  if (at === 'signed-out') return `leaving tap-out ${who}`
  if (at === 'asked-first') return `handing-over ${who}`
  if (at !== 'signing') return `${at} ${who}`
  return `signing ${sitting.step === 'asking' ? 'checking' : sitting.step} ${who}`
}

function shownBy(real: Workstation): Shown {
  const { scene } = view(real.state, real.nowMs)
  const names = (ids: Iterable<SessionId>) => Array.from(ids, (id) => whose(id) ?? id)
  const parts = [
    scene.kind,
    'what' in scene ? scene.what : undefined,
    scene.kind === 'leaving' ? scene.because : undefined,
    scene.kind === 'signing' ? scene.step : undefined,
    'name' in scene ? scene.name : undefined,
    scene.kind === 'checking' || scene.kind === 'pin' ? scene.tapId : undefined,
  ]
  return {
    scene: parts.filter((part) => part !== undefined).join(' '),
    visible: names(real.visible),
    windows: names(real.windows).toSorted(),
    suspended: names(real.state.covered.map((one) => one.sessionId)),
    believed: names(real.believed).toSorted(),
    questions: real.effects.flatMap((effect) => {
      if (effect.kind !== 'send-tap') return []
      const who = people.find((one) => cards[one].canonical === effect.card.canonical)
      return [`${who ?? ''} ${String(Number(effect.tapId.slice(-12)))}`]
    }),
    ended: real.effects.flatMap((effect) =>
      effect.kind === 'send-end' ? [`${whose(effect.sessionId) ?? ''} ${effect.reason}`] : [],
    ),
  }
}

const said = (frame: BrokerFrame): Happening => ({ kind: 'broker-said', frame })
const pressed = (input: ScreenInput): Happening => ({
  kind: 'screen-said',
  input,
  tapId: tap(9000),
})
const admission = (tapNumber: number, who: Person): Happening =>
  said({ ...admitted(tapNumber), sessionId: sessionOf(who), name: who })
const ceremonyId = ceremony(1)
const limits = { again: false, answerWithinMs: 60_000 } as const
/** The question that stands, by its number. */
const asked = (model: Model, make: (n: number) => Happening): Happening | undefined =>
  model.asked && make(model.asked.tap)

/** Something that happens always, and what it means. */
const act = (name: string, happening: Happening, means: Act['means']): Act => ({
  name,
  happening: () => happening,
  means,
})

const byPerson = (who: Person): readonly Act[] => [
  {
    name: `${who} taps`,
    happening: ({ tapCount }) => {
      const tapId = tap(tapCount + 1)
      return { kind: 'card-seen', card: cards[who], tapId, isShown: true }
    },
    means: (model) => {
      model.tap(who)
    },
  },
  act(`${who}’s card is taken away`, { kind: 'card-gone', card: cards[who] }, (model) => {
    model.takesCard(who)
  }),
  {
    name: `${who} is admitted too late`,
    happening: ({ asked, tapCount }) =>
      tapCount > 1 && asked?.tap !== tapCount - 1 ? admission(tapCount - 1, who) : undefined,
    means: (model) => {
      model.admitLate(who)
    },
  },
  act(`${who}’s chart is shown`, { kind: 'launch-shown', sessionId: sessionOf(who) }, (model) => {
    model.chartShown(who)
  }),
  act(`${who}’s chart fails`, { kind: 'launch-failed', sessionId: sessionOf(who) }, (model) => {
    model.chartFailed(who)
  }),
  act(
    `the broker ends ${who}’s session`,
    said({ kind: 'lock', id: anId, sessionId: sessionOf(who), code: 'session-moved' }),
    (model) => {
      model.brokerLocks(who)
    },
  ),
  act(
    `${who}’s chart asks her to sign`,
    said({ ...askSignature(1), sessionId: sessionOf(who), ceremonyId }),
    (model) => {
      model.asksToSign(who)
    },
  ),
  act(`${who}’s card comes again too soon`, { kind: 'card-again', card: cards[who] }, (model) => {
    model.again(who)
  }),
]

const answers: readonly Act[] = [
  {
    name: 'whoever is asked about is admitted',
    happening: (model) => asked(model, (n) => admission(n, model.asked?.who ?? 'rosa')),
    means: (model) => {
      model.admit()
    },
  },
  {
    name: 'the PIN is asked for',
    happening: (model) =>
      asked(model, (n) => said({ kind: 'ask-pin', id: anId, tapId: tap(n), ...limits })),
    means: (model) => {
      model.asksFor('typing')
    },
  },
  {
    name: 'the PIN is typed',
    happening: (model) =>
      model.asked?.step === 'typing'
        ? pressed({ kind: 'pin-entered', tapId: tap(model.asked.tap), pin: '12345679' })
        : undefined,
    means: (model) => {
      model.asksFor('checking')
    },
  },
  {
    name: 'whoever is asked about is refused',
    happening: (model) =>
      asked(model, (n) =>
        said({ kind: 'refused', id: anId, tapId: tap(n), code: 'pin-locked', quote: 'AAA-BBB' }),
      ),
    means: (model) => {
      model.refuse()
    },
  },
  {
    name: 'the question is cancelled',
    happening: (model) => asked(model, (n) => pressed({ kind: 'cancelled', tapId: tap(n) })),
    means: (model) => {
      model.cancel()
    },
  },
  act('a PIN is typed for an old picture', oldPin(), () => undefined),
  act(
    'an old picture is cancelled',
    pressed({ kind: 'cancelled', tapId: tap(8000) }),
    () => undefined,
  ),
]

function oldPin(): Happening {
  return pressed({ kind: 'pin-entered', tapId: tap(8000), pin: '12345679' })
}

const signatures: readonly Act[] = [
  act(
    'the signature’s PIN is asked for',
    said({ kind: 'ask-signature-pin', id: anId, ceremonyId, ...limits }),
    (model) => {
      model.signs('pin')
    },
  ),
  act(
    'the signature’s PIN is typed',
    pressed({ kind: 'signature-pin-entered', ceremonyId, pin: '12345679' }),
    (model) => {
      model.signs('checking')
    },
  ),
  act(
    'the signature’s badge was another’s',
    said({
      ...({ kind: 'signature-ended', id: anId, ceremonyId, outcome: 'refused' } as const),
      ...({ isOver: false, code: 'step-up-wrong-person' } as const),
    }),
    (model) => {
      model.signs('badge')
    },
  ),
  act(
    'it is signed',
    said({ kind: 'signature-ended', id: anId, ceremonyId, outcome: 'signed', isOver: true }),
    (model) => {
      model.signatureOver('ended')
    },
  ),
  act(
    'the signature is cancelled',
    pressed({ kind: 'signature-cancelled', ceremonyId }),
    (model) => {
      model.signatureOver('cancelled')
    },
  ),
]

const byHand: readonly Act[] = [
  act('whichever card lay there is taken away', { kind: 'card-gone' }, (model) => {
    model.takesCard(undefined)
  }),
  act('keys are used', { kind: 'input-seen', agoMs: 0 }, (model) => {
    model.used()
  }),
  act('“stay” is pressed', pressed({ kind: 'stayed' }), (model) => {
    model.stays()
  }),
  act('“keep” is pressed', pressed({ kind: 'kept' }), (model) => {
    model.keeps()
  }),
  act('“let go” is pressed', pressed({ kind: 'let-go' }), (model) => {
    model.letsGo()
  }),
  act('the lock key is pressed', pressed({ kind: 'lock-asked' }), (model) => {
    model.lock()
  }),
]

const surroundings: readonly Act[] = [true, false].flatMap((isThere): readonly Act[] => [
  act(
    `the link is ${isThere ? 'up' : 'down'}`,
    { kind: 'link-changed', link: isThere ? 'up' : 'down', wallMs: 0 },
    (model) => {
      model.link(isThere)
    },
  ),
  act(
    `the reader is ${isThere ? 'there' : 'gone'}`,
    { kind: 'reader-changed', reader: isThere ? 'ready' : 'unplugged' },
    (model) => {
      model.reader(isThere)
    },
  ),
  act(
    `the browser is ${isThere ? 'there' : 'gone'}`,
    { kind: 'browser-changed', browser: isThere ? 'ready' : 'died' },
    (model) => {
      model.browser(isThere)
    },
  ),
])

const time = act('time goes by', { kind: 'tick' }, (model) => {
  model.tick()
})

const command = (acts: readonly Act[], afterMs: readonly number[]) =>
  fc
    .tuple(fc.constantFrom(...acts), fc.constantFrom(...afterMs))
    .map(([one, ms]) => new Command(one, ms))
const soonMs = [10, 10, 200, 1600, 4000]
/** The one of each person's that its name says. */
const each = (words: string) => people.flatMap(byPerson).filter(({ name }) => name.includes(words))
const commands = fc.commands(
  [
    command(each('taps'), soonMs),
    command(each('taps'), [10, 1600]),
    command(answers.slice(0, 1), soonMs),
    command(each('is shown'), [10, 900]),
    command(answers, soonMs),
    command([...each('is taken away'), ...each('too late')], soonMs),
    command(each('again too soon'), soonMs),
    command(each('asks her to sign'), soonMs),
    command(signatures, soonMs),
    command(byHand, [10, 2000, 19_000]),
    command([...each('fails'), ...each('the broker ends'), ...surroundings], [10, 2000]),
    command(surroundings.slice(0, 3), [10]),
    command([time], [1, 100, 3000, 8000, 9999, 10_000, 12_000]),
    command([time], [20_000, 30_000, 60_000, 120_000, 7_200_000]),
  ],
  { maxCommands: 120, size: 'max' },
)
const zone: fc.Arbitrary<Zone> = fc.record({
  takeOver: fc.constantFrom('at-once' as const, 'ask-first' as const),
  cardStays: fc.boolean(),
  suspendedMax: fc.integer({ min: 0, max: 2 }),
})

/** Luck alone seldom opens a screen: half of the runs begin with one that is open. */
function opened(ofZone: Zone): { model: Model; real: Workstation } {
  const real = new Workstation(ofZone)
  const model = new Model(ofZone, real.nowMs)
  const [taps, , , isShown] = byPerson('rosa')
  for (const one of [taps, answers[0], isShown]) if (one) new Command(one, 10).run(model, real)
  return { model, real }
}

it('the machine and its small telling agree after every command', () => {
  fc.assert(
    fc.property(zone, fc.boolean(), commands, (ofZone, isOpened, all) => {
      fc.modelRun(() => {
        if (isOpened) return opened(ofZone)
        const real = new Workstation(ofZone)
        return { model: new Model(ofZone, real.nowMs), real }
      }, all)
    }),
    { numRuns: 1000 },
  )
  // It went somewhere: two tellings that never leave the lock screen would agree too.
  const kinds = ['locked', 'checking', 'pin', 'refused', 'opening', 'open', 'leaving idle']
  for (const kind of [...kinds, 'leaving tap-out', 'handing-over', 'signing checking']) {
    const times = [...reached].filter(([scene]) => scene.startsWith(kind))
    const sum = times.reduce((all, [, count]) => all + count, 0)
    expect(sum, kind).toBeGreaterThan(20)
  }
})
