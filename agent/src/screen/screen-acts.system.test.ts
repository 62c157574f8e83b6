// What a person's hands say to the lock screen, in a real browser: each key and button does what it
// names, once, and nothing that was not meant is said.

import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Scene, ScreenInput, Surroundings } from '../machine/screen-view.ts'
import type { ScreenPort } from './screen-port.ts'
import { openScreen } from './screen-server.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const tapId = '018f3c1e-0000-7000-8000-000000000001'
const around: Surroundings = {
  place: '4 West, station 2',
  reader: 'ready',
  link: 'up',
  browser: 'ready',
  serviceDesk: '4455',
  publicView: false,
  isAlone: false,
  hasEmergency: true,
}
const locked = { kind: 'locked', maySayWrong: false, hasErrands: false } as const
const tapOut = { kind: 'leaving', because: 'tap-out', name: 'R. Santos', leftMs: 3000 } as const
const handingOver = { kind: 'handing-over', name: 'R. Santos', leftMs: 10_000 } as const
const identifying = { kind: 'identifying', leftMs: 45_000 } as const
const errand = {
  ...({ kind: 'errand', errand: 'enrol', tapId, isAsking: false, isSecond: false } as const),
  ...{ again: false, digitsMin: 8, digitsMax: 12, leftMs: 60_000 },
}
const choosing: Scene = {
  kind: 'choosing-reason',
  reasons: [
    { code: 'resuscitation', label: 'A patient needs help this minute', asksNote: false },
    { code: 'other', label: 'Something else', asksNote: true },
  ],
  leftMs: 60_000,
}

