// Plants one fault at a time in the machine's text, as its tests load it, and says which of them
// finds it. The files on the disk stay as they are.

import { readFileSync } from 'node:fs'
import { createVitest } from 'vitest/node'
import type { Vitest } from 'vitest/node'
import type { Mutant } from './mutant.ts'

const root = new URL('../../', import.meta.url).pathname
const machine = `${root}agent/src/machine/`

/**
 * Asked one group after the other, until one finds something. Two are left out: the picture of all
 * transitions, which changes with everything and judges nothing, and the walk through all
 * histories, which takes half a minute.
 */
const judges = [
  ['proofs/model.test.ts'],
  [
    'step.test.ts',
    'on/leaving.test.ts',
    'on/alone.test.ts',
    'on/emergency.test.ts',
    'on/errand.test.ts',
    'on/cut-way.test.ts',
  ],
  ['proofs/histories.test.ts'],
]

export interface Finding {
  readonly name: string
  /** The first test that fails by it, with its file. */
  readonly by?: string
}

export class Finder {
  readonly #vitest: Vitest
  readonly #planted: Map<string, string>

  private constructor(vitest: Vitest, planted: Map<string, string>) {
    this.#vitest = vitest
    this.#planted = planted
  }

  static async start(): Promise<Finder> {
    const planted = new Map<string, string>()
    const load = (id: string) => planted.get(id)
    const vitest = await createVitest(
      {
        ...{ root, config: false, watch: false, update: false, reporters: [{}] },
        include: judges.flat().map((file) => `agent/src/machine/${file}`),
        setupFiles: [`${root}test/mutants/same-luck.ts`],
        // A fault that is kept on the disk would be there for every run after it.
        fsModuleCache: false,
        ...{ pool: 'threads', isolate: true, fileParallelism: false, testTimeout: 30_000 },
      },
      { plugins: [{ name: 'planted', enforce: 'pre', load }] },
    )
    await vitest.standalone()
    return new Finder(vitest, planted)
  }

  /** Nothing planted where none is given: whatever is found then is nobody's fault. */
  async find(mutant?: Mutant): Promise<Finding> {
    const name = mutant?.name ?? 'nothing is planted'
    const path = machine + (mutant?.file ?? '')
    if (mutant) this.#plant(path, textWith(mutant))
    for (const group of judges) {
      const by = await this.#firstFailure(group)
      if (by === undefined) continue
      if (mutant) this.#plant(path, undefined)
      return { name, by }
    }
    if (mutant) this.#plant(path, undefined)
    return { name }
  }

  async stop(): Promise<void> {
    await this.#vitest.close()
  }

  #plant(path: string, text: string | undefined): void {
    if (text === undefined) this.#planted.delete(path)
    else this.#planted.set(path, text)
    this.#vitest.invalidateFile(path)
  }

  async #firstFailure(files: readonly string[]): Promise<string | undefined> {
    const project = this.#vitest.getRootProject()
    const specifications = files.map((file) => project.createSpecification(machine + file))
    const { testModules, unhandledErrors } =
      await this.#vitest.runTestSpecifications(specifications)
    const broken = testModules.flatMap((module) => module.errors().map(({ message }) => message))
    // A text that does not load shows nothing about the tests.
    const strange = [...broken, ...unhandledErrors.map(String)]
    if (strange.length > 0) throw new Error(strange.join())
    const [failed] = testModules.flatMap((module) => [...module.children.allTests('failed')])
    return failed && `${failed.module.relativeModuleId}: ${failed.fullName}`
  }
}

function textWith({ file, from, to, name }: Mutant): string {
  const [before, after, ...more] = readFileSync(machine + file, 'utf8').split(from)
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${name}: not exactly once in ${file}, say it anew`)
  }
  return before + to + after
}
