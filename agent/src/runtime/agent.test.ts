// The runtime with a hand on everything around it: in which order things are done, and what is done
// when a part does not do what it was asked.

import { describe, expect, it } from 'vitest'
import { sessionId, tapId } from '@wardkey/protocol/ids'
import { Fault } from '../platform/fault.ts'
import { askMs, undoMs } from '../machine/limits.ts'
import type { SensorEars } from './agent.ts'
import { Bed, died } from './fakes-for-tests.ts'
import { StageTimes } from './times/stage-times.ts'

const rosa = '04a1b2c3d4e501'
const ben = '04a1b2c3d4e502'
const one = sessionId.parse('00000000-0000-4000-8000-000000000001')
const two = sessionId.parse('00000000-0000-4000-8000-000000000002')

const opened = async (): Promise<Bed> => {
  const bed = await new Bed().ready()
  await bed.opens(rosa, one)
  bed.doings.length = 0
  return bed
}

const openPhase = (bed: Bed) => {
  const { phase } = bed.agent.state
  if (phase.kind !== 'open') throw new Error(phase.kind)
  return phase
}

describe('the agent', () => {
  it('asks the broker the moment a card is seen, and shows the chart when it is there', async () => {
    const bed = await new Bed().ready()
    await bed.opens(rosa, one)
    expect(bed.doings).toEqual(['tap', 'launch', 'launched'])
    expect(bed.phase).toBe('open')
    expect([...bed.launch.visible]).toEqual([one])
  })
  it('changes the picture before it covers, and covers before it tells', async () => {
    const bed = await opened()
    let atCover: unknown
    const cover = bed.launch.cover.bind(bed.launch)
    bed.launch.cover = (session) => {
      atCover = bed.screen.scene
      return cover(session)
    }
    bed.hand.do({ kind: 'tap', uid: rosa })
    await bed.clock.advance(0)
    expect(bed.doings).toEqual(['cover'])
    expect(atCover).toMatchObject({ kind: 'leaving', because: 'tap-out' })
    await bed.clock.advance(undoMs + 100)
    expect(bed.doings).toEqual(['cover', 'cover', 'leave tap-out'])
    expect(atCover).toMatchObject({ kind: 'locked' })
  })
  it('covers and ends before anything is written to the disk', async () => {
    const bed = await opened()
    const { length } = bed.statuses
    const journalledAt: unknown[] = []
    const note = (): void => {
      journalledAt.push(bed.journalled)
    }
    const [cover, end] = [bed.launch.cover.bind(bed.launch), bed.launch.end.bind(bed.launch)]
    bed.launch.cover = (session) => (note(), cover(session))
    bed.launch.end = (session) => (note(), end(session))
    await bed.says({ kind: 'lock', sessionId: one, code: 'session-moved' })
    expect(bed.doings).toEqual(['cover', 'end'])
    expect(journalledAt).toEqual([one, one])
    expect(bed.journalled).toBeUndefined()
    expect(bed.statuses).toHaveLength(length)
    await bed.clock.advance(100)
    expect(bed.statuses.at(-1)).toMatchObject({ isLocked: true })
  })
  it('brings nobody up before whoever was there is covered', async () => {
    const bed = await opened()
    const covered = Promise.withResolvers<undefined>()
    bed.launch.waits.set('cover', covered.promise)
    await bed.admits(await bed.taps(ben), two)
    expect(bed.doings).toEqual(['cover', 'leave other-badge', 'tap'])
    expect(bed.phase).toBe('opening')
    covered.resolve(undefined)
    await bed.clock.advance(0)
    expect(bed.doings.at(-2)).toBe('launch')
    expect(bed.launch.banners).toEqual(['yours', 'yours'])
    expect([...bed.launch.visible]).toEqual([two])
  })
  it('brings nobody up whose screen was locked while it waited for a cover', async () => {
    const bed = await opened()
    const covered = Promise.withResolvers<undefined>()
    bed.launch.waits.set('cover', covered.promise)
    await bed.admits(await bed.taps(ben), two)
    bed.launch.waits.clear()
    bed.desktop.setLocked(true)
    await bed.clock.advance(0)
    covered.resolve(undefined)
    await bed.clock.advance(0)
    expect(bed.doings).not.toContain('launch')
  })
  it('gives a question up when its time is over, to a tenth of a second', async () => {
    const bed = await new Bed().ready()
    await bed.taps(rosa)
    await bed.clock.advance(askMs - 200)
    expect(bed.phase).toBe('asking')
    await bed.clock.advance(400)
    expect(bed.phase).toBe('refused')
  })
  it('journals whose screen it is before the chart is asked for', async () => {
    const bed = await new Bed().ready()
    let atLaunch: unknown
    const launch = bed.launch.launch.bind(bed.launch)
    bed.launch.launch = (session) => {
      atLaunch = bed.journalled
      return launch(session)
    }
    await bed.opens(rosa, one)
    expect(atLaunch).toBe(one)
    bed.hand.do({ kind: 'tap', uid: rosa })
    await bed.clock.advance(undoMs + 100)
    expect(bed.journalled).toBeUndefined()
  })
  it('measures from the moment the reader noticed the card', async () => {
    const bed = await new Bed().ready()
    const tap = await bed.taps(rosa)
    await bed.clock.advance(120)
    await bed.admits(tap, one)
    expect(bed.link.last('launched')?.stagesMs).toEqual({
      read: 0,
      reader: 0,
      broker: 120,
      'first-paint': 120,
    })
  })
  it('says what it is in a file that names nobody', async () => {
    const bed = await opened()
    expect(bed.statuses.at(-1)).toMatchObject({ isLocked: false, link: 'up', reader: 'ready' })
    expect(JSON.stringify(bed.statuses)).not.toMatch(new RegExp(`Santos|${one}|${rosa}`))
    const { length } = bed.statuses
    await bed.clock.advance(20_000)
    expect(bed.statuses.length).toBeGreaterThan(length)
  })
  it('shows no picture twice in a row', async () => {
    const bed = await opened()
    const { length } = bed.screen.views
    for (let n = 0; n < 5; n++) {
      bed.desktop.touch()
      await bed.clock.advance(1000)
    }
    expect(bed.screen.views).toHaveLength(length)
  })
  it('hears sensors over USB, tells of them in its status, and lets go of them', async () => {
    let ears: SensorEars | undefined
    let isClosed = false
    const sensors = {
      status: [{ name: 'Sensor', says: 'near' } as const],
      hasTyped: () => false,
      close: () => {
        isClosed = true
        return Promise.resolve()
      },
    }
    const makeSensors = (told: SensorEars): typeof sensors => {
      ears = told
      return sensors
    }
    const bed = await new Bed({ makeSensors }).ready()
    await bed.opens(rosa, one)
    ears?.onBody(true)
    await bed.clock.advance(10)
    expect(bed.agent.state.body).toMatchObject({ isNear: true, confidence: 0.6 })
    expect(bed.link.last('presence')).toMatchObject({ evidence: 'proximity', confidence: 0.6 })
    expect(bed.statuses.at(-1)?.sensors).toEqual(sensors.status)
    ears?.onLost()
    await bed.clock.advance(10)
    expect(bed.agent.state.body).toBeUndefined()
    const stopped = bed.agent.stop()
    await bed.clock.advance(10_000)
    await stopped
    expect(isClosed).toBe(true)
  })
  it('takes hands on the chart for a sign of life where the desktop knows of none', async () => {
    const bed = await new Bed({ desktop: undefined }).ready()
    await bed.opens(rosa, one)
    const { idleMs } = bed.agent.state.rules
    for (let ms = 0; ms < idleMs * 3; ms += idleMs / 2) {
      await bed.clock.advance(idleMs / 2)
      bed.launch.use(one)
    }
    await bed.clock.advance(10)
    expect(bed.phase).toBe('open')
    expect(bed.link.last('presence')).toMatchObject({ evidence: 'ehr-activity', confidence: 0.4 })
    await bed.clock.advance(idleMs)
    expect(bed.phase).toBe('leaving')
    bed.launch.use(one)
    await bed.clock.advance(10)
    expect(bed.phase).toBe('leaving')
  })
  it('asks a desktop that cannot say, and takes hands on the chart until it can', async () => {
    const bed = new Bed()
    bed.desktop.idleMs = () => Promise.resolve(undefined)
    await (await bed.ready()).opens(rosa, one)
    const { idleMs } = bed.agent.state.rules
    await bed.clock.advance(idleMs / 2)
    bed.launch.use(one)
    await bed.clock.advance(idleMs / 2 + 1000)
    expect(bed.phase).toBe('open')
    bed.desktop.idleMs = () => Promise.resolve(1_000_000)
    await bed.clock.advance(2000)
    bed.launch.use(one)
    await bed.clock.advance(idleMs / 2)
    expect(bed.phase).toBe('leaving')
  })
  it('leaves hands on the chart to the desktop where it knows of them, as keys and pointer', async () => {
    const bed = await opened()
    await bed.clock.advance(2000)
    const { lastSignMs } = openPhase(bed)
    bed.launch.use(one)
    await bed.clock.advance(10)
    expect(openPhase(bed).lastSignMs).toBe(lastSignMs)
  })
  it('takes what a sensor types for nobody’s hands', async () => {
    let typedMs = -1
    const makeSensors = () => ({
      status: [],
      hasTyped: (atMs: number) => atMs === typedMs,
      close: () => Promise.resolve(),
    })
    const bed = await new Bed({ makeSensors }).ready()
    await bed.opens(rosa, one)
    await bed.clock.advance(bed.agent.state.rules.idleMs)
    expect(bed.phase).toBe('leaving')
    bed.desktop.touch()
    typedMs = bed.clock.monoMs()
    await bed.clock.advance(2000)
    expect(bed.phase).toBe('leaving')
    bed.desktop.touch()
    await bed.clock.advance(2000)
    expect(bed.phase).toBe('open')
  })
  it('fades and locks when nobody is at the keys, and not while somebody is', async () => {
    const bed = await opened()
    const { idleMs, fadeMs } = bed.agent.state.rules
    for (let ms = 0; ms < idleMs * 2; ms += 5000) {
      bed.desktop.touch()
      await bed.clock.advance(5000)
    }
    expect(bed.phase).toBe('open')
    await bed.clock.advance(idleMs + 200)
    expect(bed.phase).toBe('leaving')
    await bed.clock.advance(fadeMs)
    expect(bed.phase).toBe('locked')
    expect(bed.link.last('leave')).toMatchObject({ reason: 'idle' })
  })
  it('confesses at its start what a crash left open, and wakes locked', async () => {
    const bed = new Bed()
    bed.journalled = one
    await bed.ready()
    expect(bed.link.last('leave')).toMatchObject({ sessionId: one, reason: 'restart' })
    expect(bed.phase).toBe('locked')
  })
  it('answers a card that is no badge on the screen', async () => {
    const bed = await new Bed().ready()
    bed.hand.do({ kind: 'tap', uid: '08a1b2c3' })
    await bed.clock.advance(0)
    expect(bed.screen.scene).toMatchObject({ kind: 'refused', code: 'card-not-a-badge' })
    expect(bed.doings).toEqual([])
  })
})