describe.runIf(chromiumPath !== undefined)('on the lock screen', () => {
  let browser: Browser
  let screen: ScreenPort
  let page: Page
  const inputs: ScreenInput[] = []
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
    })
    const folder = new URL('../../dist/screen', import.meta.url).pathname
    screen = await openScreen({ folder, port: 0, language: '', log: quiet })
    screen.onInput((input) => inputs.push(input))
    page = await browser.newPage()
    page.setDefaultTimeout(4000)
    await page.goto(`${screen.url}&language=en`)
  }, 30_000)
  afterAll(async () => {
    await browser.close()
    await screen.close()
  })
  beforeEach(async () => {
    // Another scene in between, so that each begins with nothing chosen and nothing typed.
    await show({ kind: 'opening', name: 'R. Santos', stage: 'sign-in-sent' })
    inputs.length = 0
  })

  async function show(scene: Scene, but: Partial<Surroundings> = {}): Promise<void> {
    screen.show({ scene, surroundings: { ...around, ...but } })
    await page.waitForSelector(`[data-scene="${scene.kind}"]`)
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)))')
  }
  const press = (name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).click()
  const said = (expected: readonly unknown[]) => expect.poll(() => inputs).toEqual(expected)
  /** Whatever was said has arrived by the time that a later act has. */
  async function saidNothing(): Promise<void> {
    await show(locked)
    await page.getByTestId('emergency').click()
    await said([{ kind: 'emergency-asked' }])
  }

  it('one key says that a lock was wrong, and so does its button', async () => {
    await show({ ...locked, maySayWrong: true, hasErrands: false })
    await page.keyboard.press('F2')
    await page.getByTestId('regret').click()
    await said([{ kind: 'lock-was-wrong' }, { kind: 'lock-was-wrong' }])
  })

  it('refuses/that key where there was no such lock, and the letters of somebody who types on', async () => {
    await show(locked)
    await page.keyboard.press('F2')
    await show({ ...locked, maySayWrong: true, hasErrands: false })
    await page.keyboard.type('w2 the wound')
    await page.keyboard.press('Enter')
    await saidNothing()
  })

  it('any key keeps a screen that fades, and none takes back what a badge signed out of', async () => {
    await show(tapOut)
    await page.keyboard.press('a')
    await page.mouse.click(300, 300)
    await saidNothing()
    inputs.length = 0
    await show({ ...tapOut, because: 'idle' })
    await page.keyboard.press('a')
    await said([{ kind: 'stayed' }])
  })

  it('a fading screen counts down, however often it is told how much is left', async () => {
    const began = performance.now()
    while (performance.now() - began < 1500) {
      screen.show({
        scene: { ...tapOut, leftMs: 3000 - (performance.now() - began) },
        surroundings: around,
      })
      await page.waitForTimeout(100)
    }
    const shares = await page.getAttribute('.ring-left', 'stroke-dasharray')
    const [drawn = 0, whole = 1] = (shares ?? '').split(' ').map(Number)
    expect(drawn / whole).toBeLessThan(0.7)
    expect(await page.textContent('.ring')).toBe('2')
  })

  it('says nobody’s name in public view, and names her elsewhere', async () => {
    await show({ kind: 'leaving', because: 'tap-out', leftMs: 3000 }, { publicView: true })
    expect(await page.textContent('body')).not.toContain('Santos')
    await show(handingOver, { publicView: true })
    expect(await page.textContent('body')).not.toContain('Santos')
    await show(handingOver)
    expect(await page.textContent('body')).toContain('R. Santos is still signed in')
  })

  it('whoever works here keeps the screen or lets it go', async () => {
    await show(handingOver)
    await press('Keep working')
    await press('Let go')
    await said([{ kind: 'kept' }, { kind: 'let-go' }])
  })

  it('refuses/an answer by a key that was meant for the chart', async () => {
    await show(handingOver)
    await page.keyboard.type('as needed ')
    await page.keyboard.press('Enter')
    await saidNothing()
  })

  it('a reason goes with how long it took and where it stood', async () => {
    await show(choosing)
    expect(await page.locator('.reasons [aria-pressed=true], .reasons :focus').count()).toBe(0)
    await page.waitForTimeout(300)
    await press('A patient needs help this minute')
    await expect.poll(() => inputs.length).toBe(1)
    const [input] = inputs
    expect(input).toMatchObject({
      kind: 'reason-chosen',
      choice: { reason: 'resuscitation', position: 0, of: 2 },
    })
    const tookMs = input?.kind === 'reason-chosen' ? input.choice.tookMs : 0
    expect(tookMs).toBeGreaterThanOrEqual(280)
    expect(tookMs).toBeLessThan(4000)
    expect(JSON.stringify(input)).not.toContain('note')
  })

  it('refuses/a reason that nobody chose: by no key of a fresh list', async () => {
    await show(choosing)
    const marks = '[aria-pressed=true], [aria-checked=true], [aria-selected=true], :checked'
    expect(await page.locator(marks).count()).toBe(0)
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true)
    const looks = await page.evaluate<string[]>(
      `Array.from(document.querySelectorAll('.reason'), (each) => {
        const { color, backgroundColor, border, outline, fontWeight } = getComputedStyle(each)
        return [color, backgroundColor, border, outline, fontWeight].join()
      })`,
    )
    expect(looks.length).toBe(2)
    expect(new Set(looks).size).toBe(1)
    for (const key of ['Enter', ' ', '1', 'ArrowDown', 'Enter', 'Home', 'Space', 'NumpadEnter']) {
      await page.keyboard.press(key)
    }
    await page.keyboard.type('as needed ')
    expect(await page.locator('#note').count()).toBe(0)
    expect(inputs).toEqual([])
    await saidNothing()
  })

  it('a reason is chosen by key only where a person has gone to it', async () => {
    await show(choosing)
    await page.keyboard.press('Tab')
    const reached = '.reason:focus'
    expect(await page.locator(reached).textContent()).toBe('A patient needs help this minute')
    expect(inputs).toEqual([])
    await page.keyboard.press('Enter')
    await expect.poll(() => inputs).toMatchObject([{ choice: { reason: 'resuscitation' } }])
  })

  it('a reason that asks for a note waits for it, and takes it by key and finger', async () => {
    await show(choosing)
    await press('Something else')
    await page.keyboard.press('Enter')
    await page.keyboard.type('  fall in')
    await press('Space')
    await press('W')
    await press('Continue')
    await expect.poll(() => inputs.length).toBe(1)
    expect(inputs[0]).toMatchObject({ choice: { reason: 'other', position: 1, note: 'fall in W' } })
  })

  it('a note takes the first letter of whoever types as soon as it is there', async () => {
    await page.evaluate(`new MutationObserver((_, observer) => {
      if (!document.querySelector('#note')) return
      observer.disconnect()
      document.execCommand('insertText', false, 'f')
    }).observe(document.body, { childList: true, subtree: true })`)
    await show(choosing)
    await press('Something else')
    await expect.poll(() => page.inputValue('#note')).toBe('f')
  })

  it('refuses/a note of nothing but blanks, and letters that nobody can see', async () => {
    await show(choosing)
    await press('Something else')
    await page.keyboard.type('   ')
    expect(await page.getByRole('button', { name: 'Continue' }).isDisabled()).toBe(true)
    await page.fill('#note', 'left\u202eright')
    await press('Continue')
    await expect.poll(() => inputs).toMatchObject([{ choice: { note: 'left right' } }])
  })

  it('goes back step by step', async () => {
    await show(choosing)
    await press('Something else')
    await page.keyboard.press('Escape')
    await page.getByText('Why do you need access now?').waitFor()
    await page.keyboard.press('Escape')
    await said([{ kind: 'emergency-cancelled' }])
  })

  it('takes a staff number by key and by finger, and none that is too short', async () => {
    await show(identifying)
    await page.keyboard.type('4!7')
    await page.keyboard.press('Enter')
    expect(await page.textContent('[data-testid=staff-number]')).toBe('47')
    await press('C')
    await press('C')
    await press('Erase')
    await page.keyboard.press('Enter')
    await said([{ kind: 'staff-number-entered', staffNumber: '47C' }])
  })

  it('a pad takes the first digit of whoever types as soon as it is there', async () => {
    await page.evaluate(`new MutationObserver((_, observer) => {
      if (!document.querySelector('[data-testid=staff-number]')) return
      observer.disconnect()
      dispatchEvent(new KeyboardEvent('keydown', { key: '4' }))
    }).observe(document.body, { childList: true, subtree: true })`)
    await show(identifying)
    expect(await page.textContent('[data-testid=staff-number]')).toBe('4')
    await page.keyboard.press('Escape')
  })

  it('a witness is asked for by what the broker calls her, and the question can be given up', async () => {
    const scene = {
      kind: 'witnessing',
      tapId,
      again: false,
      isAsking: false,
      leftMs: 9000,
    } as const
    await show({ ...scene, name: 'R. Santos' })
    expect(await page.textContent('main')).toContain('Their badge says that you are R. Santos')
    await show({ ...scene, again: true })
    expect(await page.textContent('main')).toContain('cannot speak for you')
    await page.keyboard.press('Escape')
    await said([{ kind: 'cancelled', tapId }])
  })

  it('help for badge and PIN is asked for, chosen from, and left', async () => {
    await show(locked)
    expect(await page.getByTestId('errands').count()).toBe(0)
    await show({ ...locked, hasErrands: true })
    await page.getByTestId('errands').click()
    await show({ kind: 'choosing-errand', errands: ['change-pin', 'lost'], leftMs: 30_000 })
    await press('I lost my badge')
    await page.keyboard.press('Escape')
    await said([
      { kind: 'errands-asked' },
      { kind: 'errand-chosen', errand: 'lost' },
      { kind: 'errand-cancelled' },
    ])
  })

  it('an unknown badge can be called one’s own, and nothing else is', async () => {
    const refused = { kind: 'refused', code: 'badge-unknown', errands: [] } as const
    await show(refused)
    expect(await page.getByTestId('errand-enrol').count()).toBe(0)
    await show({ ...refused, errands: ['enrol'], quote: 'K7P-2XM' })
    await press('This is my badge')
    await said([{ kind: 'errand-chosen', errand: 'enrol' }])
  })

  it('a name is large, and counts only by its own button', async () => {
    await show({ ...errand, step: 'confirm', name: 'Rosa Santos' })
    expect(await page.textContent('h1')).toBe('Are you Rosa Santos?')
    await page.keyboard.press('Enter')
    await page.keyboard.press('y')
    await page.getByTestId('confirm').click()
    await said([{ kind: 'errand-answered', tapId, answer: { by: 'yes' } }])
  })

  it('a name that a colleague speaks for has no button but no, and no key says yes', async () => {
    await show({ ...errand, step: 'confirm', byBadge: 'witness', name: 'Rosa Santos' })
    expect(await page.textContent('h1')).toBe('Is this Rosa Santos?')
    expect(await page.textContent('main')).toContain('tap your badge again')
    expect(await page.getByTestId('confirm').count()).toBe(0)
    await page.keyboard.press('Enter')
    await page.keyboard.press('y')
    await press('No, somebody else')
    await said([{ kind: 'errand-cancelled' }])
  })

  it('a name that her account said is confirmed by the badge that is to be hers alone', async () => {
    await show({ ...errand, step: 'confirm', byBadge: 'own', name: 'Rosa Santos' })
    expect(await page.textContent('h1')).toBe('Are you Rosa Santos?')
    expect(await page.textContent('main')).toContain('tap the badge once more')
    expect(await page.getByTestId('confirm').count()).toBe(0)
    await page.keyboard.press('Enter')
    await page.keyboard.press('y')
    await press('Not me')
    await said([{ kind: 'errand-cancelled' }])
  })

  it('a colleague is told that she speaks for somebody else, at her badge and at her PIN', async () => {
    for (const step of ['witness-badge', 'witness-pin'] as const) {
      await show({ ...errand, errand: 'new-pin', step, name: 'C. Lindqvist' })
      const told = await page.textContent('main')
      expect(told).toContain('you say who somebody else is, for “I need a new PIN”')
    }
    await show({ ...errand, errand: 'new-pin', step: 'pin' })
    expect(await page.textContent('main')).not.toContain('you say who somebody else is')
  })

  it('a hospital account is offered where it can be used, and its page is left by Escape', async () => {
    await show({ ...errand, step: 'witness-badge' })
    expect(await page.getByTestId('sign-in').count()).toBe(0)
    await show({ ...errand, step: 'witness-badge', offersAccount: true })
    await page.keyboard.press('Enter')
    await page.getByTestId('sign-in').click()
    const unreachable = { again: true, flaw: 'account-unreachable' } as const
    await show({ ...errand, ...unreachable, step: 'witness-badge', offersAccount: true })
    expect(await page.textContent('main')).toContain('cannot be reached now')
    await show({ ...errand, step: 'sign-in' })
    await page.keyboard.press('Escape')
    await said([
      { kind: 'errand-answered', tapId, answer: { by: 'sign-in' } },
      { kind: 'errand-answered', tapId, answer: { by: 'sign-in-ended' } },
    ])
  })

  it('a new PIN leaves the page once, and only where it was typed the same twice', async () => {
    await show({ ...errand, errand: 'change-pin', step: 'new-pin' })
    const type = async (pin: string): Promise<void> => {
      await page.keyboard.type(pin)
      await page.keyboard.press('Enter')
    }
    // What will not do is refused before anybody types it twice, as often as it is tried.
    for (const easy of ['12345678', '12345678', '19871224']) {
      await type(easy)
      await expect.poll(() => page.textContent('main')).toContain('easy to guess')
      expect(await page.textContent('h1')).not.toBe('Type it once more')
      expect(await page.getAttribute('[data-testid=dots]', 'data-typed')).toBe('0')
    }
    await type('95173826')
    await expect.poll(() => page.textContent('h1')).toBe('Type it once more')
    expect(await page.getAttribute('[data-testid=dots]', 'data-typed')).toBe('0')
    await type('95173827')
    await expect.poll(() => page.textContent('main')).toContain('not the same')
    expect(inputs).toEqual([])
    await type('95173826')
    await expect.poll(() => page.textContent('h1')).toBe('Type it once more')
    await type('95173826')
    await said([{ kind: 'errand-answered', tapId, answer: { by: 'new-pin', pin: '95173826' } }])
    expect(await page.content()).not.toContain('95173826')
  })

  it('without the network it still asks for the badge, large, and says what does not work', async () => {
    const linkDownSinceMs = new Date(2026, 2, 3, 14, 2).getTime()
    await show(locked, { link: 'down', linkDownSinceMs, isAlone: true })
    expect(await page.textContent('h1')).toBe('Tap your badge')
    const status = await page.textContent('[data-testid=status]')
    expect(status).toMatch(/Working without the network since (14:02|02:02\sPM)/)
    expect(status).toContain('Signatures do not')
    await show(locked, { link: 'down', linkDownSinceMs })
    expect(await page.textContent('h1')).toContain('No connection since')
  })
})
