// The OIDC provider's models as rows. They say nothing about access by themselves (the facts of a
// sign-in are the flows'), so they are housekeeping to the record.

import type { Store, Write } from './store.ts'
import type { OidcModelTable } from './schema.ts'

const sweepMax = 500

export interface OidcModels {
  put(row: OidcModelTable): Promise<void>
  find(model: string, id: string): Promise<OidcModelTable | undefined>
  allBy(
    column: 'uid' | 'user_code' | 'grant_id',
    model: string,
    value: string,
  ): Promise<readonly OidcModelTable[]>
  consume(model: string, id: string, nowMs: number): Promise<void>
  remove(model: string, id: string): Promise<void>
  removeByGrant(grantId: string): Promise<void>
  /** Takes away at most a few hundred expired rows. */
  sweep(nowMs: number): Promise<void>
}

export function makeOidcModels(store: Store): OidcModels {
  const { read } = store
  const write = async (query: Write['query']): Promise<void> => {
    await store.commit({ kind: 'housekeeping', writes: [{ query }] })
  }
  const all = read.selectFrom('oidc_model').selectAll()
  return {
    put: (row) => {
      const { model: _model, id: _id, ...rest } = row
      return write(
        read
          .insertInto('oidc_model')
          .values(row)
          .onConflict((conflict) => conflict.columns(['model', 'id']).doUpdateSet(rest))
          .compile(),
      )
    },
    find: (model, id) => all.where('model', '=', model).where('id', '=', id).executeTakeFirst(),
    allBy: (column, model, value) =>
      all.where('model', '=', model).where(column, '=', value).limit(1000).execute(),
    consume: (model, id, nowMs) =>
      write(
        read
          .updateTable('oidc_model')
          .set({ consumed_ms: nowMs })
          .where('model', '=', model)
          .where('id', '=', id)
          .compile(),
      ),
    remove: (model, id) =>
      write(
        read.deleteFrom('oidc_model').where('model', '=', model).where('id', '=', id).compile(),
      ),
    removeByGrant: (grantId) =>
      write(read.deleteFrom('oidc_model').where('grant_id', '=', grantId).compile()),
    sweep: (nowMs) =>
      write(
        read
          .deleteFrom('oidc_model')
          .where((build) =>
            build.eb(
              build.refTuple('model', 'id'),
              'in',
              build
                .selectFrom('oidc_model')
                .select(['model', 'id'])
                .where('expires_ms', '<=', nowMs)
                .limit(sweepMax)
                .$asTuple('model', 'id'),
            ),
          )
          .compile(),
      ),
  }
}
