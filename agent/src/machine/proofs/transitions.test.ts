// Every phase with every event, as a picture to be read in review: transitions.txt. A change of it
// is a change of what the workstation does.

import { expect, it } from 'vitest'
import { allTransitions } from './all-transitions.ts'

it('each phase does with each event what the picture says', async () => {
  let last = ''
  const lines = allTransitions().flatMap(({ phase, event, to, effects }) => {
    const head = phase === last ? [] : ['', `# ${phase}`]
    last = phase
    return [...head, event.padEnd(34) + (to === undefined ? '·' : [to, ...effects].join(' | '))]
  })
  await expect(lines.join('\n').trimStart() + '\n').toMatchFileSnapshot('transitions.txt')
})
