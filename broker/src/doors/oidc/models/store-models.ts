// Joins the provider's model store to the rows of ours: other names, the same values.

import type { OidcModels } from '../../../store/oidc-models.ts'
import type { OidcModelTable } from '../../../store/schema.ts'
import type { ModelRow, ModelStore } from './model-store.ts'

export function storeModels(models: OidcModels): ModelStore {
  const first = async (rows: Promise<readonly OidcModelTable[]>): Promise<ModelRow | undefined> => {
    const [row] = await rows
    return row && fromRow(row)
  }
  return {
    put: (row) =>
      models.put({
        model: row.model,
        id: row.id,
        payload: row.payload,
        expires_ms: row.expiresMs,
        grant_id: row.grantId,
        uid: row.uid,
        user_code: row.userCode,
        consumed_ms: row.consumedMs,
      }),
    find: async (model, id) => {
      const row = await models.find(model, id)
      return row && fromRow(row)
    },
    findByUid: (model, uid) => first(models.allBy('uid', model, uid)),
    findByUserCode: (model, code) => first(models.allBy('user_code', model, code)),
    allByUid: async (model, uid) => (await models.allBy('uid', model, uid)).map(fromRow),
    consume: (model, id, nowMs) => models.consume(model, id, nowMs),
    remove: (model, id) => models.remove(model, id),
    removeByGrant: (grantId) => models.removeByGrant(grantId),
    sweep: (nowMs) => models.sweep(nowMs),
  }
}

function fromRow(row: OidcModelTable): ModelRow {
  return {
    model: row.model,
    id: row.id,
    payload: row.payload,
    expiresMs: row.expires_ms,
    grantId: row.grant_id,
    uid: row.uid,
    userCode: row.user_code,
    consumedMs: row.consumed_ms,
  }
}
