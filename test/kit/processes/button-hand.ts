// A hand on the page in front: presses a button that bears certain words, wherever it is, with a
// real press of the pointer. It sees into closed shadows, as eyes do; the page hears no more of it.

import { z } from 'zod'
import type { DevToolsSession } from '@wardkey/agent/launch/devtools'

interface Node {
  readonly nodeId: number
  readonly nodeName: string
  readonly nodeValue: string
  readonly children?: readonly Node[] | undefined
  readonly shadowRoots?: readonly Node[] | undefined
}
const node: z.ZodType<Node> = z.object({
  nodeId: z.number(),
  nodeName: z.string(),
  nodeValue: z.string(),
  get children() {
    return z.array(node).optional()
  },
  get shadowRoots() {
    return z.array(node).optional()
  },
})
const whole = z.object({ root: node })
const boxed = z.object({ model: z.object({ content: z.array(z.number()).length(8) }) })

/** False where there is no such button, or it is not to be seen. */
export async function pressIn(session: DevToolsSession, label: string): Promise<boolean> {
  const { root } = whole.parse(await session.send('DOM.getDocument', { depth: -1, pierce: true }))
  const button = findButton(root, label)
  if (!button) return false
  const { nodeId } = button
  const { model } = boxed.parse(await session.send('DOM.getBoxModel', { nodeId }))
  const middle = (first: 0 | 1): number =>
    model.content.filter((_, at) => at % 2 === first).reduce((sum, part) => sum + part / 4, 0)
  const at = { x: middle(0), y: middle(1), button: 'left', clickCount: 1 }
  await session.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...at })
  await session.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...at })
  return true
}

function findButton(of: Node, label: string): Node | undefined {
  if (of.nodeName === 'BUTTON' && textOf(of).trim() === label) return of
  for (const one of within(of)) {
    const found = findButton(one, label)
    if (found) return found
  }
  return undefined
}

function textOf(of: Node): string {
  return of.nodeName === '#text' ? of.nodeValue : within(of).map(textOf).join('')
}

function within({ children = [], shadowRoots = [] }: Node): readonly Node[] {
  return [...shadowRoots, ...children]
}
