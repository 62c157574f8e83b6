// Faults in how a screen is left, and in what waits behind it.

import type { Mutant } from './mutant.ts'

export const inLeaving: readonly Mutant[] = [
  {
    name: 'a lock covers nothing',
    file: 'moves.ts',
    from: "if (phase.kind !== 'signing') return [cover]",
    to: "if (phase.kind !== 'signing') return []",
  },
  {
    name: 'the broker is told before the chart is covered',
    file: 'moves.ts',
    from: '[...coverEffects(phase, sessionId), leave(sessionId, reason)]',
    to: '[leave(sessionId, reason), ...coverEffects(phase, sessionId)]',
  },
  {
    name: 'the broker is not told of a lock',
    file: 'moves.ts',
    from: '[...coverEffects(phase, sessionId), leave(sessionId, reason)]',
    to: 'coverEffects(phase, sessionId)',
  },
  {
    name: 'a chart that fades goes on being seen',
    file: 'moves.ts',
    from: "because: 'idle', sinceMs: nowMs, untilMs }, [\n    { kind: 'cover', sessionId: seated.sessionId },\n  ]",
    to: "because: 'idle', sinceMs: nowMs, untilMs }, [\n  ]",
  },
  {
    name: 'a chart that was signed out of goes on being seen for as long as it can be undone',
    file: 'moves.ts',
    from: "because: 'tap-out', sinceMs: nowMs, untilMs }, [\n    { kind: 'cover', sessionId: seated.sessionId },\n  ]",
    to: "because: 'tap-out', sinceMs: nowMs, untilMs }, [\n  ]",
  },
  {
    name: 'a chart let be for too long comes back after a signature',
    file: 'moves.ts',
    from: 'if (nowMs - lastSignMs >= idleLimitMs(state, seated, lastSignMs, nowMs))\n    return fade(state, seated, nowMs)\n',
    to: '',
  },
  {
    name: 'an emergency that was given here waits behind the lock screen',
    file: 'moves.ts',
    from: 'const isChartThere = !isOnce && (phase.kind',
    to: 'const isChartThere = (phase.kind',
  },
  {
    name: 'a chart that never came waits behind the lock screen',
    file: 'moves.ts',
    from: "(phase.kind !== 'opening' || phase.otherwise !== undefined)",
    to: "(phase.kind !== 'opening' || phase.otherwise !== null)",
  },
  {
    name: 'keys bring back what a badge signed out of',
    file: 'on/signs-of-life.ts',
    from: "if (phase.because === 'tap-out') return stay(state)\n",
    to: '',
  },
  {
    name: 'keys from before the fading bring the chart back',
    file: 'on/signs-of-life.ts',
    from: 'atMs > phase.sinceMs ? comeBack',
    to: 'atMs > 0 ? comeBack',
  },
  {
    name: 'hands on another’s chart keep this one open',
    file: 'on/signs-of-life.ts',
    from: "phase.kind === 'open' && phase.seated.sessionId === sessionId",
    to: "phase.kind === 'open'",
  },
  {
    name: '“stay” brings back what a badge signed out of',
    file: 'on/screen-input.ts',
    from: "phase.kind !== 'leaving' || phase.because === 'tap-out'",
    to: "phase.kind !== 'leaving'",
  },
  {
    name: 'the browser died, and the screen stays open',
    file: 'on/surroundings.ts',
    from: "lockAndEnd(before, nowMs, 'browser-lost')",
    to: 'stay(before)',
  },
  {
    name: 'windows of a browser that died are taken to wait',
    file: 'on/surroundings.ts',
    from: 'return { state: { ...locked, covered: [] }, effects }',
    to: 'return { state: locked, effects }',
  },
  {
    name: 'a lost window is not minded',
    file: 'step.ts',
    from: "return lock(state, nowMs, 'browser-lost', { kind: 'browser-lost' })",
    to: 'return stay(state)',
  },
  {
    name: 'sleep does not lock',
    file: 'step.ts',
    from: 'const locked = lock(state, nowMs, reason, notice)',
    to: "const locked = reason === 'sleep' ? stay(state) : lock(state, nowMs, reason, notice)",
  },
  {
    name: 'a signature is asked for on another’s screen',
    file: 'on/signature-frame.ts',
    from: "phase.kind !== 'open' || phase.seated.sessionId !== sessionId",
    to: "phase.kind !== 'open'",
  },
  {
    name: 'a signature’s PIN is asked for without its badge',
    file: 'on/signature-frame.ts',
    from: "if (phase.signing.step === 'badge') return stay(state)\n",
    to: '',
  },
]

export const inWaiting: readonly Mutant[] = [
  {
    name: 'the zone’s limit of suspended sessions is not kept',
    file: 'covered.ts',
    from: 'Math.min(coveredMax, state.rules.suspendedMax)',
    to: 'coveredMax',
  },
  {
    name: 'one suspended session too many is kept',
    file: 'covered.ts',
    from: 'Math.min(coveredMax, state.rules.suspendedMax)',
    to: 'Math.min(coveredMax, state.rules.suspendedMax + 1)',
  },
  {
    name: 'the newest suspended session ends in place of the oldest',
    file: 'covered.ts',
    from: 'const all = [...others, { sessionId, untilMs: nowMs + coveredKeepMs, ...mark }]',
    to: 'const all = [{ sessionId, untilMs: nowMs + coveredKeepMs, ...mark }, ...others]',
  },
  {
    name: 'no broker is told of a suspended session that ended',
    file: 'covered.ts',
    from: "    { kind: 'send-end', sessionId, reason },\n",
    to: '',
  },
  {
    name: 'windows of a suspended session that ended are kept',
    file: 'covered.ts',
    from: "    { kind: 'end-launch', sessionId },\n    { kind: 'send-end'",
    to: "    { kind: 'send-end'",
  },
  {
    name: 'suspended sessions wait for ever',
    file: 'covered.ts',
    from: 'state.covered.filter(({ untilMs }) => nowMs >= untilMs)',
    to: 'state.covered.filter(({ untilMs }) => nowMs >= untilMs * 1000)',
  },
]
