// Every parser at every edge under a coverage-guided fuzzer: nothing is thrown, nothing hangs,
// nothing forged is believed; and the fuzzer proves that it finds what is there to find.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const result = z.object({
  target: z.string(),
  runs: z.number(),
  blocks: z.number(),
  slowestMs: z.number(),
  finding: z.object({ input: z.string(), thrown: z.string() }).optional(),
})

const perTargetMs = Number(process.env['WARDKEY_FUZZ_MS'] ?? '2500')

describe('bad input', async () => {
  const script = new URL('./run-fuzz.ts', import.meta.url).pathname
  const args = ['--disable-warning=ExperimentalWarning', script, String(perTargetMs), '7']
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 10_000_000 })
  const results = stdout
    .trim()
    .split('\n')
    .map((line) => result.parse(JSON.parse(line)))

  it.each(results.filter(({ target }) => target !== 'planted'))(
    'finds nothing in $target',
    ({ finding, runs, blocks, slowestMs }) => {
      expect(finding).toBeUndefined()
      expect(runs).toBeGreaterThan(500)
      expect(blocks).toBeGreaterThan(0)
      expect(slowestMs).toBeLessThan(500)
    },
  )
  it('finds a planted bug five characters deep', () => {
    expect(results.find(({ target }) => target === 'planted')?.finding?.thrown).toContain('planted')
  })
})