it('times of a tap begin where the reader noticed the card, and of no other tap', () => {
  const tap = (n: number) => tapId.parse(`00000000-0000-4000-8000-00000000000${String(n)}`)
  const stages = new StageTimes()
  stages.mark('broker', 5)
  expect(stages.marks()).toEqual({})
  stages.notice(tap(1), 1000, 1015)
  stages.notice(tap(2), 1010, 1010)
  stages.begin(tap(1), 1040)
  stages.mark('broker', 1100.26)
  expect(stages.marks()).toEqual({ read: 15, reader: 40, broker: 100.3 })
  stages.begin(tap(3), 2000)
  expect(stages.marks()).toEqual({ reader: 0 })
})

describe('what does not do as it is asked', () => {
  it('a cover that fails takes the browser with it', async () => {
    const bed = await opened()
    bed.launch.fails.set('cover', new Fault('launch-failed', 'transient'))
    bed.hand.do({ kind: 'tap', uid: rosa })
    await bed.clock.advance(0)
    const all = ['cover', 'close', 'health', 'cover', 'leave browser-lost', 'end']
    expect(bed.doings).toEqual(all)
    expect([...bed.launch.visible]).toEqual([])
    expect(bed.agent.state.covered).toEqual([])
  })
  it('a cover that does not come takes the browser with it, in two seconds', async () => {
    const bed = await opened()
    bed.launch.waits.set('cover', new Promise(() => undefined))
    bed.hand.do({ kind: 'tap', uid: rosa })
    await bed.clock.advance(1900)
    expect(bed.doings).not.toContain('close')
    await bed.clock.advance(200)
    expect(bed.doings).toContain('close')
  })
  it('a chart that comes after the screen was locked is covered again', async () => {
    const bed = await new Bed().ready()
    const loaded = Promise.withResolvers<undefined>()
    bed.launch.waits.set('launch', loaded.promise)
    await bed.admits(await bed.taps(rosa), one)
    bed.desktop.setLocked(true)
    await bed.clock.advance(0)
    expect(bed.phase).toBe('locked')
    loaded.resolve(undefined)
    await bed.clock.advance(0)
    expect([...bed.launch.visible]).toEqual([])
    expect(bed.phase).toBe('locked')
  })
  it.each(['fails', 'comes'])(
    'a chart that was locked while it came changes nothing of the next one when it %s',
    async (what) => {
      const bed = await new Bed().ready()
      const first = Promise.withResolvers<undefined>()
      bed.launch.waits.set('launch', first.promise)
      await bed.admits(await bed.taps(rosa), one)
      bed.desktop.setLocked(true)
      await bed.clock.advance(2000)
      const second = Promise.withResolvers<undefined>()
      bed.launch.waits.set('launch', second.promise)
      await bed.admits(await bed.taps(rosa), one)
      if (what === 'comes') first.resolve(undefined)
      else first.reject(new Fault('launch-failed', 'permanent'))
      await bed.clock.advance(0)
      expect(bed.phase).toBe('opening')
      second.resolve(undefined)
      await bed.clock.advance(0)
      expect(bed.phase).toBe('open')
      expect([...bed.launch.visible]).toEqual([one])
    },
  )
  it('a chart that never comes is given up, told, and ended', async () => {
    const bed = await new Bed().ready()
    bed.launch.fails.set('launch', new Fault('launch-failed', 'transient'))
    await bed.admits(await bed.taps(rosa), one)
    expect(bed.doings.slice(2)).toEqual(['cover', 'leave launch-failed', 'end', 'launched'])
    expect(bed.link.last('launched')).toMatchObject({ outcome: 'failed' })
  })
  it('a chart whose way was cut comes by the steps that a broker gives anew', async () => {
    const bed = await new Bed().ready()
    bed.launch.fails.set('launch', new Fault('sign-in-unreachable', 'transient'))
    const tap = await bed.taps(rosa)
    await bed.admits(tap, one)
    expect(bed.phase).toBe('opening')
    await bed.clock.advance(1000)
    expect(bed.link.last('launch-again')).toMatchObject({ tapId: tap, sessionId: one })
    bed.launch.fails.clear()
    await bed.admits(tap, one)
    expect(bed.phase).toBe('open')
    expect([...bed.launch.visible]).toEqual([one])
    expect(bed.doings).not.toContain('cover')
  })
  it('a chart that says nothing at all is given up by the machine’s own limit', async () => {
    const bed = await new Bed().ready()
    bed.launch.waits.set('launch', new Promise(() => undefined))
    await bed.admits(await bed.taps(rosa), one)
    await bed.clock.advance(21_000)
    expect(bed.phase).toBe('locked')
  })
  it('a browser that dies locks, and another is started soon', async () => {
    const bed = await opened()
    bed.launch.lose()
    await bed.clock.advance(0)
    expect(bed.phase).toBe('locked')
    expect(bed.link.last('leave')).toMatchObject({ reason: 'browser-lost' })
    await bed.clock.advance(300)
    expect(bed.doings).toContain('start')
  })
  it('a dead browser that cannot cover does not end the one that is started after it', async () => {
    const bed = await opened()
    const covered = Promise.withResolvers<undefined>()
    bed.launch.waits.set('cover', covered.promise)
    bed.launch.waits.set('start', new Promise(() => undefined))
    bed.launch.lose()
    await bed.clock.advance(300)
    expect(bed.doings).toContain('start')
    covered.reject(died)
    await bed.clock.advance(0)
    expect(bed.doings).not.toContain('close')
  })
  it('a browser that is not installed is looked for again, and said to be missing', async () => {
    const bed = new Bed()
    bed.launch.fails.set('start', new Fault('browser-missing', 'permanent'))
    bed.agent.start()
    await bed.clock.advance(10)
    expect(bed.agent.state.surroundings.browser).toBe('missing')
    bed.launch.fails.clear()
    await bed.clock.advance(15_000)
    bed.screen.window(true)
    await bed.clock.advance(10)
    expect(bed.agent.state.surroundings.browser).toBe('ready')
  })
  it('a browser without the lock screen’s window is ended, and another started', async () => {
    const bed = new Bed()
    bed.agent.start()
    await bed.clock.advance(10_100)
    expect(bed.doings.filter((what) => what === 'close')).toHaveLength(1)
    await bed.clock.advance(300)
    expect(bed.doings.filter((what) => what === 'start')).toHaveLength(2)
  })
  it('a lock screen’s window that goes locks at once; one that stays away ends the browser', async () => {
    const bed = await opened()
    bed.screen.window(false)
    await bed.clock.advance(0)
    expect(bed.phase).toBe('locked')
    expect(bed.doings).not.toContain('close')
    await bed.clock.advance(3000)
    expect(bed.doings).toContain('close')
  })
  it('a window that reloads ends nothing', async () => {
    const bed = await new Bed().ready()
    bed.screen.window(false)
    await bed.clock.advance(1000)
    bed.screen.window(true)
    await bed.clock.advance(5000)
    expect(bed.doings).not.toContain('close')
  })
  it('a flood of events locks instead of piling up', async () => {
    const bed = await opened()
    for (let n = 0; n < 300; n++) bed.screen.input({ kind: 'dismissed' })
    await bed.clock.advance(0)
    expect(bed.phase).toBe('locked')
    expect(bed.link.last('leave')).toMatchObject({ reason: 'overflow' })
  })
  it('a disk that is full keeps nobody from locking', async () => {
    const full = Object.assign(new Error('no room'), { code: 'ENOSPC' })
    const fail = (): never => {
      throw full
    }
    const bed = await new Bed({
      journal: { find: () => undefined, note: fail },
      statusFile: { write: fail, remove: fail },
    }).ready()
    await bed.opens(rosa, one)
    bed.hand.do({ kind: 'tap', uid: rosa })
    await bed.clock.advance(undoMs + 100)
    expect(bed.phase).toBe('locked')
    expect(bed.bugs).toEqual([])
    expect(bed.logged).toContainEqual({
      event: 'agent.not-written',
      kind: 'journal',
      reason: 'ENOSPC',
    })
  })
  it('a fault of our own stops the loop and is told, once', async () => {
    const bed = await opened()
    let shows = 0
    bed.screen.show = () => {
      shows += 1
      if (shows === 1) throw new TypeError('a bug')
    }
    bed.desktop.setLocked(true)
    await bed.clock.advance(0)
    bed.link.ears.onState('down')
    await bed.clock.advance(5000)
    expect(bed.bugs).toHaveLength(1)
    expect(shows).toBe(1)
  })
})

