// The provider's storage adapter over the model store. It gives out no token whose session is not
// open at its workstation now: a locked screen is locked for tokens too, and an unlocked one gets
// them back.

import { z } from 'zod'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { ModelRow, ModelStore } from './model-store.ts'

/**
 * What opens something by itself; the rest is only bookkeeping between the provider's own steps.
 */
const bearerModels: ReadonlySet<string> = new Set([
  'AccessToken',
  'AuthorizationCode',
  'RefreshToken',
])

export interface AdapterNeeds {
  readonly models: ModelStore
  readonly isGrantLive: (grantId: string) => Promise<boolean>
  readonly nowMs: () => number
}

/** Makes the factory that the provider calls once for each of its models. */
export function modelAdapter(needs: AdapterNeeds): (model: string) => Adapter {
  const { models } = needs
  return (model) => {
    const open = async (row: ModelRow | undefined): Promise<AdapterPayload | undefined> => {
      if (!row || (row.expiresMs !== null && row.expiresMs <= needs.nowMs())) return undefined
      const { grantId } = row
      if (bearerModels.has(model) && !(grantId !== null && (await needs.isGrantLive(grantId)))) {
        return undefined
      }
      // Our own JSON, written by `upsert` below; what is in it is the provider's own affair.
      const payload: AdapterPayload = z
        .record(z.string(), z.unknown())
        .parse(JSON.parse(row.payload))
      return row.consumedMs === null
        ? payload
        : { ...payload, consumed: Math.floor(row.consumedMs / 1000) }
    }
    return {
      upsert: (id, payload, expiresInSeconds) =>
        models.put({
          model,
          id,
          payload: JSON.stringify(payload),
          expiresMs:
            expiresInSeconds === undefined ? null : needs.nowMs() + expiresInSeconds * 1000,
          grantId: payload.grantId ?? null,
          uid: payload.uid ?? null,
          userCode: payload.userCode ?? null,
          consumedMs: null,
        }),
      find: async (id) => open(await models.find(model, id)),
      findByUid: async (uid) => open(await models.findByUid(model, uid)),
      findByUserCode: async (userCode) => open(await models.findByUserCode(model, userCode)),
      consume: (id) => models.consume(model, id, needs.nowMs()),
      destroy: (id) => models.remove(model, id),
      revokeByGrantId: (grantId) => models.removeByGrant(grantId),
    }
  }
}
