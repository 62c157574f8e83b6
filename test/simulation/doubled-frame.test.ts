// A frame that is doubled on its way: it arrives twice, the second time after what was sent later,
// and never where nobody hears any more. And scripts have such acts, beside all that they had.

import { expect, it } from 'vitest'
import { scriptOf } from './play-seed.ts'
import { Pipe } from './world/net/pipe.ts'
import { VirtualTime } from './world/virtual-time.ts'

function onTheLine() {
  const time = new VirtualTime()
  const heard: string[] = []
  const path = { isCut: false }
  const pipe = new Pipe({
    time,
    delayMs: () => 2,
    isCut: () => path.isCut,
    deliver: (parcel) => {
      heard.push(parcel.kind === 'text' ? `${String(time.nowMs)} ${parcel.text}` : parcel.kind)
    },
  })
  const says = (...texts: string[]) => {
    for (const text of texts) pipe.put({ kind: 'text', text })
  }
  return { time, heard, path, pipe, says, passes: (ms: number) => time.run(time.nowMs + ms, look) }
}
const look = (): void => undefined

it('arrives twice at once, and what comes after it once', async () => {
  const { pipe, says, heard, passes } = onTheLine()
  pipe.double(0)
  says('a', 'b')
  await passes(10)
  expect(heard).toEqual(['2 a', '2 a', '2 b'])
})

it('arrives late the second time, behind what was said meanwhile, and after its sender went', async () => {
  const { pipe, says, heard, passes } = onTheLine()
  pipe.put({ kind: 'ping' })
  pipe.double(500)
  says('a')
  await passes(100)
  says('b')
  pipe.end(1, 5)
  await passes(1000)
  expect(heard).toEqual(['ping', '2 a', '102 b', 'close', '502 a'])
})

it('refuses/to arrive where nobody hears any more, or nothing passes', async () => {
  const gone = onTheLine()
  gone.pipe.double(500)
  gone.says('a')
  await gone.passes(100)
  gone.pipe.drop()
  await gone.passes(1000)
  expect(gone.heard).toEqual(['2 a'])
  const cut = onTheLine()
  cut.pipe.double(500)
  cut.says('a')
  await cut.passes(100)
  cut.path.isCut = true
  await cut.passes(1000)
  expect(cut.heard).toEqual(['2 a'])
})

it('is in scripts, as rarely as each other trouble', () => {
  const size = { lengthMs: 20 * 60_000, workstations: 3, brokers: 1, people: 5, isCalm: false }
  const all = Array.from({ length: 100 }, (_, n) => scriptOf({ ...size, seed: n + 1 })).flat()
  const times = (kind: string) => all.filter((act) => act.kind === kind).length
  expect(times('frame-doubled')).toBeGreaterThan(40)
  // A hundred of each are expected; more than that would be another simulation.
  expect(times('frame-doubled')).toBeLessThan(2 * times('desktop-locked'))
})
