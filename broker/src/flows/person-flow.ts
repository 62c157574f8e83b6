// What the flows about people share: their needs, and how a no is written down.

import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Fact } from '../audit/fact.ts'
import type { Write } from '../store/store.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'

export interface PersonFlowNeeds extends FlowNeeds {
  /** The key of the look-up hash of staff numbers. */
  readonly staffKey: Uint8Array
  readonly personKeys: {
    make(person: string): { readonly key: Buffer; readonly write: Write }
    find(person: string): Promise<Buffer | undefined>
  }
}

export interface AdminRefused {
  readonly kind: 'refused'
  readonly code: AdminRefusalCode
  readonly retryAfterMs?: number
}

/** Who did it, as the door knows it; kept with every change. */
export interface Actor {
  /** A token's or a person's id, or the name of a command; never a person's name. */
  readonly by: string
}

export function refuseChange(
  fact: 'PER-101' | 'BDG-101' | 'PIN-104',
  code: AdminRefusalCode,
  about: { readonly person?: PersonId; readonly badge?: string } & Actor,
  needs: Pick<FlowNeeds, 'newId' | 'nowMs'>,
): Recorded<AdminRefused> {
  const { by, ...whom } = about
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, fact, { ...whom, rule: code, fields: { by } })],
    writes: [],
    notices: [],
  }
}

export type AboutFact = Omit<Fact, 'id' | 'code' | 'atMs'>
