// Batches as statements, and what the server's answers mean for whom.

import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { Fault } from '../../platform/fault.ts'
import type { FactBytes, Unit } from '../store.ts'
import { StatementFailed } from './pipeline.ts'
import { judgeDone, judgeFailed, planBatch, prepareUnit } from './plan.ts'
import type { Plan } from './plan.ts'
import { wireArray, wireValue } from './values.ts'

const fact = (id: string): FactBytes => ({
  ...{ id, atMs: 1, code: 'ADM-001', body: Buffer.from('{}') },
  ...{ personId: null, workstationId: null, sessionId: null },
})
const query = (sql: string, parameters: unknown[] = []) =>
  ({ sql, parameters, query: {}, queryId: {} }) as unknown as Unit['writes'][number]['query']
const unit = (sql: string[], ids: string[]): Unit => {
  const writes = sql.map((text) => ({ query: query(text), expectRows: 1 }))
  const [first, ...rest] = ids.map(fact)
  return first
    ? { kind: 'recorded', writes, facts: [first, ...rest] }
    : { kind: 'housekeeping', writes }
}
const plan = (...units: Unit[]): Plan =>
  planBatch(units.map(prepareUnit).filter((one) => one.kind === 'prepared'))
const rows = (...counts: number[]) => counts.map((rowCount) => ({ rowCount, first: null }))
const error = (code: string, detail?: string): Error => {
  const made = new pg.DatabaseError('no', 1, 'error')
  return Object.assign(made, { code, detail })
}
const two = plan(unit(['u1', 'u2'], ['a']), unit(['u3'], ['b', 'c']))

describe('a plan', () => {
  it('takes the record’s lock after every write, and reads the index after that', () => {
    const texts = two.statements.map(({ text }) => text.trim().split('(')[0])
    expect(texts).toEqual([
      ...['begin', 'u1', 'u2', 'u3'],
      ...['select pg_advisory_xact_lock', 'select coalesce', 'insert into fact '],
    ])
  })
  it('leaves the lock to others when there are no facts', () => {
    expect(plan(unit(['u1'], [])).statements.map(({ text }) => text)).toEqual(['begin', 'u1'])
  })
  it('refuses/a value that one engine takes and the other does not', () => {
    for (const value of [true, {}, [1], new Date(0), () => 1]) {
      const one = { kind: 'housekeeping' as const, writes: [{ query: query('u', [value]) }] }
      expect(prepareUnit(one)).toMatchObject({ kind: 'failed', fault: { class: 'permanent' } })
    }
  })
})

describe('what the answers mean', () => {
  it('written, where every guard held', () => {
    const done = [...rows(0, 1, 1, 1, 1), { rowCount: 1, first: '42' }, ...rows(3)]
    expect(judgeDone(two, done)).toEqual({ kind: 'written', firstIndex: 42 })
  })
  it('undone, because of each unit whose guard did not', () => {
    const done = [...rows(0, 1, 0, 2, 1, 1, 3)]
    const attempt = judgeDone(two, done)
    expect(attempt.kind === 'undone' && [...attempt.because.keys()]).toEqual([0, 1])
  })
  it('undone, because of the unit whose statement failed', () => {
    const attempt = judgeFailed(two, new StatementFailed(rows(0, 1, 1), error('23505')))
    expect(attempt).toEqual({ kind: 'undone', because: new Map([[1, { kind: 'conflict' }]]) })
  })
  it('undone, because of the unit before that may have been in its way', () => {
    const attempt = judgeFailed(two, new StatementFailed(rows(0, 1, 0), error('23505')))
    expect(attempt).toEqual({ kind: 'undone', because: new Map([[0, { kind: 'conflict' }]]) })
  })
  it('undone, because of the unit whose fact is there already', () => {
    const taken = error('23505', 'Key (id)=(b) already exists.')
    const attempt = judgeFailed(two, new StatementFailed(rows(0, 1, 1, 1, 1, 1), taken))
    expect(attempt).toEqual({ kind: 'undone', because: new Map([[1, { kind: 'conflict' }]]) })
  })
  it('undone, and it cannot be told because of whom', () => {
    const attempt = judgeFailed(two, new StatementFailed(rows(0, 1, 1, 1, 1, 1), error('22021')))
    expect(attempt).toEqual({ kind: 'undone', because: new Map() })
    const alone = plan(unit([], ['a']))
    const itself = judgeFailed(alone, new StatementFailed(rows(0, 1, 1), error('22021')))
    expect(itself.kind === 'undone' && [...itself.because.keys()]).toEqual([0])
  })
  it('look again, after a lost race; never, for a statement that is wrong', () => {
    const outcome = (code: string): unknown => {
      const attempt = judgeFailed(two, new StatementFailed(rows(0), error(code)))
      return attempt.kind === 'undone' ? attempt.because.get(0) : undefined
    }
    for (const code of ['23505', '23P01', '40001', '40P01', '55P03']) {
      expect(outcome(code)).toEqual({ kind: 'conflict' })
    }
    for (const code of ['23502', '22P02', '42601', '42P01']) {
      expect(outcome(code)).toMatchObject({ kind: 'failed', fault: { code: 'internal' } })
    }
  })
  it('nothing for any unit, where the server itself is in trouble', () => {
    for (const code of ['53100', '57P01', '57014', '25P03', '08006', 'XX000']) {
      expect(() => judgeFailed(two, new StatementFailed(rows(0), error(code)))).toThrow(
        pg.DatabaseError,
      )
    }
    const broken = new Error('read ECONNRESET')
    expect(() => judgeFailed(two, new StatementFailed(rows(0), broken))).toThrow(broken)
  })
})

describe('values on the wire', () => {
  it('are text, bytes or null', () => {
    expect([1, 'a', null, undefined, 5n].map(wireValue)).toEqual(['1', 'a', null, null, '5'])
    const part = new Uint8Array([1, 2, 3, 4]).subarray(1, 3)
    expect(wireValue(part)).toEqual(Buffer.from([2, 3]))
    expect(() => wireValue(false)).toThrow(TypeError)
  })
  it('are arrays as array_recv wants them', () => {
    expect(wireArray('text', ['ab', null]).toString('hex')).toBe(
      '00000001' + '00000001' + '00000019' + '00000002' + '00000001' + '000000026162' + 'ffffffff',
    )
    expect(wireArray('int8', [-2]).toString('hex')).toBe(
      '00000001' + '00000000' + '00000014' + '00000001' + '00000001' + '00000008fffffffffffffffe',
    )
    expect(
      wireArray('bytea', [Buffer.from([7])])
        .toString('hex')
        .slice(40),
    ).toBe('0000000107')
  })
  it('keep a Fault’s cause for the operator', () => {
    const one = { kind: 'housekeeping' as const, writes: [{ query: query('u', [true]) }] }
    const prepared = prepareUnit(one)
    const fault = prepared.kind === 'failed' ? prepared.fault : undefined
    expect(fault).toBeInstanceOf(Fault)
    expect(fault?.cause).toBeInstanceOf(TypeError)
  })
})
