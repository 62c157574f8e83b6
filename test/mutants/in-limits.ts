// Faults in how long things last, and in what a workstation does by itself or helps with.

import type { Mutant } from './mutant.ts'

export const inLimits: readonly Mutant[] = [
  {
    name: 'a PIN is waited for for ever',
    file: 'on/tick.ts',
    from: "return nowMs < phase.untilMs ? stay(state) : giveUp(state, phase, 'timeout')\n    case 'witnessing'",
    to: "return stay(state)\n    case 'witnessing'",
  },
  {
    name: 'emergency access lasts longer than it was given for',
    file: 'on/broker-frame.ts',
    from: 'untilMs: sentMs + emergency.lastsMs',
    to: 'untilMs: sentMs + emergency.lastsMs + 500',
  },
  {
    name: 'a chart that does not come is waited for for ever',
    file: 'on/tick.ts',
    from: "return lock(state, nowMs, 'launch-failed', { kind: 'launch-failed' })",
    to: 'return stay(state)',
  },
  {
    name: 'a signature is waited for for ever',
    file: 'on/tick.ts',
    from: '(after) => comeBack(after, phase.seated, phase.lastSignMs, nowMs),',
    to: '(after) => stay(after),',
  },
  {
    name: 'a question waits a millisecond more',
    file: 'on/tick.ts',
    from: 'nowMs < phase.untilMs ? stay(state) : unanswered(state, phase, nowMs)',
    to: 'nowMs <= phase.untilMs ? stay(state) : unanswered(state, phase, nowMs)',
  },
  {
    name: 'an unattended screen does not fade',
    file: 'on/tick.ts',
    from: "if (phase.kind === 'open') return onOpen(state, phase, nowMs)",
    to: "if (phase.kind === 'open') return stay(state)",
  },
  {
    name: 'an unattended screen fades a millisecond late',
    file: 'on/tick.ts',
    from: 'nowMs - phase.lastSignMs >= idleLimitMs',
    to: 'nowMs - phase.lastSignMs > idleLimitMs',
  },
  {
    name: 'a screen fades for ever',
    file: 'on/tick.ts',
    from: ': lockUnattended(state, phase, nowMs)',
    to: ': stay(state)',
  },
  {
    name: 'a broker that is out of reach for too long does not lock',
    file: 'on/tick.ts',
    from: 'if (isStale) return',
    to: 'if (isStale && nowMs < 0) return',
  },
  {
    name: 'each try of the link counts its loss anew',
    file: 'on/surroundings.ts',
    from: 'linkDownSinceMs: since ?? nowMs - (happening.silentMs ?? 0)',
    to: 'linkDownSinceMs: nowMs - (happening.silentMs ?? 0)',
  },
  {
    name: 'emergency access does not run out',
    file: 'on/tick.ts',
    from: 'seated?.emergency && nowMs >= seated.emergency.untilMs',
    to: 'seated?.emergency && nowMs < 0',
  },
  {
    name: 'a reader that stays away does not lock',
    file: 'on/tick.ts',
    from: 'nowMs - readerLostSinceMs >= readerLostMs',
    to: 'nowMs - readerLostSinceMs < 0',
  },
  {
    name: 'what was decided alone is never confirmed, and stays',
    file: 'on/tick.ts',
    from: 'confirmByMs !== undefined && nowMs >= confirmByMs',
    to: 'confirmByMs !== undefined && nowMs < 0',
  },
  {
    name: 'a sign-out can be undone for ten times as long',
    file: 'limits.ts',
    from: 'export const undoMs = 3000',
    to: 'export const undoMs = 30_000',
  },
  {
    name: 'a card in place keeps no screen open',
    file: 'idle-limit.ts',
    from: 'sensed?.isNear === true || isInPlace(state, seated)',
    to: 'sensed?.isNear === true',
  },
  {
    name: 'nobody before the screen does not shorten the wait',
    file: 'idle-limit.ts',
    from: 'if (isGone) return Math.min(rules.idleMs, rules.awayIdleMs)\n',
    to: '',
  },
]

export const inItsOwn: readonly Mutant[] = [
  {
    name: 'a tap is asked of a broker that is not there',
    file: 'moves.ts',
    from: "if (isCut && !isAlone && !isBlink(state, nowMs))\n    return refuse(state, nowMs, { code: 'no-answer' })\n",
    to: '',
  },
  {
    name: 'a link that went long ago is taken for one that went only now',
    file: 'moves.ts',
    from: 'sinceMs !== undefined && nowMs - sinceMs < blinkMs',
    to: 'sinceMs !== undefined',
  },
  {
    name: 'what a workstation knows by itself is never too old',
    file: 'moves.ts',
    from: 'return offline !== undefined && nowMs < offline.untilMs',
    to: 'return offline !== undefined',
  },
  {
    name: 'a screen that was opened alone stays though the broker does not keep it',
    file: 'on/surroundings.ts',
    from: "if (!isKept) return lock(settled, nowMs, 'network-back', { kind: 'network-back' })\n",
    to: '',
  },
  {
    name: 'a reason that is not on the list is a reason',
    file: 'on/emergency.ts',
    from: 'if (!reason || (reason.asksNote && choice.note === undefined)) return stay(state)',
    to: 'if (reason?.asksNote && choice.note === undefined) return stay(state)',
  },
  {
    name: 'a reason that asks for a note needs none',
    file: 'on/emergency.ts',
    from: 'if (!reason || (reason.asksNote && choice.note === undefined)) return stay(state)',
    to: 'if (!reason) return stay(state)',
  },
  {
    name: 'emergency access is offered where the site has none',
    file: 'on/emergency.ts',
    from: '!state.rules.emergency || !mayAskEmergency(state, nowMs)',
    to: '!mayAskEmergency(state, nowMs)',
  },
  {
    name: 'an errand’s name is confirmed by whoever presses',
    file: 'on/errand.ts',
    from: "if (answered.by === 'yes' && phase.byBadge) return stay(state)\n",
    to: '',
  },
  {
    name: 'a badge of anybody’s confirms whose the new one is',
    file: 'on/errand.ts',
    from: "(confirming === 'own' && isOurs)",
    to: "confirming === 'own'",
  },
  {
    name: 'an errand is begun where it is not offered',
    file: 'on/errand.ts',
    from: 'if (!errandsOffered(state).includes(errand)) return stay(state)\n',
    to: '',
  },
]
