// npm start: a small hospital on this machine. Starts broker, EHR and workstations as programs of
// their own, prints one address, and ends them all on Ctrl-C.

import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Children } from './children.ts'
import { DemoFolder, portsFrom } from './demo-folder.ts'
import { Hospital } from './run-hospital.ts'

const usage = `npm start -- [--port N] [--folder DIR] [--reset]

  --port N      the page's port; the five after it are used as well (default 8480)
  --folder DIR  where the demo keeps its data (default .wardkey-demo)
  --reset       forget what an earlier start kept

Exit codes: 0 ended as asked, 1 could not start, 2 wrong usage.
`

const root = fileURLToPath(new URL('../..', import.meta.url))

process.exitCode = await main()

async function main(): Promise<number> {
  const asked = readArguments()
  if (asked === undefined) {
    process.stderr.write(usage)
    return 2
  }
  if (asked.isHelp) {
    process.stdout.write(usage)
    return 0
  }
  const beganMs = performance.now()
  const ports = portsFrom(asked.port)
  const folder = new DemoFolder(asked.folder, asked.isReset)
  const { promise: ended, resolve: end } = Promise.withResolvers<string | undefined>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      end(undefined)
    })
  }
  const children = new Children(end, (name, text) => {
    process.stderr.write(`${name}: ${text}`)
  })
  const hospital = new Hospital({ root, folder, ports, children })
  try {
    const url = await hospital.open()
    const seconds = ((performance.now() - beganMs) / 1000).toFixed(1)
    process.stdout.write(`\nWardkey is ready after ${seconds} s: ${url}\n\nEnd it with Ctrl-C.\n`)
  } catch (thrown) {
    process.stderr.write(
      `\n${thrown instanceof Error ? thrown.message : 'The demo did not start.'}\n`,
    )
    await hospital.close()
    return 1
  }
  const lost = await ended
  if (lost === undefined) process.stdout.write('\nClosing the hospital …\n')
  else process.stderr.write(`\nThe ${lost} ended by itself; closing the rest.\n`)
  await hospital.close()
  return lost === undefined ? 0 : 1
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '8480' },
        folder: {
          type: 'string',
          default: fileURLToPath(new URL('../../.wardkey-demo', import.meta.url)),
        },
        reset: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 1024 || port > 65_000) return undefined
    return { port, folder: values.folder, isReset: values.reset, isHelp: values.help }
  } catch (thrown) {
    if (thrown instanceof TypeError) return undefined
    throw thrown
  }
}
