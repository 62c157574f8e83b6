// A pool whose server may end at any moment without ending us: whoever asked hears it from his own
// question.

import type pg from 'pg'

/**
 * A connection that breaks says so as an event too, and an event of an error that nobody listens
 * to ends the process. The pool listens while a connection is idle; while it answers nobody does.
 */
export function outliveServer(pool: pg.Pool): void {
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
  })
}
