// Each fault planted in the machine's own text is found by the machine's own tests; and with
// nothing planted they find nothing, or the finding would say nothing.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { inMachine } from './in-machine.ts'

const main = new URL('main.ts', import.meta.url).pathname
const parts = 2

async function findings(part: number): Promise<readonly Finding[]> {
  const args = ['--disable-warning=ExperimentalWarning', main]
  const which = ['--part', String(part), '--of', String(parts)]
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...which])
  return stdout
    .trim()
    .split('\n')
    .map((line): Finding => JSON.parse(line))
}
interface Finding {
  readonly name: string
  readonly by?: string
}

it('the machine’s own tests find every fault that is planted in it', async () => {
  const all = await Promise.all(Array.from({ length: parts }, (_, part) => findings(part)))
  const unplanted = all.flat().filter(({ name }) => name === 'nothing is planted')
  expect(unplanted.map(({ by }) => by)).toEqual(Array.from({ length: 2 * parts }, () => undefined))
  const byName = new Map(all.flat().map(({ name, by }) => [name, by]))
  const survivors = inMachine.filter(({ name }) => byName.get(name) === undefined)
  expect(survivors.map(({ name }) => name)).toEqual([])
  expect(new Set(inMachine.map(({ name }) => name)).size).toBe(inMachine.length)
}, 2_400_000)
