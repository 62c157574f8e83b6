// A lock that is free once its holder has gone, however it went: a name of the kernel's own, where
// Windows has a file that it opens for one process alone. For tests on Linux.

import { once } from 'node:events'
import { createServer } from 'node:net'
import type { HeldLock } from '@wardkey/agent/updates/host/lone-lock'

export async function takeSocketLock(name: string): Promise<HeldLock | 'held'> {
  const server = createServer()
  try {
    const listening = once(server, 'listening')
    server.listen(`\0wardkey-${name}`)
    await listening
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE') return 'held'
    throw thrown
  }
  server.unref()
  return {
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}
