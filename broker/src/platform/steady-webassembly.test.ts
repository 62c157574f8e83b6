// A process that calls WebAssembly while its own code is thrown away by the engine goes on.

import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'

const cedar = createRequire(import.meta.url).resolve('@cedar-policy/cedar-wasm/nodejs')
const steady = new URL('./steady-webassembly.ts', import.meta.url).href

/** Cedar reads the call that it is handed, and in the middle of that the caller is deoptimised. */
const script = (first: string): string => `
  ${first}
  const { statefulIsAuthorized } = await import(${JSON.stringify(cedar)});
  let isArmed = false;
  const call = {
    get principal() {
      if (isArmed) %DeoptimizeFunction(ask);
      return { type: 'Person', id: 'she' };
    },
    action: { type: 'Action', id: 'use' },
    resource: { type: 'Zone', id: '4w' },
    context: {},
    entities: [],
    preparsedPolicySetId: 'none',
  };
  const ask = (one) => statefulIsAuthorized(one);
  %PrepareFunctionForOptimization(ask);
  %PrepareFunctionForOptimization(statefulIsAuthorized);
  for (let n = 0; n < 1000; n++) ask(call);
  %OptimizeFunctionOnNextCall(ask);
  ask(call);
  isArmed = true;
  console.log(ask(call).type);`

function run(first: string) {
  const flags = ['--disable-warning=ExperimentalWarning', '--allow-natives-syntax']
  const args = [...flags, '--input-type=module', '-e', script(first)]
  const { status, signal, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, signal, said: stdout.trim() }
}

describe('WebAssembly called from code that is thrown away meanwhile', () => {
  it('answers', () => {
    const first = `await import(${JSON.stringify(steady)});`
    expect(run(first)).toEqual({ status: 0, signal: null, said: 'failure' })
  }, 20_000)

  // When this runtime ends it no more, the file beside this one can go.
  it('without our word ends the process', () => {
    expect(run('').signal).not.toBe(null)
  }, 20_000)
})