describe('the end', () => {
  const ends = async (bed: Bed, ending: Promise<void>): Promise<void> => {
    await bed.clock.advance(10_000)
    await ending
  }
  it('locks, tells why, waits for the word to be noted, and closes the browser first', async () => {
    const bed = await opened()
    bed.link.unnoted = 1
    const stopping = bed.agent.stop()
    await bed.clock.advance(500)
    expect(bed.doings).toEqual(['cover', 'leave shutdown', 'close'])
    bed.link.unnoted = 0
    await ends(bed, stopping)
    expect(bed.doings).toEqual(['cover', 'leave shutdown', 'close', 'link stopped'])
    expect(bed.statuses).toEqual([])
    expect(bed.journalled).toBeUndefined()
  })
  it('does not wait for ever for a broker that notes nothing', async () => {
    const bed = await opened()
    bed.link.unnoted = 1
    await ends(bed, bed.agent.stop())
    expect(bed.doings).toContain('link stopped')
  })
  it('does not wait for ever for a cover', async () => {
    const bed = await opened()
    bed.launch.waits.set('cover', new Promise(() => undefined))
    await ends(bed, bed.agent.stop())
    expect(bed.doings).toContain('close')
  })
  it('after a crash takes the windows with it and tells the broker, without asking the loop', async () => {
    const bed = await opened()
    await ends(bed, bed.agent.crash())
    expect(bed.doings).toEqual(['leave restart', 'close', 'link stopped'])
    expect([...bed.launch.visible]).toEqual([])
  })
  it('happens once', async () => {
    const bed = await opened()
    await ends(
      bed,
      Promise.all([bed.agent.stop(), bed.agent.crash()]).then(() => undefined),
    )
    expect(bed.doings.filter((what) => what === 'close')).toHaveLength(1)
  })
})
