import { expect, it } from 'vitest'
import { nobodyText } from './alert-words.ts'

it('takes unknown cards for no machine', () => {
  expect(nobodyText('people')).toBe('nobody whom a badge names')
  expect(nobodyText('technical')).toBe('machines, nobody')
})
