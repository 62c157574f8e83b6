// Checks of the record itself, of tables, zones and settings that several rules ask for. Pure.

import type { RecordCheck, SettingCheck, TableCheck, ZoneCheck } from './evidence-rule.ts'

export const recordHashedAgain: RecordCheck = {
  kind: 'record',
  of: 'hashes',
  id: 'record-hashed-again',
  says: 'Every entry of the record, hashed again from the disk, gives the root that was signed.',
  query:
    'all entries from the first on, without a gap; breaks it: another root than the checkpoint’s',
}

export const recordContinues: RecordCheck = {
  kind: 'record',
  of: 'growth',
  id: 'record-continues',
  says: 'The record continues what it was at evidence before, and at the checkpoint that was handed in.',
  query:
    'the checkpoints of the last 24 makings of evidence, and the one named; breaks it: no proof',
}

/** Taken before, it is missing where the law asks for it; whether by rule, its purge says. */
export const recordReachesBack: RecordCheck = {
  kind: 'record',
  of: 'reach',
  id: 'record-reaches-back',
  says:
    'Whatever the record had of access and administration is there for six years (2,192 days) ' +
    'back, or from its first entry on.',
  query:
    'entries of the classes access and administration of the 2,192 days before the making; ' +
    'breaks it: one that retention took; named are the purges (RET-004)',
}

export const witnessed: SettingCheck = {
  kind: 'settings',
  id: 'witnessed',
  says: 'Somebody outside this house’s broker keeps its checkpoints (record.witnesses).',
  query: 'record.witnesses; unsaid where it is empty',
  holds: ({ witnesses }) => (witnesses > 0 ? true : undefined),
}

export const pinsHashed: TableCheck = {
  kind: 'tables',
  id: 'pins-hashed',
  says: 'Every PIN is kept as an argon2id hash.',
  sql:
    "select count(*) as looked, coalesce(sum(case when hash like '$argon2id$%' then 0 else 1 end), 0) " +
    'as breaking from pin',
}

export const reviewsNotOverdue: TableCheck = {
  kind: 'tables',
  id: 'emergency-reviews-not-overdue',
  says: 'No review of an emergency access is overdue now.',
  sql:
    'select count(*) as looked, coalesce(sum(case when reviewed_ms is null and review_due_ms < :now ' +
    'then 1 else 0 end), 0) as breaking from emergency_grant',
}

export const everyZone = (check: Omit<ZoneCheck, 'kind'>): ZoneCheck => ({
  kind: 'zones',
  ...check,
})

const minuteMs = 60_000

/** The law names no time; a house that wants a longer one has to say why. */
export const zonesLockWhenIdle = everyZone({
  id: 'zones-lock-when-idle',
  says: 'In every zone a screen locks after at most 30 minutes without anybody.',
  query: 'idleMs of each zone’s rules; breaks it: none, or more than 30 minutes',
  holds: ({ idleMs }) => idleMs > 0 && idleMs <= 30 * minuteMs,
})
