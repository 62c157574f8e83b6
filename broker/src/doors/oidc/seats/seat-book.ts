// Which grant belongs to which seat: the thread from a token back to the session at a workstation,
// and the only way to say which EHRs have to hear that a session is over.

import { z } from 'zod'
import { ceremonyId, sessionId, workstationId } from '@wardkey/protocol/ids'
import type { SessionId } from '@wardkey/protocol/ids'
import { signatureDetail } from '../signature-request.ts'
import type { ModelStore } from '../models/model-store.ts'

/** A model of ours beside the provider's; no provider model has this name. */
const model = 'WardkeySeat'

const seatEntry = z.object({
  grantId: z.string(),
  clientId: z.string(),
  sessionId,
  workstationId,
  /** The provider's own session, to find the `sid` that the EHR knows. */
  providerSessionUid: z.string(),
  /** Present where the grant was given for one signature. */
  signature: z.object({ ceremonyId, detail: signatureDetail.optional() }).optional(),
})
export type SeatEntry = z.infer<typeof seatEntry>

export interface SeatBook {
  note(entry: SeatEntry, lifeMs: number): Promise<void>
  find(grantId: string): Promise<SeatEntry | undefined>
  ofSession(session: SessionId): Promise<readonly SeatEntry[]>
  forget(grantId: string): Promise<void>
}

export function makeSeatBook(models: ModelStore, nowMs: () => number): SeatBook {
  const open = (payload: string): SeatEntry => seatEntry.parse(JSON.parse(payload))
  return {
    note: (entry, lifeMs) =>
      models.put({
        model,
        id: entry.grantId,
        payload: JSON.stringify(entry),
        expiresMs: nowMs() + lifeMs,
        grantId: null,
        // The provider's word for its session; in this model it holds ours.
        uid: entry.sessionId,
        userCode: null,
        consumedMs: null,
      }),
    find: async (grantId) => {
      const row = await models.find(model, grantId)
      return row ? open(row.payload) : undefined
    },
    ofSession: async (session) =>
      (await models.allByUid(model, session)).map(({ payload }) => open(payload)),
    forget: (grantId) => models.remove(model, grantId),
  }
}
