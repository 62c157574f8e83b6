// Of the rows that are seen none is left out, and those far away are.

import { expect, it } from 'vitest'
import { drawnAt, isDrawn } from './drawn-rows.ts'

it.each([0, 1, 239, 240, 777, 5000])('draws all that is seen at %i, and more', (scrolled) => {
  for (let top = scrolled - 20; top <= scrolled + 480; top += 5) {
    expect(isDrawn(top, 20, drawnAt(scrolled, 480)), String(top)).toBe(true)
  }
})

it('leaves out what is far above and far below', () => {
  const drawn = drawnAt(5000, 480)
  expect(isDrawn(4000, 20, drawn)).toBe(false)
  expect(isDrawn(6500, 20, drawn)).toBe(false)
})

it('is drawn anew after some way, and not at each step', () => {
  expect(drawnAt(241, 400)).toEqual(drawnAt(300, 400))
  expect(drawnAt(241, 400)).not.toEqual(drawnAt(700, 400))
})
