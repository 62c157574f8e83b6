// Holds that sessions end when they should, and that a logout wins over a sign-in that it overtook.

import { describe, expect, it } from 'vitest'
import { createChartSessions, type ChartSessions } from './chart-sessions.ts'
import { createPendingRequests, type Pending } from './pending.ts'
import { createReplayCache } from './replay-cache.ts'
import type { SignIn } from './sign-in-claims.ts'

const nowMs = 1_800_000_000_000
const lifeMs = 1000

function person(sub: string, sid: string, issuedAtS = nowMs / 1000): SignIn {
  return {
    sub,
    sid,
    issuedAtS,
    authTimeS: issuedAtS,
    acr: 'a',
    amr: [],
    name: sub,
    role: 'nurse',
    zone: 'z',
    zoneKind: 'k',
    workstation: 'w',
    purpose: 'TREAT',
    session: 's-1',
    authorizationDetails: [],
  }
}

function sessions(limit = 10): ChartSessions {
  let next = 0
  return createChartSessions({ limit, lifeMs, newId: () => `id-${String((next += 1))}` })
}

const by = (sid: string | undefined, sub: string | undefined) => ({
  sid,
  sub,
  issuedAtS: nowMs / 1000,
})

describe('a chart session', () => {
  it('is found by its id until its time is over', () => {
    const all = sessions()
    const id = all.open(person('p', 's'), 't', nowMs)?.id
    expect(all.find(id, nowMs + lifeMs - 1)?.signIn.sub).toBe('p')
    expect(all.find(id, nowMs + lifeMs)).toBeUndefined()
    expect(all.find(id, nowMs)).toBeUndefined()
    expect(all.find(undefined, nowMs)).toBeUndefined()
    expect(all.find('guess', nowMs)).toBeUndefined()
  })

  it('has an id and a form token that are not the same', () => {
    const session = sessions().open(person('p', 's'), 't', nowMs)
    expect(session?.id).not.toBe(session?.formToken)
  })

  it.each([
    ['sid and sub', by('s-1', 'p-1'), ['p-1 s-1']],
    ['sid alone', by('s-1', undefined), ['p-1 s-1', 'p-2 s-1']],
    ['sub alone', by(undefined, 'p-1'), ['p-1 s-1', 'p-1 s-2']],
    ['a sid of somebody else', by('s-2', 'p-2'), []],
    ['nothing', by(undefined, undefined), []],
  ])('is ended by %s, and no other is', (_name, ender, gone) => {
    const all = sessions()
    const opened = [
      ['p-1', 's-1'],
      ['p-1', 's-2'],
      ['p-2', 's-1'],
    ].map(([sub = '', sid = '']) => ({
      name: `${sub} ${sid}`,
      id: all.open(person(sub, sid), 't', nowMs)?.id,
    }))
    expect(all.endMatching(ender, nowMs)).toBe(gone.length)
    const ended = opened.filter(({ id }) => all.find(id, nowMs) === undefined)
    expect(ended.map(({ name }) => name)).toEqual(gone)
  })

  it('is not opened by a sign-in that its logout overtook', () => {
    const all = sessions()
    all.endMatching(by('s-1', 'p-1'), nowMs)
    expect(all.open(person('p-1', 's-1', nowMs / 1000 - 1), 't', nowMs)).toBeUndefined()
    expect(all.open(person('p-1', 's-1', nowMs / 1000 + 1), 't', nowMs)).toBeDefined()
    expect(all.open(person('p-2', 's-1', nowMs / 1000 - 1), 't', nowMs)).toBeDefined()
  })

  it('tells who waits for its end, once, however it ends', () => {
    const all = sessions(2)
    const told: string[] = []
    const watch = (name: string) => {
      const id = all.open(person(name, name), 't', nowMs)?.id ?? ''
      all.onEnd(id, () => told.push(name))
      return id
    }
    const first = watch('first')
    all.end(first)
    all.end(first)
    watch('second')
    watch('third')
    // The limit of two: the oldest makes room.
    const fourth = watch('fourth')
    all.onEnd(fourth, () => told.push('never'))()
    all.find(fourth, nowMs + lifeMs)
    expect(told).toEqual(['first', 'second', 'fourth'])
    all.onEnd('gone', () => told.push('at once'))
    all.close()
    expect(told).toEqual(['first', 'second', 'fourth', 'at once', 'third'])
  })
})

describe('a pending request', () => {
  const request = (state: string): Pending => ({
    kind: 'sign-in',
    state,
    nonce: 'n',
    codeVerifier: 'v',
    browserId: 'b',
    returnTo: undefined,
  })

  it('is given out once, to the browser that asked, in time', () => {
    const pending = createPendingRequests(10, lifeMs)
    pending.put(request('a'), nowMs)
    expect(pending.take('a', 'other', nowMs)).toBeUndefined()
    expect(pending.take('a', undefined, nowMs)).toBeUndefined()
    expect(pending.take('b', 'b', nowMs)).toBeUndefined()
    expect(pending.take('a', 'b', nowMs + lifeMs - 1)?.nonce).toBe('n')
    expect(pending.take('a', 'b', nowMs)).toBeUndefined()
    pending.put(request('a'), nowMs)
    expect(pending.take('a', 'b', nowMs + lifeMs)).toBeUndefined()
  })

  it('makes room for a newer one at the limit', () => {
    const pending = createPendingRequests(2, lifeMs)
    for (const state of ['a', 'b', 'c']) pending.put(request(state), nowMs)
    expect(pending.take('a', 'b', nowMs)).toBeUndefined()
    expect(pending.take('c', 'b', nowMs)).toBeDefined()
  })
})

describe('the replay cache', () => {
  it('takes an id once until it has expired, and stays within its limit', () => {
    const cache = createReplayCache(2)
    expect(cache.take('a', nowMs + 10, nowMs)).toBe(true)
    expect(cache.take('a', nowMs + 10, nowMs + 9)).toBe(false)
    expect(cache.take('a', nowMs + 20, nowMs + 10)).toBe(true)
    expect(cache.take('b', nowMs + 20, nowMs + 10)).toBe(true)
    expect(cache.take('c', nowMs + 20, nowMs + 10)).toBe(true)
    expect(cache.take('c', nowMs + 20, nowMs + 10)).toBe(false)
  })
})
