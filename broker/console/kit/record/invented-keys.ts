// Keys that nobody has, for the pages' own tests: each kind, and whatever can be wrong with one.

import { keyList } from '@wardkey/protocol/admin/keys/key-list'
import type { KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { keyKind, keyWords } from '@wardkey/protocol/admin/keys/key-words'
import type { KeyKind } from '@wardkey/protocol/admin/keys/key-words'

const dayMs = 86_400_000

export function inventKeys(nowMs: number) {
  const key = (kind: KeyKind, more: Partial<KeyShown> = {}): KeyShown => {
    const { rotation, command } = keyWords[kind]
    return {
      ...{ kind, state: 'in-force', rotation, sinceMs: nowMs - 400 * dayMs, isOlder: true },
      ...(command === undefined ? {} : { command }),
      ...more,
    }
  }
  const apart: Partial<Record<KeyKind, readonly KeyShown[]>> = {
    record: [
      key('record', { id: '00a95f18', sinceMs: nowMs - 40 * dayMs, isOlder: false }),
      key('record', {
        ...{ id: '7c20be41', state: 'ended', endsMs: nowMs - 40 * dayMs, reason: 'scheduled' },
      }),
    ],
    'sign-in': [
      key('sign-in', {
        ...{ state: 'shown', id: '20261201-es256', sinceMs: nowMs, isOlder: false },
        ...{ nextMs: nowMs + dayMs, warning: 'not-here' },
      }),
      key('sign-in', { id: '20260901-es256', isOlder: false, nextMs: nowMs + dayMs }),
    ],
    authority: [
      key('authority', {
        ...{ id: 'c7'.repeat(32), sinceMs: nowMs - 3600 * dayMs, isOlder: false },
        ...{ endsMs: nowMs + 50 * dayMs, warning: 'ends-soon', name: 'the present one' },
        command: 'wardkey-broker keys end authority',
      }),
      key('authority', {
        ...{ id: 'd4'.repeat(32), sinceMs: nowMs - 9 * dayMs, isOlder: false },
        ...{ endsMs: nowMs + 3640 * dayMs, name: 'the next one', without: 3 },
        ...{ command: 'wardkey-broker keys end authority' },
        workstations: { active: 14, told: 13, renewed: 11 },
      }),
    ],
    tickets: [key('tickets', { sinceMs: nowMs, isOlder: false, nextMs: nowMs + dayMs })],
    downtime: [key('downtime', { name: 'ward-view', isOlder: true })],
  }
  const keys = keyKind.options.flatMap((kind) => apart[kind] ?? [key(kind)])
  return keyList.parse({ atMs: nowMs, keys })
}
