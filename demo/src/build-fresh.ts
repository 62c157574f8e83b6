// Builds the pages only when their sources are newer than what was built: a second start is quick.

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

const root = fileURLToPath(new URL('../..', import.meta.url))

const pages = [
  {
    script: 'build:screen',
    built: 'agent/dist/screen/index.html',
    sources: 'agent/src/screen/page',
  },
  { script: 'build:demo', built: 'demo/dist/index.html', sources: 'demo/src/page' },
  {
    script: 'build:console',
    built: 'broker/console/dist/index.html',
    sources: 'broker/console/src',
  },
]

for (const { script, built, sources } of pages) {
  if (isFresh(join(root, built), join(root, sources))) continue
  process.stdout.write(`Building ${sources} …\n`)
  const done = spawnSync('npm', ['run', '--silent', script], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

function isFresh(built: string, sources: string): boolean {
  if (!existsSync(built)) return false
  const builtMs = statSync(built).mtimeMs
  return readdirSync(sources, { recursive: true, encoding: 'utf8' }).every(
    (name) => statSync(join(sources, name)).mtimeMs <= builtMs,
  )
}
