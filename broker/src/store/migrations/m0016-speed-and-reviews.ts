// How long the stages between a tap and its chart take, by hour, zone and release.

import type { ColumnDefinitionBuilder, Kysely } from 'kysely'

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

export function speedAndReviews(engine: 'sqlite' | 'postgres') {
  const ms = engine === 'sqlite' ? ('integer' as const) : ('bigint' as const)
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('stage_time')
        .addColumn('hour_ms', ms, required)
        .addColumn('zone_id', 'text', required)
        .addColumn('agent', 'text', required)
        .addColumn('broker', 'text', required)
        .addColumn('origin', 'text', required)
        .addColumn('times', 'text', required)
        .addPrimaryKeyConstraint('stage_time_once', [
          'hour_ms',
          'zone_id',
          'agent',
          'broker',
          'origin',
        ])
        .execute()
    },
  }
}
