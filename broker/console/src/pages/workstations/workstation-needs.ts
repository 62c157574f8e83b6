// What is wrong with a workstation, the worst of it in words, and which are stale. Pure.

import type { WorkstationShown } from '@wardkey/protocol/admin/workstations'

export interface Need {
  /** 0 where nothing is wrong; more is more urgent. */
  readonly weight: number
  readonly says: string
}

type Trouble = WorkstationShown['troubles'][number]

const needs: Readonly<Record<Trouble, Need>> = {
  'certificate-over': { weight: 5, says: 'certificate is over: enrol it again' },
  away: { weight: 4, says: 'not connected' },
  reader: { weight: 3, says: 'badge reader' },
  browser: { weight: 2, says: 'browser' },
  'certificate-soon': { weight: 1, says: 'certificate ends within two days' },
}

const readerWords: Readonly<Record<string, string>> = {
  none: 'no badge reader',
  unplugged: 'badge reader unplugged',
  'service-stopped': 'badge reader’s service stopped',
  stuck: 'badge reader does not answer',
}
const browserWords: Readonly<Record<string, string>> = {
  missing: 'no browser',
  blocked: 'browser blocked by policy',
  died: 'browser ended',
}

export function needOf({ status, troubles, connection }: WorkstationShown): Need {
  const [worst] = troubles
  if (status === 'revoked') return { weight: 0, says: 'revoked' }
  if (worst === undefined) return { weight: 0, says: 'nothing' }
  const { weight, says } = needs[worst]
  if (worst === 'reader') return { weight, says: readerWords[connection?.reader ?? 'none'] ?? says }
  if (worst !== 'browser') return { weight, says }
  return { weight, says: browserWords[connection?.browser ?? ''] ?? says }
}

/** Nobody has seen it for a week: switched off, taken away, or forgotten in a cupboard. */
const staleMs = 7 * 86_400_000

export function isStale(workstation: WorkstationShown, nowMs: number): boolean {
  const { status, seenMs, enrolledMs } = workstation
  return status === 'active' && nowMs - (seenMs ?? enrolledMs) > staleMs
}
